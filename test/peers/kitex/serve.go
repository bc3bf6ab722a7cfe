package main

import (
	"encoding/json"
	"flag"
	"net"
	"os"
	"time"

	"github.com/cloudwego/kitex/pkg/klog"
	"github.com/cloudwego/kitex/pkg/remote/trans/ttstream"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
	"github.com/cloudwego/kitex/pkg/transmeta"
	"github.com/cloudwego/kitex/server"

	"kite.test/kitexpeer/handler"
	"kite.test/kitexpeer/kitex_gen/peer/peer"
	"kite.test/kitexpeer/kitex_gen/peer/second"
	"kite.test/kitexpeer/kitex_gen/peerpb/pbpeer"
	"kite.test/kitexpeer/kitex_gen/peerpb/pbsecond"
	"kite.test/kitexpeer/kitex_gen/streams/streams"
)

// servers are what one process serves; each server's port is found under its name.
type servers struct {
	ports map[string]int
	done  chan error
}

// serve runs the servers in one process: `thrift` as a service with its TTHeader handler (unary, TTHeader Streaming and gRPC on one
// port), `bare` without that handler, `mux`, which answers out of order, and `pb`, which speaks Kitex Protobuf and gRPC. With a
// certificate there are `thriftTls`, `pbTls` and, with a client authority, `pbMtls` too. Their ports are one JSON line on stdout.
func serve(args []string) error {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	name := flags.String("name", "peer", "what Who answers")
	port := flags.Int("port", 0, "port of the thrift server; 0: a free one")
	pbPort := flags.Int("pbport", 0, "port of the pb server; 0: a free one")
	cert := flags.String("cert", "", "PEM certificate for the TLS ports")
	key := flags.String("key", "", "its key")
	clients := flags.String("clients", "", "PEM authority that client certificates must come from")
	_ = flags.Parse(args)
	klog.SetLevel(klog.LevelFatal)
	exitWhenOrphaned()

	s := &servers{ports: map[string]int{}, done: make(chan error, 4)}
	ended := &handler.Ends{}
	thrift := thriftServices(&handler.Peer{Name: *name}, ended)
	headers := server.WithMetaHandler(transmeta.ServerTTHeaderHandler)
	if err := s.start("thrift", *port, thrift, headers); err != nil {
		return err
	}
	if err := s.start("bare", 0, thrift); err != nil {
		return err
	}
	if err := s.start("mux", 0, thrift, headers, server.WithMuxTransport()); err != nil {
		return err
	}
	if err := s.start("pb", *pbPort, pbServices(ended), headers); err != nil {
		return err
	}
	if *cert != "" {
		if err := s.secure(*cert, *key, *clients); err != nil {
			return err
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"pid": os.Getpid(), "ports": s.ports}); err != nil {
		return err
	}
	return <-s.done
}

func thriftServices(p *handler.Peer, ended *handler.Ends) func(server.Server) error {
	return func(s server.Server) error {
		if err := peer.RegisterService(s, p, server.WithFallbackService()); err != nil {
			return err
		}
		if err := second.RegisterService(s, &handler.Second{}); err != nil {
			return err
		}
		return streams.RegisterService(s, &handler.Streams{Ended: ended})
	}
}

func pbServices(ended *handler.Ends) func(server.Server) error {
	return func(s server.Server) error {
		if err := pbpeer.RegisterService(s, &handler.PbPeer{Ended: ended}); err != nil {
			return err
		}
		return pbsecond.RegisterService(s, &handler.PbSecond{})
	}
}

func (s *servers) start(name string, port int, register func(server.Server) error, options ...server.Option) error {
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	if err != nil {
		return err
	}
	s.ports[name] = listener.Addr().(*net.TCPAddr).Port
	one := server.NewServer(append(options,
		server.WithListener(listener),
		server.WithExitWaitTime(100*time.Millisecond),
		server.WithServerBasicInfo(&rpcinfo.EndpointBasicInfo{ServiceName: "kitex.peer"}),
		server.WithEnableContextTimeout(true),
		server.WithMetaHandler(transmeta.ServerHTTP2Handler),
		// Generated NewServer functions set it; without it a server of several services panics on every unary call over gRPC.
		server.WithCompatibleMiddlewareForUnary(),
		server.WithTTHeaderStreamingOptions(server.WithTTHeaderStreamingTransportOptions(ttstream.WithServerHeaderFrameHandler(handler.KeepHeader{}))),
	)...)
	if err := register(one); err != nil {
		return err
	}
	go func() { s.done <- one.Run() }()
	return nil
}

func (s *servers) secure(cert, key, clients string) error {
	fronts := []struct{ name, target, clients string }{{"thriftTls", "thrift", ""}, {"pbTls", "pb", ""}}
	if clients != "" {
		fronts = append(fronts, struct{ name, target, clients string }{"pbMtls", "pb", clients}, struct{ name, target, clients string }{"thriftMtls", "thrift", clients})
	}
	for _, front := range fronts {
		port, err := secureFront(s.ports[front.target], cert, key, front.clients)
		if err != nil {
			return err
		}
		s.ports[front.name] = port
	}
	return nil
}
