package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/bytedance/gopkg/cloud/metainfo"
	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/pkg/klog"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2/metadata"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
	"github.com/cloudwego/kitex/pkg/serviceinfo"
	"github.com/cloudwego/kitex/pkg/streaming"
	"github.com/cloudwego/kitex/pkg/transmeta"
	"github.com/cloudwego/kitex/transport"

	"kite.test/kitexpeer/kitex_gen/peerpb"
	"kite.test/kitexpeer/kitex_gen/peerpb/pbpeer"
	"kite.test/kitexpeer/kitex_gen/streams"
	streamsservice "kite.test/kitexpeer/kitex_gen/streams/streams"
)

// streamOrder is one line of stdin: which stream to open and how to drive it.
type streamOrder struct {
	// Transport is `ttstream` or `grpc`.
	Transport string `json:"transport"`
	// Idl is `thrift` or `pb`.
	Idl        string            `json:"idl"`
	Method     string            `json:"method"`
	Messages   []json.RawMessage `json:"messages"`
	Transient  map[string]string `json:"transient"`
	Persistent map[string]string `json:"persistent"`
	Metadata   map[string]string `json:"metadata"`
	TimeoutMs  int               `json:"timeoutMs"`
	// PingPong receives one message after each that was sent.
	PingPong bool `json:"pingPong"`
	// CancelAfter cancels once so many messages were received; 0: never.
	CancelAfter int `json:"cancelAfter"`
}

// streamOutcome is one line of stdout.
type streamOutcome struct {
	Header   map[string]string `json:"header"`
	Trailer  map[string]string `json:"trailer"`
	Messages []any             `json:"messages"`
	// Count is of all messages that came; only the first hundred are told.
	Count int      `json:"count"`
	Error *failure `json:"error"`
}

const messagesTold = 100

// stream opens one stream for each line of stdin with Kitex's client, in order, and answers each with one line.
func stream(args []string) error {
	flags := flag.NewFlagSet("stream", flag.ExitOnError)
	addr := flags.String("addr", "", "host:port of the server")
	_ = flags.Parse(args)
	klog.SetLevel(klog.LevelFatal)

	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 64<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		var o streamOrder
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			return err
		}
		outcome, err := oneStream(*addr, &o)
		if err != nil {
			return err
		}
		if err := out.Encode(outcome); err != nil {
			return err
		}
	}
	return lines.Err()
}

func oneStream(addr string, o *streamOrder) (*streamOutcome, error) {
	info, request, reply, err := streamTypes(o.Idl, o.Method)
	if err != nil {
		return nil, err
	}
	protocol := transport.TTHeaderStreaming
	if o.Transport == "grpc" {
		protocol = transport.GRPC
	}
	kc, err := client.NewClient(info,
		client.WithHostPorts(addr),
		client.WithDestService("kitex.peer"),
		client.WithTransportProtocol(protocol),
		client.WithConnectTimeout(connectWithin),
		client.WithClientBasicInfo(&rpcinfo.EndpointBasicInfo{ServiceName: "kitex.caller"}),
		client.WithMetaHandler(transmeta.ClientHTTP2Handler),
	)
	if err != nil {
		return nil, err
	}
	ctx, cancel := contextOf(o)
	defer cancel()
	opener, ok := kc.(client.Streaming)
	if !ok {
		return nil, errors.New("this client opens no streams")
	}
	opened, err := opener.StreamX(ctx, o.Method)
	if err != nil {
		return &streamOutcome{Error: describe(err)}, nil
	}
	outcome, err := drive(ctx, cancel, opened, o, request, reply)
	// A client that nobody holds is collected, and closes its connections under its own streams.
	runtime.KeepAlive(kc)
	return outcome, err
}

func contextOf(o *streamOrder) (context.Context, context.CancelFunc) {
	ctx := context.Background()
	for key, value := range o.Transient {
		ctx = metainfo.WithValue(ctx, key, value)
	}
	for key, value := range o.Persistent {
		ctx = metainfo.WithPersistentValue(ctx, key, value)
	}
	if len(o.Metadata) > 0 {
		ctx = metadata.NewOutgoingContext(ctx, metadata.New(o.Metadata))
	}
	if o.TimeoutMs > 0 {
		return context.WithTimeout(ctx, time.Duration(o.TimeoutMs)*time.Millisecond)
	}
	return context.WithCancel(ctx)
}

// drive sends all messages, then reads to the end; with PingPong in turns.
func drive(ctx context.Context, cancel context.CancelFunc, opened streaming.ClientStream, o *streamOrder, request, reply func() any) (*streamOutcome, error) {
	outcome := &streamOutcome{Messages: []any{}}
	receive := func() error {
		message := reply()
		if err := opened.RecvMsg(ctx, message); err != nil {
			return err
		}
		outcome.Count++
		if outcome.Count <= messagesTold {
			outcome.Messages = append(outcome.Messages, message)
		}
		if outcome.Count == o.CancelAfter {
			cancel()
		}
		return nil
	}
	failed := send(ctx, opened, o, request, receive)
	if _, invalid := failed.(*json.SyntaxError); invalid {
		return nil, failed
	}
	for failed == nil {
		failed = receive()
	}
	if !errors.Is(failed, io.EOF) {
		outcome.Error = describe(failed)
	}
	outcome.Header, _ = opened.Header()
	outcome.Trailer, _ = opened.Trailer()
	return outcome, nil
}

func send(ctx context.Context, opened streaming.ClientStream, o *streamOrder, request func() any, receive func() error) error {
	for _, text := range o.Messages {
		message := request()
		if err := json.Unmarshal(text, message); err != nil {
			return err
		}
		if err := opened.SendMsg(ctx, message); err != nil {
			return err
		}
		if o.PingPong {
			if err := receive(); err != nil {
				return err
			}
		}
	}
	return opened.CloseSend(ctx)
}

// streamTypes finds the service and what is sent and received by a method of it.
func streamTypes(idl, method string) (*serviceinfo.ServiceInfo, func() any, func() any, error) {
	types := map[string][2]func() any{
		"thrift Collect": {func() any { return new(streams.Note) }, func() any { return new(streams.Tally) }},
		"thrift List":    {func() any { return new(streams.Plan) }, func() any { return new(streams.Note) }},
		"thrift Chat":    {func() any { return new(streams.Note) }, func() any { return new(streams.Note) }},
		"thrift Tell":    {func() any { return new(streams.Plan) }, func() any { return new(streams.Arrived) }},
		"pb Collect":     {func() any { return new(peerpb.Note) }, func() any { return new(peerpb.Tally) }},
		"pb List":        {func() any { return new(peerpb.Plan) }, func() any { return new(peerpb.Note) }},
		"pb Chat":        {func() any { return new(peerpb.Note) }, func() any { return new(peerpb.Note) }},
	}
	pair, ok := types[idl+" "+method]
	if !ok {
		return nil, nil, nil, fmt.Errorf("no stream %q of %q", method, idl)
	}
	if idl == "pb" {
		return pbpeer.NewServiceInfo(), pair[0], pair[1], nil
	}
	return streamsservice.NewServiceInfo(), pair[0], pair[1], nil
}
