// Command peerx is the peer as a service of a real deployment: it registers itself in etcd with Kitex's own registry and
// exports OpenTelemetry spans. A module of its own, since it needs many more downloads than the plain peer.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/pkg/klog"
	"github.com/cloudwego/kitex/pkg/registry"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
	"github.com/cloudwego/kitex/pkg/transmeta"
	"github.com/cloudwego/kitex/server"
	"github.com/cloudwego/kitex/transport"
	"github.com/kitex-contrib/obs-opentelemetry/provider"
	"github.com/kitex-contrib/obs-opentelemetry/tracing"
	etcd "github.com/kitex-contrib/registry-etcd"

	"kite.test/kitexpeer/handler"
	"kite.test/kitexpeer/kitex_gen/peer/peer"
	"kite.test/kitexpeer/kitex_gen/peer/second"
)

func main() {
	service := flag.String("service", "kitex.peer", "name to register")
	name := flag.String("name", "peerx", "what Who answers")
	port := flag.Int("port", 0, "0: a free one")
	endpoints := flag.String("etcd", "", "host:port of etcd, separated by commas; empty: no registry")
	weight := flag.Int("weight", 0, "0: Kitex's default")
	tags := flag.String("tags", "", "k=v,k=v")
	otlp := flag.String("otlp", "", "host:port of an OTLP gRPC receiver; empty: no spans")
	downstream := flag.String("downstream", "", "service that Say asks, found in etcd or as host:port")
	flag.Parse()
	klog.SetLevel(klog.LevelFatal)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	if err := run(*service, *name, *port, *endpoints, *weight, *tags, *otlp, *downstream); err != nil {
		fmt.Fprintln(os.Stderr, "peerx:", err)
		os.Exit(1)
	}
}

func run(service, name string, port int, endpoints string, weight int, tags, otlp, downstream string) error {
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	if err != nil {
		return err
	}
	p := &handler.Peer{Name: name}
	options := []server.Option{
		server.WithListener(listener),
		server.WithExitWaitTime(100 * time.Millisecond),
		server.WithMetaHandler(transmeta.ServerTTHeaderHandler),
		server.WithServerBasicInfo(&rpcinfo.EndpointBasicInfo{ServiceName: service}),
	}
	if endpoints != "" {
		r, err := etcd.NewEtcdRegistry(strings.Split(endpoints, ","))
		if err != nil {
			return err
		}
		options = append(options, server.WithRegistry(r), server.WithRegistryInfo(&registry.Info{ServiceName: service, Weight: weight, Tags: pairs(tags)}))
	}
	if otlp != "" {
		spans := provider.NewOpenTelemetryProvider(
			provider.WithServiceName(service), provider.WithExportEndpoint(otlp), provider.WithInsecure(), provider.WithEnableMetrics(false))
		defer func() { _ = spans.Shutdown(context.Background()) }()
		options = append(options, server.WithSuite(tracing.NewServerSuite()))
	}
	if downstream != "" {
		next, err := downstreamClient(service, downstream, endpoints, otlp != "")
		if err != nil {
			return err
		}
		p.SayIt = func(ctx context.Context, msg string) (string, error) { return next.Say(ctx, msg) }
	}
	s := server.NewServer(options...)
	if err := peer.RegisterService(s, p, server.WithFallbackService()); err != nil {
		return err
	}
	if err := second.RegisterService(s, &handler.Second{}); err != nil {
		return err
	}
	ports := map[string]int{"thrift": listener.Addr().(*net.TCPAddr).Port}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"pid": os.Getpid(), "ports": ports}); err != nil {
		return err
	}
	return s.Run()
}

func downstreamClient(caller, downstream, endpoints string, traced bool) (peer.Client, error) {
	options := []client.Option{
		client.WithClientBasicInfo(&rpcinfo.EndpointBasicInfo{ServiceName: caller}),
		client.WithMetaHandler(transmeta.ClientTTHeaderHandler),
		client.WithTransportProtocol(transport.TTHeaderFramed),
	}
	if strings.Contains(downstream, ":") {
		options = append(options, client.WithHostPorts(downstream))
	} else {
		resolver, err := etcd.NewEtcdResolver(strings.Split(endpoints, ","))
		if err != nil {
			return nil, err
		}
		options = append(options, client.WithResolver(resolver))
	}
	if traced {
		options = append(options, client.WithSuite(tracing.NewClientSuite()))
	}
	return peer.NewClient(downstream, options...)
}

func pairs(text string) map[string]string {
	if text == "" {
		return nil
	}
	out := map[string]string{}
	for _, pair := range strings.Split(text, ",") {
		key, value, _ := strings.Cut(pair, "=")
		out[key] = value
	}
	return out
}
