module kite.test/thriftgo-opinion

go 1.21

require github.com/cloudwego/thriftgo v0.4.5

require (
	github.com/bytedance/gopkg v0.1.4 // indirect
	github.com/cloudwego/gopkg v0.2.0 // indirect
)
