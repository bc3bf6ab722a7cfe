package handler

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/bytedance/gopkg/cloud/metainfo"
	"github.com/cloudwego/kitex/pkg/kerrors"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2/metadata"

	"kite.test/kitexpeer/kitex_gen/peerpb"
)

// PbPeer serves peerpb.PbPeer, over Kitex Protobuf and over gRPC.
type PbPeer struct{ Ended *Ends }

func (p *PbPeer) Echo(ctx context.Context, req *peerpb.All) (*peerpb.All, error) { return req, nil }

func (p *PbPeer) Say(ctx context.Context, req *peerpb.Note) (*peerpb.Note, error) { return req, nil }

func (p *PbPeer) Void(ctx context.Context, req *peerpb.Nothing) (*peerpb.Nothing, error) {
	return &peerpb.Nothing{}, nil
}

func (p *PbPeer) Fail(ctx context.Context, req *peerpb.Note) (*peerpb.Note, error) {
	return nil, errors.New(req.Text)
}

func (p *PbPeer) Panic(ctx context.Context, req *peerpb.Note) (*peerpb.Note, error) { panic(req.Text) }

func (p *PbPeer) Biz(ctx context.Context, req *peerpb.BizRequest) (*peerpb.Note, error) {
	if req.Status == 0 {
		return &peerpb.Note{Text: "no business error"}, nil
	}
	return nil, kerrors.NewGRPCBizStatusErrorWithExtra(req.Status, req.Message, req.Extra)
}

func (p *PbPeer) Sleep(ctx context.Context, req *peerpb.Note) (*peerpb.Note, error) {
	select {
	case <-time.After(time.Duration(req.Number) * time.Millisecond):
		return req, nil
	case <-ctx.Done():
		p.Ended.add("Sleep " + req.Text + ": " + ctx.Err().Error())
		return nil, ctx.Err()
	}
}

// Tell sends the planned header and trailer as metadata over gRPC, and both as backward values elsewhere.
func (p *PbPeer) Tell(ctx context.Context, req *peerpb.Plan) (*peerpb.Arrived, error) {
	if err := nphttp2.SetHeader(ctx, metadata.New(req.Header)); err == nil {
		if err := nphttp2.SetTrailer(ctx, metadata.New(req.Trailer)); err != nil {
			return nil, err
		}
	} else {
		for _, pairs := range []map[string]string{req.Header, req.Trailer} {
			for key, value := range pairs {
				metainfo.SendBackwardValue(ctx, key, value)
			}
		}
	}
	a := whatArrived(ctx)
	return &peerpb.Arrived{
		Transient: a.transient, Persistent: a.persistent, Header: a.header, Service: a.service, Method: a.method, Transport: a.transport, DeadlineMs: a.deadlineMs,
	}, nil
}

func (p *PbPeer) Big(ctx context.Context, req *peerpb.Note) (*peerpb.Note, error) {
	return &peerpb.Note{Blob: plan{bytes: int32(req.Number)}.blob()}, nil
}

func (p *PbPeer) Ends(ctx context.Context, req *peerpb.Nothing) (*peerpb.EndsReply, error) {
	return &peerpb.EndsReply{Ends: p.Ended.all()}, nil
}

func (p *PbPeer) Collect(ctx context.Context, stream peerpb.PbPeer_CollectServer) error {
	recv := func() (string, int64, *plan, error) {
		note, err := stream.Recv(ctx)
		if err != nil {
			return "", 0, nil, err
		}
		return note.Text, note.Number, pbPlanOf(note.Plan), nil
	}
	return collect(ctx, p.Ended, stream, recv, func(count, sum int64, last string) error {
		return stream.SendAndClose(ctx, &peerpb.Tally{Count: count, Sum: sum, Last: last})
	})
}

func (p *PbPeer) List(ctx context.Context, asked *peerpb.Plan, stream peerpb.PbPeer_ListServer) error {
	planned := pbPlanOf(asked)
	return planned.stream(ctx, p.Ended, "List", stream, func(n int64, blob []byte) error {
		return stream.Send(ctx, &peerpb.Note{Text: planned.text, Number: n, Blob: blob})
	})
}

func (p *PbPeer) Chat(ctx context.Context, stream peerpb.PbPeer_ChatServer) error {
	var note *peerpb.Note
	recv := func() (string, *plan, error) {
		var err error
		if note, err = stream.Recv(ctx); err != nil {
			return "", nil, err
		}
		return note.Text, pbPlanOf(note.Plan), nil
	}
	echo := func() error { return stream.Send(ctx, note) }
	return chat(ctx, p.Ended, stream, recv, echo, func(n int64, blob []byte) error {
		return stream.Send(ctx, &peerpb.Note{Text: note.Plan.Text, Number: n, Blob: blob})
	})
}

func pbPlanOf(p *peerpb.Plan) *plan {
	if p == nil {
		return nil
	}
	return &plan{count: p.Count, everyMs: p.EveryMs, bytes: p.Bytes, end: p.End, text: p.Text, header: p.Header, trailer: p.Trailer}
}

// PbSecond is there so that two Protobuf services share a port.
type PbSecond struct{}

func (s *PbSecond) Hello(ctx context.Context, req *peerpb.Note) (*peerpb.Note, error) {
	return &peerpb.Note{Text: "Hello, " + strings.TrimSpace(req.Text)}, nil
}
