module kite.test/hertztools

go 1.24

require (
	github.com/cloudwego/hertz/cmd/hz v0.9.7
	github.com/cloudwego/thriftgo v0.4.5
)
