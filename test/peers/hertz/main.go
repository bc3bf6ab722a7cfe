// A Hertz server on free loopback ports, plain and with TLS; its first line on stdout says which.

package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/cloudwego/hertz/pkg/app/server"
	"github.com/cloudwego/hertz/pkg/common/config"
	"github.com/cloudwego/hertz/pkg/common/hlog"
	"github.com/cloudwego/hertz/pkg/network/standard"
	router "kite.test/hertzpeer/biz/router"
)

func freePort() int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

func start(port int, options ...config.Option) {
	h := server.Default(append([]config.Option{server.WithHostPorts("127.0.0.1:" + strconv.Itoa(port)), server.WithExitWaitTime(0)}, options...)...)
	router.GeneratedRegister(h)
	go func() {
		if err := h.Run(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}()
	waitFor(port)
}

func waitFor(port int) {
	for {
		connection, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(port))
		if err == nil {
			connection.Close()
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func main() {
	hlog.SetOutput(io.Discard)
	ports := map[string]int{"http": freePort()}
	start(ports["http"])
	line := fmt.Sprintf(`{"ports":{"http":%d`, ports["http"])
	if len(os.Args) == 3 {
		certificate, err := tls.LoadX509KeyPair(os.Args[1], os.Args[2])
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		port := freePort()
		start(port, server.WithTLS(&tls.Config{Certificates: []tls.Certificate{certificate}}), server.WithTransport(standard.NewTransporter))
		line += fmt.Sprintf(`,"https":%d`, port)
	}
	fmt.Println(line + "}}")
	// Ends with whoever started it.
	_, _ = io.Copy(io.Discard, os.Stdin)
}
