package lean

import (
	"context"
	"errors"

	"mosn.io/mosn/pkg/protocol/xprotocol"
	xwasm "mosn.io/mosn/pkg/protocol/xprotocol/wasm"
	"mosn.io/mosn/pkg/types"
	"mosn.io/pkg/buffer"
)

// encode writes a frame, of which only the id is another, without the plugin; any other one by MOSN's codec.
func (f *frame) encode() (types.IoBuffer, error) {
	switch {
	case !f.isUntouched():
		f.protocol.codec.counters.replayed(edited)
		return f.replay()
	case !f.takes(f.id):
		f.protocol.codec.counters.replayed(foreignId)
		return f.replay()
	}
	if f.data.Count(0) > 1 {
		// An earlier write of it may not have happened yet.
		copied := buffer.GetIoBuffer(len(f.raw))
		_, _ = copied.Write(f.raw)
		f.patch(copied.Bytes(), f.id)
		return copied, nil
	}
	f.patch(f.raw, f.id)
	// Given back after the write.
	f.data.Count(1)
	return f.data, nil
}

// takes is whether an id can be written into the frame as it is.
func (f *frame) takes(id uint64) bool {
	if id == f.found.id {
		return true
	}
	if f.found.request && id > f.protocol.codec.fleet.largest.Load() {
		return false
	}
	for _, place := range f.found.ids[:f.found.places] {
		if !place.holds(id) {
			return false
		}
	}
	return true
}

var errReplay = errors.New("the plugin decodes a frame as another one than before")

// replay is what MOSN's codec makes of a frame: it decodes the bytes that came, and encodes them with what has
// changed.
func (f *frame) replay() (types.IoBuffer, error) {
	ctx := buffer.NewBufferPoolContext(context.Background())
	defer buffer.PoolContext(ctx).Give()
	inner := f.protocol.XProtocol
	message, err := inner.Decode(ctx, buffer.NewIoBufferBytes(f.original()))
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
