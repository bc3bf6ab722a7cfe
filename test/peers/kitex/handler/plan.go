package handler

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/bytedance/gopkg/cloud/metainfo"
	"github.com/cloudwego/kitex/pkg/kerrors"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2/metadata"
	"github.com/cloudwego/kitex/pkg/remote/trans/ttstream"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
	"github.com/cloudwego/kitex/pkg/streaming"
)

const endsKept = 100

// Ends remembers how streaming handlers were ended early: what a client cannot see of its own cancelling.
type Ends struct {
	mu   sync.Mutex
	ends []string
}

func (e *Ends) add(text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ends = append(e.ends, text)
	if len(e.ends) > endsKept {
		e.ends = e.ends[len(e.ends)-endsKept:]
	}
}

func (e *Ends) all() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]string{}, e.ends...)
}

// plan is what both languages' Plan says.
type plan struct {
	count, everyMs, bytes int32
	end, text             string
	header, trailer       map[string]string
}

// beside sets what goes beside the messages.
func (p plan) beside(stream streaming.ServerStream) error {
	if len(p.header) > 0 {
		if err := stream.SetHeader(p.header); err != nil {
			return err
		}
	}
	if len(p.trailer) > 0 {
		return stream.SetTrailer(p.trailer)
	}
	return nil
}

func (p plan) blob() []byte {
	if p.bytes == 0 {
		return nil
	}
	blob := make([]byte, p.bytes)
	for i := range blob {
		blob[i] = byte(i)
	}
	return blob
}

// stream sends the planned messages and ends as planned.
func (p plan) stream(ctx context.Context, ends *Ends, name string, stream streaming.ServerStream, send func(n int64, blob []byte) error) error {
	if err := p.beside(stream); err != nil {
		return err
	}
	blob := p.blob()
	for n := int64(0); n < int64(p.count); n++ {
		if p.everyMs > 0 {
			select {
			case <-ctx.Done():
				ends.add(fmt.Sprintf("%s %s: %v", name, p.text, ctx.Err()))
				return ctx.Err()
			case <-time.After(time.Duration(p.everyMs) * time.Millisecond):
			}
		}
		if err := send(n, blob); err != nil {
			ends.add(fmt.Sprintf("%s %s: %v", name, p.text, err))
			return err
		}
	}
	return p.finish(ctx, ends, name)
}

// finish ends a handler as planned.
func (p plan) finish(ctx context.Context, ends *Ends, name string) error {
	switch p.end {
	case "error":
		return errors.New(p.text)
	case "biz":
		return kerrors.NewBizStatusErrorWithExtra(42, p.text, map[string]string{"k": "<v>&"})
	case "panic":
		panic(p.text)
	case "wait":
		<-ctx.Done()
		ends.add(fmt.Sprintf("%s %s: %v", name, p.text, ctx.Err()))
		return ctx.Err()
	}
	return nil
}

// collect reads to the client's half-close, or to a message with a plan, which is then carried out.
func collect(ctx context.Context, ends *Ends, stream streaming.ServerStream, recv func() (text string, number int64, p *plan, err error), finish func(count, sum int64, last string) error) error {
	var count, sum int64
	var last string
	for {
		text, number, p, err := recv()
		if err == io.EOF {
			return finish(count, sum, last)
		}
		if err != nil {
			ends.add(fmt.Sprintf("Collect %s: %v", last, err))
			return err
		}
		count, sum, last = count+1, sum+number, text
		if p == nil {
			continue
		}
		if err := p.beside(stream); err != nil {
			return err
		}
		if p.end != "" {
			return p.finish(ctx, ends, "Collect")
		}
	}
}

// chat answers every message with itself, and one with a plan as that says.
func chat(ctx context.Context, ends *Ends, stream streaming.ServerStream, recv func() (text string, p *plan, err error), echo func() error, send func(n int64, blob []byte) error) error {
	last := ""
	for {
		text, p, err := recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			ends.add(fmt.Sprintf("Chat %s: %v", last, err))
			return err
		}
		last = text
		if p == nil {
			if err := echo(); err != nil {
				ends.add(fmt.Sprintf("Chat %s: %v", last, err))
				return err
			}
			continue
		}
		if err := p.stream(ctx, ends, "Chat", stream, send); err != nil || p.end != "" {
			return err
		}
	}
}

type headerKey struct{}

// KeepHeader keeps the string pairs of a TTHeader Streaming header, which Kitex hands to no handler, for Tell.
type KeepHeader struct{}

// OnReadStream is called for each stream that begins.
func (KeepHeader) OnReadStream(ctx context.Context, ints ttstream.IntHeader, pairs ttstream.StrHeader) (context.Context, error) {
	seen := map[string]string{}
	for key, value := range pairs {
		seen[key] = value
	}
	for key, value := range ints {
		seen[fmt.Sprint("int ", key)] = value
	}
	return context.WithValue(ctx, headerKey{}, seen), nil
}

// arrived is what came beside the messages, of both languages' Arrived.
type arrived struct {
	transient, persistent, header map[string]string
	service, method, transport    string
	deadlineMs                    int64
}

func whatArrived(ctx context.Context) arrived {
	info := rpcinfo.GetRPCInfo(ctx)
	a := arrived{
		transient:  plain(metainfo.GetAllValues(ctx)),
		persistent: plain(metainfo.GetAllPersistentValues(ctx)),
		header:     map[string]string{},
		service:    info.Invocation().ServiceName(),
		method:     info.Invocation().MethodName(),
		transport:  info.Config().TransportProtocol().String(),
	}
	if kept, ok := ctx.Value(headerKey{}).(map[string]string); ok {
		a.header = kept
	}
	if md, ok := metadata.FromIncomingContext(ctx); ok {
		for key, values := range md {
			a.header[key] = fmt.Sprintf("%q", values)
		}
	}
	if deadline, ok := ctx.Deadline(); ok {
		a.deadlineMs = time.Until(deadline).Milliseconds()
	}
	return a
}
