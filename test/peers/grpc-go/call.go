package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"

	_ "kite.test/grpcpeer/gen/peer"
)

// order is one call; each line of stdin holds one.
type order struct {
	Method    string            `json:"method"`
	Messages  []json.RawMessage `json:"messages"`
	Headers   [][2]string       `json:"headers"`
	Compress  string            `json:"compress"`
	TimeoutMs int               `json:"timeoutMs"`
}

// outcome is what grpc-go's client saw.
type outcome struct {
	Messages []json.RawMessage   `json:"messages"`
	Header   map[string][]string `json:"header"`
	Trailer  map[string][]string `json:"trailer"`
	Code     int                 `json:"code"`
	Message  string              `json:"message"`
	Details  []json.RawMessage   `json:"details"`
}

// call makes calls of the Peer service by grpc-go's client, one after the other.
func call(args []string) error {
	flags := flag.NewFlagSet("call", flag.ExitOnError)
	address := flags.String("addr", "", "host:port")
	_ = flags.Parse(args)
	connection, err := grpc.NewClient(*address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		one := order{TimeoutMs: 5000}
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return err
		}
		out, err := perform(connection, one)
		if err != nil {
			return err
		}
		if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
			return err
		}
	}
	return lines.Err()
}

func perform(connection *grpc.ClientConn, one order) (*outcome, error) {
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName("kite.peer.v1.Peer." + one.Method))
	if err != nil {
		return nil, err
	}
	method := found.(protoreflect.MethodDescriptor)
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(one.TimeoutMs)*time.Millisecond)
	defer cancel()
	for _, pair := range one.Headers {
		ctx = metadata.AppendToOutgoingContext(ctx, pair[0], pair[1])
	}
	options := []grpc.CallOption{}
	if one.Compress != "" {
		options = append(options, grpc.UseCompressor(one.Compress))
	}
	out := &outcome{Messages: []json.RawMessage{}, Details: []json.RawMessage{}}
	description := &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}
	stream, err := connection.NewStream(ctx, description, "/kite.peer.v1.Peer/"+one.Method, options...)
	if err == nil {
		err = exchange(stream, method, one, out)
	}
	said := status.Convert(err)
	out.Code, out.Message = int(said.Code()), said.Message()
	for _, detail := range said.Details() {
		if message, ok := detail.(proto.Message); ok {
			text, err := protojson.Marshal(message)
			if err != nil {
				return nil, err
			}
			out.Details = append(out.Details, text)
		}
	}
	return out, nil
}

func exchange(stream grpc.ClientStream, method protoreflect.MethodDescriptor, one order, out *outcome) error {
	for _, text := range one.Messages {
		in := dynamicpb.NewMessage(method.Input())
		if err := protojson.Unmarshal(text, in); err != nil {
			return err
		}
		// The reason stands in what is received.
		if err := stream.SendMsg(in); err != nil {
			break
		}
	}
	_ = stream.CloseSend()
	for {
		reply := dynamicpb.NewMessage(method.Output())
		err := stream.RecvMsg(reply)
		if header, headerErr := stream.Header(); headerErr == nil {
			out.Header = header
		}
		if err != nil {
			out.Trailer = stream.Trailer()
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		text, err := protojson.Marshal(reply)
		if err != nil {
			return err
		}
		out.Messages = append(out.Messages, text)
	}
}
