package main

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"

	"kite.test/grpcpeer/gen/peer"
)

// What the methods do, whatever protocol asked: shared by the grpc-go and the connect-go server.

// state counts what happened to streams, over all servers of this process.
var state struct{ cancelled, counted atomic.Int64 }

func echo(in *peer.EchoRequest) *peer.EchoReply {
	return &peer.EchoReply{Text: in.Text, Number: in.Number, Data: in.Data, Labels: in.Labels, Color: in.Color, Ratios: in.Ratios, Stamp: in.Stamp}
}

// sleep says how much of the deadline was left, once ms have passed.
func sleep(ctx context.Context, ms int64) (*peer.SleepReply, error) {
	left := int64(-1)
	if deadline, ok := ctx.Deadline(); ok {
		left = time.Until(deadline).Milliseconds()
	}
	select {
	case <-time.After(time.Duration(ms) * time.Millisecond):
		return &peer.SleepReply{LeftMs: left}, nil
	case <-ctx.Done():
		state.cancelled.Add(1)
		return nil, status.FromContextError(ctx.Err()).Err()
	}
}

// details are one of each type, and one that error_details.proto does not know.
func details() []protoadapt.MessageV1 {
	unknown, _ := structpb.NewStruct(map[string]any{"a": 1})
	return []protoadapt.MessageV1{
		&errdetails.ErrorInfo{Reason: "NO_STOCK", Domain: "shop", Metadata: map[string]string{"sku": "7"}},
		&errdetails.RetryInfo{RetryDelay: durationpb.New(1500 * time.Millisecond)},
		&errdetails.DebugInfo{StackEntries: []string{"a.go:1", "b.go:2"}, Detail: "deep"},
		&errdetails.QuotaFailure{Violations: []*errdetails.QuotaFailure_Violation{{Subject: "user:1", Description: "too many"}}},
		&errdetails.PreconditionFailure{Violations: []*errdetails.PreconditionFailure_Violation{{Type: "TOS", Subject: "a", Description: "b"}}},
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "user.name", Description: "empty"}, {Field: "age", Description: "negative"}}},
		&errdetails.RequestInfo{RequestId: "r1", ServingData: "s"},
		&errdetails.ResourceInfo{ResourceType: "order", ResourceName: "7", Owner: "o", Description: "gone"},
		&errdetails.Help{Links: []*errdetails.Help_Link{{Description: "read", Url: "https://example.test/"}}},
		&errdetails.LocalizedMessage{Locale: "zh-CN", Message: "没有库存"},
		unknown,
	}
}

func failure(in *peer.FailRequest) error {
	made := status.New(codes.Code(in.Code), in.Message)
	if in.Details {
		if with, err := made.WithDetails(details()...); err == nil {
			made = with
		}
	}
	return made.Err()
}

// big is not of one repeated byte, so that compression has something to do.
func big(size int64) []byte {
	data := make([]byte, size)
	for i := range data {
		data[i] = byte(i ^ i>>8)
	}
	return data
}

// count gives messages to send until it says no.
func count(ctx context.Context, in *peer.CountRequest, send func(*peer.CountReply) error) error {
	data := big(in.Bytes)
	for index := int64(0); index < in.Count; index++ {
		if in.FailAfter > 0 && index == in.FailAfter {
			return status.Error(codes.FailedPrecondition, "enough")
		}
		if in.EveryMs > 0 {
			select {
			case <-time.After(time.Duration(in.EveryMs) * time.Millisecond):
			case <-ctx.Done():
			}
		}
		if err := ctx.Err(); err != nil {
			state.cancelled.Add(1)
			return status.FromContextError(err).Err()
		}
		if err := send(&peer.CountReply{Index: index, Data: data}); err != nil {
			state.cancelled.Add(1)
			return err
		}
		state.counted.Add(1)
	}
	return nil
}

func stateReply() *peer.StateReply {
	return &peer.StateReply{Cancelled: state.cancelled.Load(), Counted: state.counted.Load()}
}

func isEchoed(key string) bool { return strings.HasPrefix(key, "x-") }
