package main

import (
	"context"
	"errors"
	"io"
	"sort"

	// Registered under "gzip", "snappy" (framing format) and "zstd": a reply is compressed as its request was.
	_ "github.com/mostynb/go-grpc-compression/snappy"
	_ "github.com/mostynb/go-grpc-compression/zstd"
	"google.golang.org/grpc"
	_ "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"kite.test/grpcpeer/gen/peer"
)

// grpcPeer serves by grpc-go.
type grpcPeer struct {
	peer.UnimplementedPeerServer
}

// echoed are the incoming pairs that begin with `x-`, as header and as trailer.
func echoed(ctx context.Context) (header, trailer metadata.MD) {
	in, _ := metadata.FromIncomingContext(ctx)
	header, trailer = metadata.MD{}, metadata.MD{}
	for key, values := range in {
		if isEchoed(key) {
			header[key] = values
			trailer["t-"+key] = values
		}
	}
	return header, trailer
}

func unaryEcho(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	header, trailer := echoed(ctx)
	_ = grpc.SetHeader(ctx, header)
	_ = grpc.SetTrailer(ctx, trailer)
	return handler(ctx, request)
}

func streamEcho(service any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	header, trailer := echoed(stream.Context())
	_ = stream.SetHeader(header)
	stream.SetTrailer(trailer)
	return handler(service, stream)
}

func (grpcPeer) Echo(_ context.Context, in *peer.EchoRequest) (*peer.EchoReply, error) {
	return echo(in), nil
}

func (grpcPeer) Sleep(ctx context.Context, in *peer.SleepRequest) (*peer.SleepReply, error) {
	return sleep(ctx, in.Ms)
}

func (grpcPeer) Fail(_ context.Context, in *peer.FailRequest) (*peer.EchoReply, error) {
	return &peer.EchoReply{Text: in.Message}, failure(in)
}

func (grpcPeer) Meta(ctx context.Context, _ *peer.MetaRequest) (*peer.MetaReply, error) {
	in, _ := metadata.FromIncomingContext(ctx)
	return metaReply(in), nil
}

// metaReply lists pairs by name; of one name in the order in which they came.
func metaReply(in map[string][]string) *peer.MetaReply {
	keys := []string{}
	for key := range in {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	reply := &peer.MetaReply{}
	for _, key := range keys {
		for _, value := range in[key] {
			reply.Pairs = append(reply.Pairs, &peer.Pair{Key: key, Value: []byte(value)})
		}
	}
	return reply
}

func (grpcPeer) Big(_ context.Context, in *peer.BigRequest) (*peer.BigReply, error) {
	return &peer.BigReply{Data: big(in.Bytes)}, nil
}

func (grpcPeer) Sum(stream grpc.ClientStreamingServer[peer.Number, peer.Total]) error {
	total := &peer.Total{}
	for {
		number, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return stream.SendAndClose(total)
		}
		if err != nil {
			return err
		}
		if number.Value < 0 {
			return status.Error(codes.InvalidArgument, "a number below 0")
		}
		total.Sum += number.Value
		total.Count++
	}
}

func (grpcPeer) Count(in *peer.CountRequest, stream grpc.ServerStreamingServer[peer.CountReply]) error {
	return count(stream.Context(), in, stream.Send)
}

// Chat answers each message at once; one with the text "end" ends the stream, one with "fail" breaks it off.
func (grpcPeer) Chat(stream grpc.BidiStreamingServer[peer.EchoRequest, peer.EchoReply]) error {
	for {
		in, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			state.cancelled.Add(1)
			return err
		}
		if in.Text == "end" {
			return nil
		}
		if in.Text == "fail" {
			return status.Error(codes.Aborted, "asked for")
		}
		if err := stream.Send(echo(in)); err != nil {
			return err
		}
	}
}

func (grpcPeer) State(context.Context, *peer.StateRequest) (*peer.StateReply, error) {
	return stateReply(), nil
}
