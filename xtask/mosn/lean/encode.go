package lean

import (
	"context"
	"errors"

	"mosn.io/mosn/pkg/protocol/xprotocol"
	xwasm "mosn.io/mosn/pkg/protocol/xprotocol/wasm"
	"mosn.io/mosn/pkg/types"
	"mosn.io/pkg/buffer"
)

// encode writes a frame: one of which only the id is another, without the plugin; one of which more is another, or
// whose id is not a number in its place, with a front that the plugin has written; any other one by MOSN's codec.
func (f *frame) encode(caller *request) (types.IoBuffer, error) {
	untouched := f.isUntouched()
	if untouched && f.takes(f.id, caller) {
		return f.patched(caller), nil
	}
	if f.load(); f.unread != nil {
		return nil, f.unread
	}
	if written := f.rewritten(caller); written != nil {
		f.protocol.codec.counters.rewritten()
		return written, nil
	}
	if untouched {
		f.protocol.codec.counters.replayed(foreignId)
	} else {
		f.protocol.codec.counters.replayed(edited)
	}
	if caller != nil && f.isCallers() {
		caller.recall()
	}
	return f.replay()
}

// patched is the frame with another id.
func (f *frame) patched(caller *request) types.IoBuffer {
	if f.data.Count(0) > 1 {
		// An earlier write of it may not have happened yet.
		copied := buffer.GetIoBuffer(len(f.raw))
		_, _ = copied.Write(f.raw)
		f.patch(copied.Bytes(), f.id, caller)
		return copied
	}
	f.patch(f.raw, f.id, caller)
	// Given back after the write.
	f.data.Count(1)
	return f.data
}

// isForeign is whether an id is one that a plugin writes as another one.
func (f *frame) isForeign(id uint64) bool {
	return f.found.request && id > f.protocol.codec.fleet.largest.Load()
}

// isCallers is whether the id that shall be written is that of a caller, and no number.
func (f *frame) isCallers() bool {
	return f.found.isOpaque() && !f.found.request && f.id != f.found.id
}

// takes is whether an id can be written into the frame as it is.
func (f *frame) takes(id uint64, caller *request) bool {
	if id == f.found.id {
		return true
	}
	if f.isCallers() && (caller == nil || len(caller.opaque) != f.found.opaque.len) {
		return false
	}
	if f.found.places == 0 && !f.found.inPlace || f.isForeign(id) {
		return false
	}
	for _, place := range f.found.ids[:f.found.places] {
		if !place.holds(id) {
			return false
		}
	}
	return true
}

// rewritten is the frame with a front that the plugin has written; nil if it cannot.
func (f *frame) rewritten(caller *request) types.IoBuffer {
	if f.id != f.found.id && f.isForeign(f.id) || f.isCallers() && caller == nil {
		return nil
	}
	var opaque []byte
	if f.isCallers() {
		opaque = caller.opaque
	}
	body := content(f.body)
	if same(body, f.shown) {
		// One that is hidden from filters is there all the same.
		body = f.raw[f.found.body:]
	} else if f.found.inBody {
		return nil
	}
	return f.protocol.codec.fleet.rewrite(f, body, opaque)
}

var errReplay = errors.New("the plugin decodes a frame as another one than before")

// inner is the frame that MOSN's codec decodes.
func (f *frame) inner(ctx context.Context) (interface{}, error) {
	return f.protocol.XProtocol.Decode(ctx, buffer.NewIoBufferBytes(f.original()))
}

// replay is what MOSN's codec makes of a frame: it decodes the bytes that came, and encodes them with what has
// changed.
func (f *frame) replay() (types.IoBuffer, error) {
	ctx := buffer.NewBufferPoolContext(context.Background())
	defer buffer.PoolContext(ctx).Give()
	inner := f.protocol.XProtocol
	message, err := f.inner(ctx)
	if err != nil {
		return nil, err
	}
	headers := xprotocol.Header{Kvs: f.Kvs, Changed: f.Changed}
	switch message := message.(type) {
	case *xwasm.Request:
		if f.found.request {
			message.Header, message.PayLoad = headers, f.body
			message.SetRequestId(f.id)
			return inner.Encode(ctx, message)
		}
	case *xwasm.Response:
		if !f.found.request {
			message.Header, message.PayLoad = headers, f.body
			message.SetRequestId(f.id)
			return inner.Encode(ctx, message)
		}
	}
	return nil, errReplay
}
