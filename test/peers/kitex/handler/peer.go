// Package handler is what the peer answers: one method for each kind of answer that a Kitex server can give.
package handler

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/bytedance/gopkg/cloud/metainfo"
	"github.com/cloudwego/kitex/pkg/kerrors"
	"github.com/cloudwego/kitex/pkg/rpcinfo"

	"kite.test/kitexpeer/kitex_gen/common"
	"kite.test/kitexpeer/kitex_gen/peer"
)

const firedKept = 100

// Peer serves peer.Peer. Say may be replaced, so that a service with a downstream can be made of it.
type Peer struct {
	Name  string
	SayIt func(ctx context.Context, msg string) (string, error)

	mu    sync.Mutex
	fired []string
	flaky int
}

func (p *Peer) Ping(ctx context.Context) (string, error) { return "pong", nil }

func (p *Peer) Echo(ctx context.Context, req *peer.All) (*peer.All, error) { return req, nil }

func (p *Peer) Say(ctx context.Context, msg string) (string, error) {
	if p.SayIt != nil {
		return p.SayIt(ctx, msg)
	}
	return msg, nil
}

func (p *Peer) Nothing(ctx context.Context, note string) error { return nil }

func (p *Peer) Add(ctx context.Context, a int32, b int64, more []int64) (int64, error) {
	sum := int64(a) + b
	for _, n := range more {
		sum += n
	}
	return sum, nil
}

func (p *Peer) Fire(ctx context.Context, note string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fired = append(p.fired, note)
	if len(p.fired) > firedKept {
		p.fired = p.fired[len(p.fired)-firedKept:]
	}
	return nil
}

func (p *Peer) Fired(ctx context.Context) ([]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string{}, p.fired...), nil
}

func (p *Peer) Throw(ctx context.Context, code int32) (string, error) {
	switch {
	case code == 0:
		return "nothing thrown", nil
	case code < 0:
		return "", &peer.Denied{Who: "nobody", Address: &common.Address{City: "Hangzhou"}}
	}
	return "", &peer.Oops{Code: code, Why: "thrown"}
}

func (p *Peer) Fail(ctx context.Context, why string) (string, error) { return "", errors.New(why) }

func (p *Peer) Panic(ctx context.Context, why string) (string, error) { panic(why) }

func (p *Peer) Biz(ctx context.Context, status int32, message string, extra map[string]string) (string, error) {
	if status == 0 {
		return "no business error", nil
	}
	return "", kerrors.NewBizStatusErrorWithExtra(status, message, extra)
}

func (p *Peer) Sleep(ctx context.Context, ms int32) (int32, error) {
	time.Sleep(time.Duration(ms) * time.Millisecond)
	return ms, nil
}

func (p *Peer) Flaky(ctx context.Context, percent int32) (string, error) {
	p.mu.Lock()
	p.flaky += int(percent)
	fails := p.flaky >= 100
	if fails {
		p.flaky -= 100
	}
	p.mu.Unlock()
	if fails {
		return "", errors.New("flaky")
	}
	return "ok", nil
}

func (p *Peer) Meta(ctx context.Context, backward map[string]string) (*peer.Seen, error) {
	for key, value := range backward {
		if !metainfo.SendBackwardValue(ctx, key, value) {
			return nil, fmt.Errorf("backward value %q could not be sent", key)
		}
	}
	info := rpcinfo.GetRPCInfo(ctx)
	seen := &peer.Seen{
		Transient:    plain(metainfo.GetAllValues(ctx)),
		Persistent:   plain(metainfo.GetAllPersistentValues(ctx)),
		Caller:       info.From().ServiceName(),
		CallerMethod: info.From().Method(),
		Service:      info.Invocation().ServiceName(),
		Transport:    info.Config().TransportProtocol().String(),
	}
	if deadline, ok := ctx.Deadline(); ok {
		seen.DeadlineMs = time.Until(deadline).Milliseconds()
	}
	return seen, nil
}

func (p *Peer) Big(ctx context.Context, bytes int32) ([]byte, error) {
	big := make([]byte, bytes)
	for i := range big {
		big[i] = byte(i)
	}
	return big, nil
}

func (p *Peer) Who(ctx context.Context) (string, error) { return p.Name, nil }

func (p *Peer) Die(ctx context.Context) (string, error) {
	os.Exit(3)
	return "", nil
}

// Second shares Say with Peer; its answers are told apart by their case.
type Second struct{}

func (s *Second) Say(ctx context.Context, msg string) (string, error) {
	return strings.ToUpper(msg), nil
}

func (s *Second) Hello(ctx context.Context, name string) (string, error) {
	return "Hello, " + name, nil
}

func plain(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}
