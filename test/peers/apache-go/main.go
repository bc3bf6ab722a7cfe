// Apache Thrift's own server and client for Go, over code that Apache's own compiler generated: `serve` prints its ports, `call` makes
// calls and prints what came.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	"apachepeer/gen/apache"

	"github.com/apache/thrift/lib/go/thrift"
)

var transports = map[string]thrift.TTransportFactory{
	"framed":   thrift.NewTFramedTransportFactoryConf(thrift.NewTTransportFactory(), nil),
	"buffered": thrift.NewTBufferedTransportFactory(8192),
}

var protocols = map[string]thrift.TProtocolFactory{
	"binary":  thrift.NewTBinaryProtocolFactoryConf(nil),
	"compact": thrift.NewTCompactProtocolFactoryConf(nil),
}

type handler struct {
	lock  sync.Mutex
	fired []string
}

func (h *handler) Echo(_ context.Context, all *apache.All) (*apache.All, error) { return all, nil }
func (h *handler) Add(_ context.Context, a, b int64) (int64, error)             { return a + b, nil }
func (h *handler) Nothing(context.Context) error                                { return nil }
func (h *handler) Fail(context.Context) (string, error)                         { return "", errors.New("plain failure") }

func (h *handler) Throw(_ context.Context, code int32) (string, error) {
	if code == 0 {
		return "nothing thrown", nil
	}
	return "", &apache.Oops{Code: code, Why: "asked for"}
}

func (h *handler) Fire(_ context.Context, msg string) error {
	h.lock.Lock()
	defer h.lock.Unlock()
	h.fired = append(h.fired, msg)
	return nil
}

func (h *handler) Fired(context.Context) ([]string, error) {
	h.lock.Lock()
	defer h.lock.Unlock()
	return append([]string{}, h.fired...), nil
}

func (h *handler) Sleep(_ context.Context, ms int32) (int32, error) {
	time.Sleep(time.Duration(ms) * time.Millisecond)
	return ms, nil
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() {
	processor := apache.NewApacheProcessor(&handler{})
	ports := map[string]int{}
	for transport, transportFactory := range transports {
		for protocol, protocolFactory := range protocols {
			socket, err := thrift.NewTServerSocket("127.0.0.1:0")
			must(err)
			must(socket.Listen())
			ports[transport+" "+protocol] = socket.Addr().(*net.TCPAddr).Port
			server := thrift.NewTSimpleServer4(processor, socket, transportFactory, protocolFactory)
			go func() { must(server.Serve()) }()
		}
	}
	must(json.NewEncoder(os.Stdout).Encode(map[string]any{"ports": ports}))
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func told(value any, err error) any {
	var oops *apache.Oops
	var failure thrift.TApplicationException
	switch {
	case err == nil:
		return map[string]any{"ok": value}
	case errors.As(err, &oops):
		return map[string]any{"error": "Oops", "code": oops.Code, "why": oops.Why}
	case errors.As(err, &failure):
		return map[string]any{"error": "TApplicationException", "type": failure.TypeId(), "message": failure.Error()}
	}
	return map[string]any{"error": err.Error()}
}

func call(address, transport, protocol string) {
	around, err := transports[transport].GetTransport(thrift.NewTSocketConf(address, nil))
	must(err)
	must(around.Open())
	defer around.Close()
	factory := protocols[protocol]
	client := apache.NewApacheClient(thrift.NewTStandardClient(factory.GetProtocol(around), factory.GetProtocol(around)))
	ctx := context.Background()
	sum, err := client.Add(ctx, 9007199254740993, 1)
	results := map[string]any{"add": told(strconv.FormatInt(sum, 10), err)}
	results["nothing"] = told(nil, client.Nothing(ctx))
	text, err := client.Throw(ctx, 7)
	results["thrown"] = told(text, err)
	text, err = client.Fail(ctx)
	results["failed"] = told(text, err)
	must(json.NewEncoder(os.Stdout).Encode(results))
}

func main() {
	if os.Args[1] == "serve" {
		serve()
	} else {
		call(os.Args[2], os.Args[3], os.Args[4])
	}
}
