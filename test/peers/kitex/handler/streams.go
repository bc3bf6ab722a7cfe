package handler

import (
	"context"

	"kite.test/kitexpeer/kitex_gen/streams"
)

// Streams serves streams.Streams, over TTHeader Streaming and over gRPC.
type Streams struct{ Ended *Ends }

func (s *Streams) Once(ctx context.Context, note *streams.Note) (*streams.Note, error) {
	if note.Plan != nil {
		return note, planOf(note.Plan).finish(ctx, s.Ended, "Once")
	}
	return note, nil
}

func (s *Streams) Ends(ctx context.Context) ([]string, error) { return s.Ended.all(), nil }

func (s *Streams) Collect(ctx context.Context, stream streams.Streams_CollectServer) error {
	recv := func() (string, int64, *plan, error) {
		note, err := stream.Recv(ctx)
		if err != nil {
			return "", 0, nil, err
		}
		return note.Text, note.Number, planOf(note.Plan), nil
	}
	return collect(ctx, s.Ended, stream, recv, func(count, sum int64, last string) error {
		return stream.SendAndClose(ctx, &streams.Tally{Count: count, Sum: sum, Last: last})
	})
}

func (s *Streams) List(ctx context.Context, asked *streams.Plan, stream streams.Streams_ListServer) error {
	p := planOf(asked)
	return p.stream(ctx, s.Ended, "List", stream, func(n int64, blob []byte) error {
		return stream.Send(ctx, &streams.Note{Text: p.text, Number: n, Blob: blob})
	})
}

func (s *Streams) Chat(ctx context.Context, stream streams.Streams_ChatServer) error {
	var note *streams.Note
	recv := func() (string, *plan, error) {
		var err error
		if note, err = stream.Recv(ctx); err != nil {
			return "", nil, err
		}
		return note.Text, planOf(note.Plan), nil
	}
	echo := func() error { return stream.Send(ctx, note) }
	return chat(ctx, s.Ended, stream, recv, echo, func(n int64, blob []byte) error {
		return stream.Send(ctx, &streams.Note{Text: note.Plan.Text, Number: n, Blob: blob})
	})
}

func (s *Streams) Tell(ctx context.Context, asked *streams.Plan, stream streams.Streams_TellServer) error {
	if err := planOf(asked).beside(stream); err != nil {
		return err
	}
	a := whatArrived(ctx)
	return stream.Send(ctx, &streams.Arrived{
		Transient: a.transient, Persistent: a.persistent, Header: a.header, Service: a.service, Method: a.method, Transport: a.transport, DeadlineMs: a.deadlineMs,
	})
}

func planOf(p *streams.Plan) *plan {
	if p == nil {
		return nil
	}
	return &plan{count: p.Count, everyMs: p.EveryMs, bytes: p.Bytes, end: p.End, text: p.Text, header: p.Header, trailer: p.Trailer}
}
