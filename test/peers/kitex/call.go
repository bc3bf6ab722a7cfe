package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/bytedance/gopkg/cloud/metainfo"
	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/pkg/kerrors"
	"github.com/cloudwego/kitex/pkg/klog"
	"github.com/cloudwego/kitex/pkg/remote"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2/status"
	"github.com/cloudwego/kitex/pkg/remote/trans/ttstream"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
	"github.com/cloudwego/kitex/pkg/serviceinfo"
	"github.com/cloudwego/kitex/pkg/transmeta"
	"github.com/cloudwego/kitex/transport"

	"kite.test/kitexpeer/kitex_gen/peer/peer"
	"kite.test/kitexpeer/kitex_gen/peer/second"
	"kite.test/kitexpeer/kitex_gen/peerpb/pbpeer"
	"kite.test/kitexpeer/kitex_gen/peerpb/pbsecond"
	"kite.test/kitexpeer/kitex_gen/streams/streams"
)

// order is one line of stdin: what to call and how.
type order struct {
	Transport   string            `json:"transport"`
	Service     string            `json:"service"`
	Method      string            `json:"method"`
	Args        json.RawMessage   `json:"args"`
	Transient   map[string]string `json:"transient"`
	Persistent  map[string]string `json:"persistent"`
	TimeoutMs   int               `json:"timeoutMs"`
	NoHandler   bool              `json:"noHandler"`
	ServiceName string            `json:"destination"`
}

// outcome is one line of stdout.
type outcome struct {
	Result   any               `json:"result"`
	Backward map[string]string `json:"backward"`
	Error    *failure          `json:"error"`
}

type failure struct {
	Kind    string            `json:"kind"`
	Code    int32             `json:"code"`
	Message string            `json:"message"`
	Extra   map[string]string `json:"extra,omitempty"`
}

// call makes one call for each line of stdin, in order, and answers each with one line.
func call(args []string) error {
	flags := flag.NewFlagSet("call", flag.ExitOnError)
	addr := flags.String("addr", "", "host:port of the server")
	_ = flags.Parse(args)
	klog.SetLevel(klog.LevelFatal)

	clients := map[string]client.Client{}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 64<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		var o order
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			return err
		}
		result, err := one(clients, *addr, &o)
		if err != nil {
			return err
		}
		if err := out.Encode(result); err != nil {
			return err
		}
	}
	return lines.Err()
}

func one(clients map[string]client.Client, addr string, o *order) (*outcome, error) {
	svc := serviceOf(o.Service)
	kc, err := clientFor(clients, addr, svc, o)
	if err != nil {
		return nil, err
	}
	method, found := svc.Methods[o.Method]
	if !found {
		method = svc.Methods[harmless[svc.ServiceName]]
	}
	in := method.NewArgs()
	if len(o.Args) > 0 && found {
		if err := json.Unmarshal(o.Args, in); err != nil {
			return nil, err
		}
	}
	var reply any
	if !method.OneWay() {
		reply = method.NewResult()
	}
	ctx := metainfo.WithBackwardValues(context.Background())
	for key, value := range o.Transient {
		ctx = metainfo.WithValue(ctx, key, value)
	}
	for key, value := range o.Persistent {
		ctx = metainfo.WithPersistentValue(ctx, key, value)
	}
	failed := kc.Call(ctx, o.Method, in, reply)
	backward := metainfo.RecvAllBackwardValues(ctx)
	if backward == nil {
		backward = map[string]string{}
	}
	return &outcome{Result: reply, Backward: backward, Error: describe(failed)}, nil
}

// connectWithin is longer than Kitex's 50 ms, which a busy machine does not keep. Over TTHeader it would be written into the header.
const connectWithin = 2 * time.Second

// harmless lends its types to a call of a method that does not exist.
var harmless = map[string]string{"Peer": "Ping", "Second": "Hello", "Streams": "Once", "PbPeer": "Void", "PbSecond": "Hello"}

func serviceOf(name string) *serviceinfo.ServiceInfo {
	switch name {
	case "Second":
		return second.NewServiceInfoForClient()
	case "Streams":
		return streams.NewServiceInfo()
	case "PbPeer":
		return pbpeer.NewServiceInfo()
	case "PbSecond":
		return pbsecond.NewServiceInfo()
	}
	return peer.NewServiceInfoForClient()
}

func clientFor(clients map[string]client.Client, addr string, svc *serviceinfo.ServiceInfo, o *order) (client.Client, error) {
	key := fmt.Sprint(svc.ServiceName, o.Transport, o.TimeoutMs, o.NoHandler)
	if kc, ok := clients[key]; ok {
		return kc, nil
	}
	options, err := transportOptions(o.Transport)
	if err != nil {
		return nil, err
	}
	destination := o.ServiceName
	if destination == "" {
		destination = "kitex.peer"
	}
	options = append(options,
		client.WithHostPorts(addr),
		client.WithDestService(destination),
		client.WithClientBasicInfo(&rpcinfo.EndpointBasicInfo{ServiceName: "kitex.caller"}),
	)
	if o.TimeoutMs > 0 {
		options = append(options, client.WithRPCTimeout(time.Duration(o.TimeoutMs)*time.Millisecond))
	}
	if !o.NoHandler {
		options = append(options, client.WithMetaHandler(transmeta.ClientTTHeaderHandler))
	}
	kc, err := client.NewClient(svc, options...)
	if err != nil {
		return nil, err
	}
	clients[key] = kc
	return kc, nil
}

// transportOptions undoes Kitex's default first where Framed is not wanted: it ORs the bits (rpcconfig SetTransportProtocol).
func transportOptions(name string) ([]client.Option, error) {
	pure := client.WithTransportProtocol(transport.PurePayload)
	switch name {
	case "buffered":
		return []client.Option{pure}, nil
	case "framed":
		return nil, nil
	case "ttheader":
		return []client.Option{pure, client.WithTransportProtocol(transport.TTHeader)}, nil
	case "ttheader-framed":
		return []client.Option{client.WithTransportProtocol(transport.TTHeaderFramed)}, nil
	case "grpc":
		return []client.Option{client.WithTransportProtocol(transport.GRPC), client.WithConnectTimeout(connectWithin), client.WithMetaHandler(transmeta.ClientHTTP2Handler)}, nil
	}
	return nil, fmt.Errorf("unknown transport %q", name)
}

func describe(err error) *failure {
	if err == nil {
		return nil
	}
	if biz, ok := kerrors.FromBizStatusError(err); ok {
		return &failure{Kind: "biz", Code: biz.BizStatusCode(), Message: biz.BizMessage(), Extra: biz.BizExtra()}
	}
	var remoteError *remote.TransError
	if errors.As(err, &remoteError) {
		return &failure{Kind: "exception", Code: remoteError.TypeID(), Message: remoteError.Error()}
	}
	var streamError *ttstream.Exception
	if errors.As(err, &streamError) {
		return &failure{Kind: "ttstream", Code: streamError.TypeId(), Message: streamError.Error()}
	}
	switch {
	case errors.Is(err, kerrors.ErrRPCTimeout):
		return &failure{Kind: "timeout", Message: err.Error()}
	case errors.Is(err, kerrors.ErrGetConnection):
		return &failure{Kind: "connection", Message: err.Error()}
	}
	if told, ok := status.FromError(err); ok {
		return &failure{Kind: "grpc", Code: int32(told.Code()), Message: told.Message()}
	}
	return &failure{Kind: "other", Message: err.Error()}
}
