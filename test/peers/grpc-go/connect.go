package main

import (
	"context"
	"errors"
	"io"
	"net/http"

	"connectrpc.com/connect"
	"github.com/klauspost/compress/zstd"
	"google.golang.org/grpc/status"

	"kite.test/grpcpeer/gen/peer"
	"kite.test/grpcpeer/gen/peer/peerconnect"
)

// connectPeer serves by connect-go: Connect, gRPC-Web and gRPC on one port.
type connectPeer struct{}

func connectHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(peerconnect.NewPeerHandler(connectPeer{}, connect.WithCompression("zstd", newZstdReader, newZstdWriter)))
	return mux
}

type zstdReader struct{ *zstd.Decoder }

func (r zstdReader) Close() error               { return nil }
func (r zstdReader) Reset(from io.Reader) error { return r.Decoder.Reset(from) }

func newZstdReader() connect.Decompressor {
	decoder, err := zstd.NewReader(nil)
	if err != nil {
		panic(err)
	}
	return zstdReader{decoder}
}

func newZstdWriter() connect.Compressor {
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return encoder
}

// asConnect turns a status of gRPC into Connect's error, details too.
func asConnect(err error) error {
	if err == nil {
		return nil
	}
	from, ok := status.FromError(err)
	if !ok {
		return err
	}
	to := connect.NewError(connect.Code(from.Code()), errors.New(from.Message()))
	for _, any := range from.Proto().Details {
		if detail, err := any.UnmarshalNew(); err == nil {
			if made, err := connect.NewErrorDetail(detail); err == nil {
				to.AddDetail(made)
			}
		}
	}
	return to
}

// echoHeaders copies what begins with `x-` to header and trailer.
func echoHeaders(in, header, trailer http.Header) {
	for key, values := range in {
		lower := http.CanonicalHeaderKey(key)
		if len(lower) > 2 && lower[:2] == "X-" {
			header[lower] = values
			trailer["T-"+lower] = values
		}
	}
}

func answer[I, O any](in *connect.Request[I], out *O, err error) (*connect.Response[O], error) {
	if err != nil {
		made := asConnect(err)
		var failed *connect.Error
		if errors.As(made, &failed) {
			echoHeaders(in.Header(), failed.Meta(), http.Header{})
		}
		return nil, made
	}
	response := connect.NewResponse(out)
	echoHeaders(in.Header(), response.Header(), response.Trailer())
	return response, nil
}

func (connectPeer) Echo(_ context.Context, in *connect.Request[peer.EchoRequest]) (*connect.Response[peer.EchoReply], error) {
	return answer(in, echo(in.Msg), nil)
}

func (connectPeer) Sleep(ctx context.Context, in *connect.Request[peer.SleepRequest]) (*connect.Response[peer.SleepReply], error) {
	out, err := sleep(ctx, in.Msg.Ms)
	return answer(in, out, err)
}

func (connectPeer) Fail(_ context.Context, in *connect.Request[peer.FailRequest]) (*connect.Response[peer.EchoReply], error) {
	return answer(in, &peer.EchoReply{Text: in.Msg.Message}, failure(in.Msg))
}

func (connectPeer) Meta(_ context.Context, in *connect.Request[peer.MetaRequest]) (*connect.Response[peer.MetaReply], error) {
	return answer(in, metaReply(in.Header()), nil)
}

func (connectPeer) Big(_ context.Context, in *connect.Request[peer.BigRequest]) (*connect.Response[peer.BigReply], error) {
	return answer(in, &peer.BigReply{Data: big(in.Msg.Bytes)}, nil)
}

func (connectPeer) Sum(_ context.Context, stream *connect.ClientStream[peer.Number]) (*connect.Response[peer.Total], error) {
	total := &peer.Total{}
	for stream.Receive() {
		total.Sum += stream.Msg().Value
		total.Count++
	}
	return connect.NewResponse(total), stream.Err()
}

func (connectPeer) Count(ctx context.Context, in *connect.Request[peer.CountRequest], stream *connect.ServerStream[peer.CountReply]) error {
	echoHeaders(in.Header(), stream.ResponseHeader(), stream.ResponseTrailer())
	return asConnect(count(ctx, in.Msg, stream.Send))
}

func (connectPeer) Chat(_ context.Context, stream *connect.BidiStream[peer.EchoRequest, peer.EchoReply]) error {
	for {
		in, err := stream.Receive()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := stream.Send(echo(in)); err != nil {
			return err
		}
	}
}

func (connectPeer) State(_ context.Context, in *connect.Request[peer.StateRequest]) (*connect.Response[peer.StateReply], error) {
	return answer(in, stateReply(), nil)
}
