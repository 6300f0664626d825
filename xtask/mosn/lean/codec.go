package lean

import (
	"context"
	"sync/atomic"

	"mosn.io/api"
	xwasm "mosn.io/mosn/pkg/protocol/xprotocol/wasm"
	"mosn.io/mosn/pkg/types"
	"mosn.io/pkg/buffer"
)

// codec is around one of MOSN's for a plugin.
type codec struct {
	api.XProtocolCodec
	fleet    fleet
	counters counters
	// Its plugin is looked for once.
	followed atomic.Bool
	// Frames are passed on, unless the plugin cannot be asked.
	on atomic.Bool
	// Long frames are put together as they come. An upgrade while MOSN runs hands on what is unread, and would lose
	// what is not any more.
	early atomic.Bool
}

const (
	// The shortest frames that are put together as they come.
	earlyFrom = 16 << 10
	// Which part of them has to be there first: nobody gets memory for a number alone.
	earlyPart = 16
)

func newCodec(inner api.XProtocolCodec) *codec {
	codec := &codec{XProtocolCodec: inner}
	codec.counters.protocol = string(inner.ProtocolName())
	codec.fleet.counters = &codec.counters
	return codec
}

// NewXProtocol is called for each connection.
func (c *codec) NewXProtocol(ctx context.Context) api.XProtocol {
	return &protocol{XProtocol: c.XProtocolCodec.NewXProtocol(ctx), codec: c}
}

// protocol is the codec on one connection. Only the goroutine that reads from it decodes; any encodes.
type protocol struct {
	api.XProtocol
	codec *codec
	// How many bytes have to be there before the plugin is asked about the frame at the front.
	need int
	// A frame of which some bytes have come, and are in a buffer of its own.
	part *part
}

// part is the front of a frame, with what the plugin has said of it.
type part struct {
	data  types.IoBuffer
	found answer
}

// Decode is the frame at the front of what is unread, or nil if it is not there yet.
func (p *protocol) Decode(ctx context.Context, unread types.IoBuffer) (interface{}, error) {
	if p.part != nil {
		return p.proceed(ctx, unread)
	}
	if !p.codec.on.Load() {
		return p.XProtocol.Decode(ctx, unread)
	}
	front := unread.Bytes()
	if len(front) < p.need {
		return nil, nil
	}
	var found answer
	reply := p.codec.fleet.ask(front, &found)
	if reply.status == isFrame && found.length <= len(front) {
		p.need = 0
		if found.parse(front) {
			return p.take(ctx, unread, &found)
		}
		reply = classic(headers)
	}
	if reply.need > len(front) {
		p.need = reply.need
		if reply.status == isFrame && p.codec.early.Load() && found.length > earlyFrom {
			p.begin(unread, &found)
		}
		return nil, nil
	}
	p.need = 0
	frame, err := p.XProtocol.Decode(ctx, unread)
	if frame != nil || err != nil {
		p.codec.counters.classic(reply.why)
	}
	return frame, err
}

// begin moves the front of a long frame out of what is unread, once enough of it is there.
func (p *protocol) begin(unread types.IoBuffer, found *answer) {
	front := unread.Bytes()
	if enough := found.length / earlyPart; len(front) < enough {
		p.need = enough
		return
	}
	if !found.parse(front) {
		return
	}
	p.need = 0
	p.part = &part{buffer.GetIoBuffer(found.length), *found}
	move(p.part.data, unread, len(front))
}

// proceed is the frame whose last bytes have come, or nil.
func (p *protocol) proceed(ctx context.Context, unread types.IoBuffer) (interface{}, error) {
	data, found := p.part.data, &p.part.found
	move(data, unread, min(found.length-data.Len(), unread.Len()))
	if data.Len() < found.length {
		return nil, nil
	}
	p.part = nil
	return p.made(ctx, data, found)
}

// move writes bytes that are unread into a buffer that has room for them.
func move(data types.IoBuffer, unread types.IoBuffer, bytes int) {
	_, _ = data.Write(unread.Bytes()[:bytes])
	unread.Drain(bytes)
}

// take moves a frame out of what is unread.
func (p *protocol) take(ctx context.Context, unread types.IoBuffer, found *answer) (interface{}, error) {
	data := buffer.GetIoBuffer(found.length)
	move(data, unread, found.length)
	return p.made(ctx, data, found)
}

// made is the frame with these bytes. MOSN asks each request for its timeout and its headers.
func (p *protocol) made(ctx context.Context, data types.IoBuffer, found *answer) (interface{}, error) {
	if found.later && found.request {
		if reply := p.codec.fleet.askWhole(data.Bytes(), found); reply.status != isFrame {
			p.codec.counters.classic(reply.why)
			return p.XProtocol.Decode(ctx, data)
		}
	}
	p.codec.counters.lean()
	held := heldBy(ctx)
	held.add(data)
	if found.request {
		request := &request{timeout: found.word}
		request.init(p, data, found)
		if found.isOpaque() {
			held.caller = request
		}
		return request, nil
	}
	response := &response{status: found.word}
	response.init(p, data, found)
	return response, nil
}

// Encode writes a frame with the id that MOSN has given it.
func (p *protocol) Encode(ctx context.Context, message interface{}) (types.IoBuffer, error) {
	switch message := message.(type) {
	case *request:
		return message.encode(nil)
	case *response:
		return message.encode(callerOf(ctx, message.id))
	case *xwasm.Response:
		if caller := callerOf(ctx, message.GetRequestId()); caller != nil {
			caller.recall()
		}
	}
	return p.XProtocol.Encode(ctx, message)
}

// Hijack answers a request in its upstream's place.
func (p *protocol) Hijack(ctx context.Context, frame api.XFrame, status uint32) api.XRespFrame {
	if request, ok := frame.(*request); ok {
		// The plugin gets the id with the request.
		heldBy(ctx).caller = nil
		return request.protocol.XProtocol.Hijack(ctx, request.classic(), status)
	}
	return p.XProtocol.Hijack(ctx, frame, status)
}

// Reply answers a heartbeat, which is never a frame of this package.
func (p *protocol) Reply(ctx context.Context, frame api.XFrame) api.XRespFrame {
	if request, ok := frame.(*request); ok {
		return p.XProtocol.Reply(ctx, request.classic())
	}
	return p.XProtocol.Reply(ctx, frame)
}

// classic is a request as MOSN's codec knows it, with all bytes as they came.
func (r *request) classic() *xwasm.Request {
	classic := xwasm.NewWasmRequestWithId(r.id, nil, nil)
	classic.Timeout = r.timeout
	classic.Data = buffer.NewIoBufferBytes(r.original())
	return classic
}
