package lean

import (
	"context"
	"sync"
	"unsafe"

	"mosn.io/api"
	"mosn.io/mosn/pkg/log"
	"mosn.io/mosn/pkg/protocol/xprotocol"
	xwasm "mosn.io/mosn/pkg/protocol/xprotocol/wasm"
	"mosn.io/mosn/pkg/types"
	"mosn.io/pkg/buffer"
)

// frame is one whose bytes are here. Its headers and its body are parts of them until somebody changes them.
type frame struct {
	xprotocol.Header
	protocol *protocol
	// The bytes of the frame, from MOSN's pool, and back to it with the stream and after each write.
	data types.IoBuffer
	raw  []byte
	// What came.
	found answer
	// The ids that came, in all of their places.
	came [mostIds][8]byte
	// The one that came, of ids that are no numbers.
	opaque []byte
	// Headers that are asked for later.
	late   sync.Once
	unread error
	// What shall be written.
	id   uint64
	body types.IoBuffer
	// The bytes of the body as filters first saw it.
	shown []byte
	few   [8]xprotocol.BytesKV
}

type request struct {
	frame
	timeout uint32
}

type response struct {
	frame
	status uint32
}

var (
	_ api.XFrame     = (*request)(nil)
	_ api.XRespFrame = (*response)(nil)
	_ api.HeaderMap  = (*request)(nil)
	_ api.HeaderMap  = (*response)(nil)
)

func (f *frame) init(protocol *protocol, data types.IoBuffer, found *answer) {
	f.protocol = protocol
	f.data = data
	f.raw = data.Bytes()[:found.length:found.length]
	f.found = *found
	for at, place := range found.ids[:found.places] {
		copy(f.came[at][:], f.raw[place.at:place.at+place.width])
	}
	if found.isOpaque() {
		f.opaque = append(f.opaque, found.opaque.of(f.raw)...)
	}
	f.id = found.id
	f.shown = f.raw[found.body:]
	if found.hidden {
		f.shown = f.raw[found.length:]
	}
	f.body = buffer.NewIoBufferBytes(f.shown)
	f.Kvs = f.pairs(data.Bytes())
}

// pairs are the headers, which have been checked.
func (f *frame) pairs(raw []byte) []xprotocol.BytesKV {
	pairs := f.few[:0]
	block := f.found.block(raw)
	for len(block) > 0 {
		var pair xprotocol.BytesKV
		pair.Key, block, _ = text(block)
		pair.Value, block, _ = text(block)
		pairs = append(pairs, pair)
	}
	return pairs
}

// load asks for headers that only the whole of the frame has.
func (f *frame) load() {
	if f.found.inBody {
		f.late.Do(f.loadLate)
	}
}

func (f *frame) loadLate() {
	if !f.found.later {
		return
	}
	if reply := f.protocol.codec.fleet.askWhole(f.raw, &f.found); reply.status == isFrame {
		f.Kvs = f.pairs(f.raw)
		return
	}
	// As MOSN's codec has them.
	message, err := f.inner(context.Background())
	if frame, ok := message.(api.XFrame); ok && err == nil {
		frame.GetHeader().Range(func(key, value string) bool {
			f.Kvs = append(f.Kvs, xprotocol.BytesKV{Key: []byte(key), Value: []byte(value)})
			return true
		})
		return
	}
	if err == nil {
		err = errReplay
	}
	f.unread = err
	log.DefaultLogger.Errorf("[lean] %s: the headers of a frame cannot be read: %v", f.protocol.codec.counters.protocol, err)
}

func (f *frame) Get(key string) (string, bool) {
	f.load()
	return f.Header.Get(key)
}

func (f *frame) Add(key string, value string) {
	f.load()
	f.Header.Add(key, value)
}

func (f *frame) Del(key string) {
	f.load()
	f.Header.Del(key)
}

func (f *frame) ByteSize() uint64 {
	f.load()
	return f.Header.ByteSize()
}

func (f *frame) GetRequestId() uint64 { return f.id }

func (f *frame) SetRequestId(id uint64) { f.id = id }

// IsHeartbeatFrame is false: heartbeats are decoded by MOSN's codec.
func (f *frame) IsHeartbeatFrame() bool { return false }

func (f *frame) GetData() types.IoBuffer { return f.body }

func (f *frame) SetData(data types.IoBuffer) { f.body = data }

// Set makes no change of a value that is there already. Values are never written over: they are in the frame.
func (f *frame) Set(key string, value string) {
	f.load()
	for at := range f.Kvs {
		pair := &f.Kvs[at]
		if key == string(pair.Key) {
			if value != string(pair.Value) {
				pair.Value = []byte(value)
				f.Changed = true
			}
			return
		}
	}
	f.Kvs = append(f.Kvs, xprotocol.BytesKV{Key: []byte(key), Value: []byte(value)})
	f.Changed = true
}

// Range gives copies: what keeps them may outlive the frame.
func (f *frame) Range(visit func(key, value string) bool) {
	f.load()
	for at := range f.Kvs {
		if !visit(string(f.Kvs[at].Key), string(f.Kvs[at].Value)) {
			return
		}
	}
}

func (r *request) GetTimeout() int32 { return int32(r.timeout) }

func (r *request) GetStreamType() api.StreamType { return api.Request }

func (r *request) GetHeader() types.HeaderMap { return r }

// Clone is what it is of a request of MOSN's codec: headers, and no frame.
func (r *request) Clone() types.HeaderMap {
	headers := &xwasm.RequestHeader{Timeout: r.timeout}
	headers.RpcHeader = r.cloned(xwasm.RpcRequestFlag)
	return headers
}

func (r *response) GetTimeout() int32 { return 0 }

func (r *response) GetStreamType() api.StreamType { return api.Response }

func (r *response) GetStatusCode() uint32 { return r.status }

func (r *response) GetHeader() types.HeaderMap { return r }

// Clone is that of a response in the same way.
func (r *response) Clone() types.HeaderMap {
	headers := &xwasm.ResponseHeader{Status: r.status}
	headers.RpcHeader = r.cloned(xwasm.RpcResponseFlag)
	return headers
}

func (f *frame) cloned(flag byte) xwasm.RpcHeader {
	f.load()
	return xwasm.RpcHeader{Flag: flag, Id: f.id, Header: *f.Header.Clone()}
}

// original is a copy of the bytes that came.
func (f *frame) original() []byte {
	bytes := append([]byte(nil), f.raw...)
	f.patch(bytes, f.found.id, nil)
	return bytes
}

// patch writes an id, of which it is known that it fits. The one that came may have another in a second place. One that is
// no number is that of the caller in a response.
func (f *frame) patch(bytes []byte, id uint64, caller *request) {
	if f.found.inPlace {
		place := f.found.opaque.of(bytes)
		switch {
		case id == f.found.id:
			copy(place, f.opaque)
		case f.found.request:
			putMarked(place, id)
		case caller != nil:
			copy(place, caller.opaque)
		}
		return
	}
	for at, place := range f.found.ids[:f.found.places] {
		if id == f.found.id {
			copy(bytes[place.at:place.at+place.width], f.came[at][:])
		} else {
			place.put(bytes, id)
		}
	}
}

// isUntouched is whether nothing but the id is another than it came.
func (f *frame) isUntouched() bool {
	return !f.Changed && same(content(f.body), f.shown)
}

func content(of types.IoBuffer) []byte {
	if of == nil {
		return nil
	}
	return of.Bytes()
}

// same is whether two slices are the same bytes in memory.
func same(one []byte, other []byte) bool {
	return len(one) == len(other) && unsafe.SliceData(one) == unsafe.SliceData(other) || len(one)+len(other) == 0
}

// held is the frames of a stream, whose bytes go back to the pool with it.
type held struct {
	data types.IoBuffer
	// The request, if its id is no number: the response gets that id.
	caller *request
}

// callerOf is the request that a frame with this number is the response to, if its id is no number.
func callerOf(ctx context.Context, id uint64) *request {
	if caller := heldBy(ctx).caller; caller != nil && caller.found.id == id {
		return caller
	}
	return nil
}

// recall has the plugin remember the id of a request whose response is encoded by MOSN's codec.
func (r *request) recall() {
	if _, err := r.inner(context.Background()); err != nil {
		log.DefaultLogger.Errorf("[lean] %s: the id of a request cannot be kept: %v", r.protocol.codec.counters.protocol, err)
	}
}

type holder struct {
	buffer.TempBufferCtx
}

var frames holder

// giveBack returns bytes to MOSN's pool; a test spoils them first.
var giveBack = buffer.PutIoBuffer

func init() {
	buffer.RegisterBuffer(&frames)
}

func (holder) New() interface{} {
	return &held{}
}

func (holder) Reset(value interface{}) {
	held, ok := value.(*held)
	if !ok {
		return
	}
	held.caller = nil
	if held.data == nil {
		return
	}
	if err := giveBack(held.data); err != nil {
		log.DefaultLogger.Errorf("[lean] the bytes of a frame are given back twice: %v", err)
	}
	held.data = nil
}

func heldBy(ctx context.Context) *held {
	return buffer.PoolContext(ctx).Find(&frames, nil).(*held)
}

// add keeps the bytes of a stream's frame. Of a second one the collector has the first.
func (h *held) add(data types.IoBuffer) {
	h.data = data
}
