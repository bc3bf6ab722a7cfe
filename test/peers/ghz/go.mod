module kite.test/ghz

go 1.24.0

require github.com/bojand/ghz v0.93.0
