package main

import (
	"encoding/json"
	"flag"
	"net"
	"os"
	"time"

	"github.com/cloudwego/kitex/pkg/klog"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
	"github.com/cloudwego/kitex/pkg/transmeta"
	"github.com/cloudwego/kitex/server"

	"kite.test/kitexpeer/handler"
	"kite.test/kitexpeer/kitex_gen/peer/peer"
	"kite.test/kitexpeer/kitex_gen/peer/second"
)

// serve runs three servers in one process: `thrift` as a service with its TTHeader handler, `bare` without it, and `mux`,
// which answers out of order. Their ports are one JSON line on stdout.
func serve(args []string) error {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	name := flags.String("name", "peer", "what Who answers")
	port := flags.Int("port", 0, "port of the thrift server; 0: a free one")
	_ = flags.Parse(args)
	klog.SetLevel(klog.LevelFatal)
	exitWhenOrphaned()

	p := &handler.Peer{Name: *name}
	ports := map[string]int{}
	done := make(chan error, 3)
	start := func(key string, port int, options ...server.Option) error {
		listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
		if err != nil {
			return err
		}
		ports[key] = listener.Addr().(*net.TCPAddr).Port
		s := server.NewServer(append(options,
			server.WithListener(listener),
			server.WithExitWaitTime(100*time.Millisecond),
			server.WithServerBasicInfo(&rpcinfo.EndpointBasicInfo{ServiceName: "kitex.peer"}),
			server.WithEnableContextTimeout(true),
		)...)
		if err := peer.RegisterService(s, p, server.WithFallbackService()); err != nil {
			return err
		}
		if err := second.RegisterService(s, &handler.Second{}); err != nil {
			return err
		}
		go func() { done <- s.Run() }()
		return nil
	}
	if err := start("thrift", *port, server.WithMetaHandler(transmeta.ServerTTHeaderHandler)); err != nil {
		return err
	}
	if err := start("bare", 0); err != nil {
		return err
	}
	if err := start("mux", 0, server.WithMetaHandler(transmeta.ServerTTHeaderHandler), server.WithMuxTransport()); err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"pid": os.Getpid(), "ports": ports}); err != nil {
		return err
	}
	return <-done
}
