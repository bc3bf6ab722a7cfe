package main

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/pkg/connpool"
	"github.com/cloudwego/kitex/pkg/klog"
	"github.com/cloudwego/kitex/pkg/transmeta"
	"github.com/cloudwego/kitex/transport"

	"kite.test/kitexpeer/kitex_gen/peer/peer"
	"kite.test/kitexpeer/kitex_gen/peerpb"
	"kite.test/kitexpeer/kitex_gen/peerpb/pbpeer"
)

// bench is Kitex's own client in a closed loop, for a figure to print beside ours.
func bench(args []string) error {
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	addr := flags.String("addr", "", "host:port of the server")
	conns := flags.Int("conns", 100, "callers, one call in flight each")
	mux := flags.Int("mux", 0, "multiplexed connections; 0: a pool of connections")
	grpc := flags.Int("grpc", 0, "gRPC over so many connections; 0: TTHeader")
	bytes := flags.Int("bytes", 100, "length of the string")
	warm := flags.Duration("warm", time.Second, "not counted")
	span := flags.Duration("time", 5*time.Second, "counted")
	_ = flags.Parse(args)
	klog.SetLevel(klog.LevelFatal)

	message := strings.Repeat("x", *bytes)
	var call func() error
	var err error
	if *grpc > 0 {
		call, err = overGRPC(*addr, *grpc, message)
	} else {
		call, err = overTTHeader(*addr, *conns, *mux, message)
	}
	if err != nil {
		return err
	}
	begin := time.Now().Add(*warm)
	end := begin.Add(*span)
	taken := make([][]float64, *conns)
	failures := make([]int, *conns)
	var group sync.WaitGroup
	for i := range taken {
		group.Add(1)
		go func() {
			defer group.Done()
			for {
				from := time.Now()
				if from.After(end) {
					return
				}
				err := call()
				switch {
				case err != nil:
					failures[i]++
				case from.After(begin):
					taken[i] = append(taken[i], float64(time.Since(from).Microseconds())/1000)
				}
			}
		}()
	}
	group.Wait()
	var all []float64
	failed := 0
	for i := range taken {
		all = append(all, taken[i]...)
		failed += failures[i]
	}
	sort.Float64s(all)
	report := map[string]any{"calls": len(all), "failed": failed, "perSecond": float64(len(all)) / span.Seconds()}
	if len(all) > 0 {
		report["p50Ms"], report["p99Ms"] = all[len(all)/2], all[len(all)*99/100]
	}
	return json.NewEncoder(os.Stdout).Encode(report)
}

func overTTHeader(addr string, conns, mux int, message string) (func() error, error) {
	options := []client.Option{
		client.WithHostPorts(addr),
		client.WithMetaHandler(transmeta.ClientTTHeaderHandler),
		client.WithTransportProtocol(transport.TTHeaderFramed),
	}
	if mux > 0 {
		options = append(options, client.WithMuxConnection(mux))
	} else {
		options = append(options, client.WithLongConnection(connpool.IdleConfig{MaxIdlePerAddress: conns, MaxIdleGlobal: conns, MaxIdleTimeout: time.Minute}))
	}
	kc, err := peer.NewClient("kitex.peer", options...)
	return func() error {
		_, err := kc.Say(context.Background(), message)
		return err
	}, err
}

func overGRPC(addr string, conns int, message string) (func() error, error) {
	kc, err := pbpeer.NewClient("kitex.peer", client.WithHostPorts(addr), client.WithTransportProtocol(transport.GRPC), client.WithGRPCConnPoolSize(uint32(conns)))
	return func() error {
		_, err := kc.Say(context.Background(), &peerpb.Note{Text: message})
		return err
	}, err
}
