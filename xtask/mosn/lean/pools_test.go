package lean

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"mosn.io/api"
	"mosn.io/mosn/pkg/protocol/xprotocol"
	"mosn.io/mosn/pkg/types"
	"mosn.io/pkg/buffer"
)

// spoiled gives bytes back to the pool when nobody holds them any more, with others in their place: who still reads
// them sees that, and the race detector too.
func spoiled(data types.IoBuffer) error {
	if data.Count(0) == 1 {
		all := data.Bytes()
		for at := range all {
			all[at] = 0xaa
		}
	}
	return buffer.PutIoBuffer(data)
}

// caller is one connection with the calls on it, one at a time as in a pool of MOSN's kind `ping-pong`: the other
// kinds decode and encode by the same functions.
type caller struct {
	*testing.T
	outer  *codec
	down   api.XProtocol
	up     api.XProtocol
	body   string
	writes sync.WaitGroup
}

// request is one that has come, in the context of its stream.
func (c *caller) request(id uint32) (context.Context, api.XFrame) {
	return c.frame(c.down, toy(toyRequest, id, c.headers(), c.body))
}

func (c *caller) response(id uint32) (context.Context, api.XFrame) {
	return c.frame(c.up, toy(toyResponse, id, c.headers(), c.body))
}

func (c *caller) frame(protocol api.XProtocol, bytes []byte) (context.Context, api.XFrame) {
	ctx, unread := stream(), buffer.NewIoBuffer(0)
	// In two pieces, so that long ones are put together.
	var decoded interface{}
	for _, piece := range [][]byte{bytes[:len(bytes)/2], bytes[len(bytes)/2:]} {
		_, _ = unread.Write(piece)
		var err error
		if decoded, err = protocol.Decode(ctx, unread); err != nil {
			c.Errorf("%v", err)
		}
	}
	return ctx, decoded.(api.XFrame)
}

func (c *caller) headers() []xprotocol.BytesKV { return pairs("service", c.body[:1]) }

// write encodes a frame, and compares it while other things happen: MOSN writes on another goroutine.
func (c *caller) write(protocol api.XProtocol, frame api.XFrame, kind byte, id uint32, headers []xprotocol.BytesKV) {
	frame.SetRequestId(uint64(id))
	encoded, err := protocol.Encode(stream(), frame)
	if err != nil {
		c.Errorf("%v", err)
		return
	}
	want := toy(kind, id, headers, c.body)
	c.writes.Go(func() {
		if !bytes.Equal(encoded.Bytes(), want) {
			c.Errorf("%q instead of %q", encoded.Bytes(), want)
		}
		_ = spoiled(encoded)
	})
}

func give(ctx context.Context) { buffer.PoolContext(ctx).Give() }

// lives are what can become of a call.
var lives = map[string]func(c *caller, id uint32){
	"answered": func(c *caller, id uint32) {
		ctx, frame := c.request(id)
		c.write(c.up, frame, toyRequest, id+1000, c.headers())
		answered, answer := c.response(id + 1000)
		c.write(c.down, answer, toyResponse, id, c.headers())
		give(answered)
		give(ctx)
	},
	"tried again before it is written": func(c *caller, id uint32) {
		ctx, frame := c.request(id)
		for try := range uint32(3) {
			c.write(c.up, frame, toyRequest, id+1000+try, c.headers())
		}
		give(ctx)
	},
	"tried again with another header": func(c *caller, id uint32) {
		ctx, frame := c.request(id)
		c.write(c.up, frame, toyRequest, id+1000, c.headers())
		frame.GetHeader().Set("zone", "a")
		headers := append(c.headers(), pairs("zone", "a")...)
		c.write(c.up, frame, toyRequest, id+1001, headers)
		give(ctx)
	},
	"reset by its client before it is written": func(c *caller, id uint32) {
		ctx, frame := c.request(id)
		kept := list(frame.GetHeader())
		c.write(c.up, frame, toyRequest, id+1000, c.headers())
		give(ctx)
		if want := "service=" + c.body[:1]; kept != want {
			c.Errorf("%q instead of %q", kept, want)
		}
	},
	"answered too late": func(c *caller, id uint32) {
		ctx, frame := c.request(id)
		c.write(c.up, frame, toyRequest, id+1000, c.headers())
		_ = c.down.Hijack(ctx, frame, 504)
		give(ctx)
		late, _ := c.response(id + 1000)
		give(late)
	},
	"cut off with its connection": func(c *caller, id uint32) {
		frame := toy(toyRequest, id, c.headers(), c.body)
		unread := buffer.NewIoBufferBytes(frame[:len(frame)-1])
		decoded, err := c.outer.NewXProtocol(context.Background()).Decode(stream(), unread)
		if decoded != nil || err != nil {
			c.Errorf("%v, %v", decoded, err)
		}
	},
}

// Bytes that have been given back are nobody's, whatever becomes of calls: for the race detector.
func TestNoBytesAreUsedAfterTheyAreGivenBack(t *testing.T) {
	before := giveBack
	giveBack = spoiled
	defer func() { giveBack = before }()
	outer, _ := toyHost(newToyGuest(), newToyGuest())
	outer.early.Store(true)
	var all sync.WaitGroup
	for number := range 6 {
		all.Go(func() {
			c := &caller{T: t, outer: outer}
			c.down, c.up = outer.NewXProtocol(context.Background()), outer.NewXProtocol(context.Background())
			for round := range uint32(60) {
				for _, live := range lives {
					// From short ones to those that are put together as they come.
					c.body = strings.Repeat(fmt.Sprint(number), 1+int(round*997)%(2*earlyFrom))
					live(c, round)
				}
				// Bodies are compared by what they are now.
				c.writes.Wait()
			}
		})
	}
	all.Wait()
}
