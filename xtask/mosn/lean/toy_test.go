package lean

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"mosn.io/api"
	"mosn.io/mosn/pkg/protocol/xprotocol"
	xwasm "mosn.io/mosn/pkg/protocol/xprotocol/wasm"
	"mosn.io/mosn/pkg/types"
	"mosn.io/pkg/buffer"
	"mosn.io/proxy-wasm-go-host/proxywasm/common"
)

// A protocol for the tests: `T`, the kind, the id (4 bytes), the length of the headers (2) and of the body (4),
// then both.
const (
	toyFixed     = 12
	toyResponse  = 0
	toyRequest   = 1
	toyHeartbeat = 2
)

func toy(kind byte, id uint32, headers []xprotocol.BytesKV, body string) []byte {
	var block []byte
	for _, pair := range headers {
		for _, text := range [][]byte{pair.Key, pair.Value} {
			block = binary.BigEndian.AppendUint32(block, uint32(len(text)))
			block = append(block, text...)
		}
	}
	frame := append([]byte{'T', kind}, binary.BigEndian.AppendUint32(nil, id)...)
	frame = binary.BigEndian.AppendUint16(frame, uint16(len(block)))
	frame = binary.BigEndian.AppendUint32(frame, uint32(len(body)))
	return append(append(frame, block...), body...)
}

func pairs(texts ...string) []xprotocol.BytesKV {
	var all []xprotocol.BytesKV
	for at := 0; at < len(texts); at += 2 {
		all = append(all, xprotocol.BytesKV{Key: []byte(texts[at]), Value: []byte(texts[at+1])})
	}
	return all
}

// toyCodec is what MOSN's codec is in the host.
type toyCodec struct {
	mutex   sync.Mutex
	decoded int
	encoded int
	// The bytes of the request that was hijacked last.
	hijacked []byte
}

func (t *toyCodec) ProtocolName() api.ProtocolName             { return "toy" }
func (t *toyCodec) NewXProtocol(context.Context) api.XProtocol { return toyProtocol{t} }
func (t *toyCodec) ProtocolMatch() api.ProtocolMatch           { return nil }
func (t *toyCodec) HTTPMapping() api.HTTPMapping               { return nil }
func (t *toyCodec) counts() (decoded int, encoded int)         { return t.decoded, t.encoded }

type toyProtocol struct{ *toyCodec }

func (t toyProtocol) Name() api.ProtocolName                           { return "toy" }
func (t toyProtocol) Mapping(status uint32) uint32                     { return status }
func (t toyProtocol) PoolMode() api.PoolMode                           { return api.Multiplex }
func (t toyProtocol) EnableWorkerPool() bool                           { return true }
func (t toyProtocol) GenerateRequestID(id *uint64) uint64              { *id++; return *id }
func (t toyProtocol) Trigger(context.Context, uint64) api.XFrame       { return nil }
func (t toyProtocol) Reply(context.Context, api.XFrame) api.XRespFrame { return nil }

func (t toyProtocol) Decode(_ context.Context, data types.IoBuffer) (interface{}, error) {
	bytes := data.Bytes()
	length, ok := toyLength(bytes)
	switch {
	case len(bytes) > 0 && bytes[0] != 'T':
		return nil, errors.New("not a toy")
	case !ok || len(bytes) < length:
		return nil, nil
	}
	t.mutex.Lock()
	t.decoded++
	t.mutex.Unlock()
	frame := append([]byte(nil), bytes[:length]...)
	data.Drain(length)
	body := toyFixed + int(binary.BigEndian.Uint16(frame[6:]))
	var headers xprotocol.Header
	if err := xprotocol.DecodeHeader(frame[toyFixed:body], &headers); err != nil {
		return nil, err
	}
	id, payload := uint64(binary.BigEndian.Uint32(frame[2:])), buffer.NewIoBufferBytes(frame[body:])
	if frame[1] == toyResponse {
		response := xwasm.NewWasmResponseWithId(id, nil, nil)
		response.Header, response.PayLoad = headers, payload
		return response, nil
	}
	request := xwasm.NewWasmRequestWithId(id, nil, nil)
	request.Header, request.PayLoad = headers, payload
	if frame[1] == toyHeartbeat {
		request.Flag = xwasm.HeartBeatFlag
	}
	return request, nil
}

func (t toyProtocol) Encode(_ context.Context, message interface{}) (types.IoBuffer, error) {
	t.mutex.Lock()
	t.encoded++
	t.mutex.Unlock()
	switch message := message.(type) {
	case *xwasm.Request:
		return buffer.NewIoBufferBytes(toy(toyRequest, uint32(message.Id), message.Kvs, string(content(message.PayLoad)))), nil
	case *xwasm.Response:
		return buffer.NewIoBufferBytes(toy(toyResponse, uint32(message.Id), message.Kvs, string(content(message.PayLoad)))), nil
	default:
		return nil, fmt.Errorf("a %T", message)
	}
}

func (t toyProtocol) Hijack(_ context.Context, frame api.XFrame, status uint32) api.XRespFrame {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	request := frame.(*xwasm.Request)
	t.hijacked = append([]byte(nil), request.Data.Bytes()...)
	response := xwasm.NewWasmResponseWithId(request.Id, nil, nil)
	response.Status = status
	return response
}

func toyLength(bytes []byte) (int, bool) {
	if len(bytes) < toyFixed {
		return 0, false
	}
	headers := int(binary.BigEndian.Uint16(bytes[6:]))
	return toyFixed + headers + int(binary.BigEndian.Uint32(bytes[8:])), true
}

// toyGuest is an instance of a plugin for it.
type toyGuest struct {
	common.WasmInstance
	mutex  sync.Mutex
	memory []byte
	// Of calls into the guest.
	asked int
	// What it makes worse of its answers, in its own memory.
	spoil func(memory []byte, answer uint32)
	// The same of its offer.
	spoilOffer func(offer []byte)
	// What it returns in place of what it should, if there is something.
	word func(word uint64) (uint64, error)
	// The body is not for filters.
	hidden bool
	// The headers come after the answer.
	apart bool
	// Without the exports.
	classic bool
	largest uint64
	// It writes fronts again.
	rewrites bool
	// How often it has, or was asked to.
	rewritten int
	// What it makes worse of a front that it has written, from its size on.
	spoilFront func(front []byte)
	// What it returns in place of where that is, if there is something.
	frontWord func(word uint64) (uint64, error)
	// The id is no number in its place.
	unplaced bool
	// It is one for another protocol: what it makes of a front and of an edit.
	decodes func(front []byte) uint64
	edits   func(edit []byte) uint64
	// Where it has its room, if it has made it larger, and how often it has.
	room  int
	grown int
	// What it returns in place of that, if there is something.
	roomWord func(address int32) (int32, error)
}

const (
	toyOffer  = 64
	toyRoom   = 4096
	toyAnswer = 1024
	toyFront  = 1 << 17
	toyMemory = 1 << 18
	// A larger room is behind all that.
	toyLarge = toyMemory
)

func newToyGuest() *toyGuest {
	guest := &toyGuest{memory: make([]byte, toyMemory), largest: 1<<31 - 1, rewrites: true, room: toyRoom}
	guest.decodes, guest.edits = guest.decode, guest.rewrite
	return guest
}

type toyFunction func(args ...interface{}) (interface{}, error)

func (f toyFunction) Call(args ...interface{}) (interface{}, error) { return f(args...) }

func (g *toyGuest) Acquire() bool    { return true }
func (g *toyGuest) Lock(interface{}) { g.mutex.Lock() }
func (g *toyGuest) Unlock()          { g.mutex.Unlock() }

func (g *toyGuest) TryLock(interface{}) bool { return g.mutex.TryLock() }

func (g *toyGuest) GetMemory(address uint64, size uint64) ([]byte, error) {
	if address+size > uint64(len(g.memory)) {
		return nil, errors.New("out of bounds")
	}
	return g.memory[address : address+size], nil
}

func (g *toyGuest) GetExportsFunc(name string) (common.WasmFunction, error) {
	if g.classic {
		return nil, errors.New("no such export")
	}
	switch name {
	case offerExport:
		return toyFunction(func(...interface{}) (interface{}, error) {
			binary.LittleEndian.PutUint32(g.memory[toyOffer:], offerSize)
			binary.LittleEndian.PutUint32(g.memory[toyOffer+4:], toyRoom)
			binary.LittleEndian.PutUint32(g.memory[toyOffer+8:], mostFront)
			binary.LittleEndian.PutUint64(g.memory[toyOffer+16:], g.largest)
			g.memory[toyOffer+12] = 0
			if g.rewrites {
				g.memory[toyOffer+12] = 1
			}
			if g.spoilOffer != nil {
				g.spoilOffer(g.memory[toyOffer:])
			}
			return int32(toyOffer), nil
		}), nil
	case roomExport:
		return toyFunction(func(args ...interface{}) (interface{}, error) {
			g.grown++
			var address, err = int32(toyLarge), error(nil)
			if g.roomWord != nil {
				address, err = g.roomWord(toyLarge)
			}
			if address != 0 {
				g.room = toyLarge
				g.memory = append(g.memory[:toyLarge], make([]byte, args[0].(int32))...)
			}
			return address, err
		}), nil
	case rewriteExport:
		return toyFunction(func(args ...interface{}) (interface{}, error) {
			g.rewritten++
			word := g.edits(g.memory[g.room : g.room+int(args[1].(int32))])
			if g.spoilFront != nil {
				g.spoilFront(g.memory[toyFront:])
			}
			if g.frontWord != nil {
				changed, err := g.frontWord(word)
				return int64(changed), err
			}
			return int64(word), nil
		}), nil
	default:
		return toyFunction(func(args ...interface{}) (interface{}, error) {
			g.asked++
			word := g.decodes(g.memory[g.room : g.room+int(args[1].(int32))])
			if g.spoil != nil && word>>32 == isFrame {
				g.spoil(g.memory, uint32(word))
			}
			if g.word != nil {
				changed, err := g.word(word)
				return int64(changed), err
			}
			return int64(word), nil
		}), nil
	}
}

func (g *toyGuest) decode(front []byte) uint64 {
	if len(front) > 0 && front[0] != 'T' {
		return (isClassic | uint64(malformed)<<8) << 32
	}
	length, ok := toyLength(front)
	if !ok {
		return isMore<<32 | toyFixed
	}
	body := toyFixed + int(binary.BigEndian.Uint16(front[6:]))
	switch {
	case front[1] == toyHeartbeat:
		return (isClassic|uint64(kind)<<8)<<32 | uint64(length)
	case len(front) < body:
		return isMore<<32 | uint64(body)
	}
	answer, order := g.memory[toyAnswer:], binary.LittleEndian
	order.PutUint32(answer, answerSize+idSize)
	order.PutUint32(answer[4:], uint32(length))
	copy(answer[8:], []byte{front[1], 0, 1, blockInFrame})
	if g.hidden {
		answer[9] = 1
	}
	order.PutUint64(answer[12:], uint64(binary.BigEndian.Uint32(front[2:])))
	order.PutUint32(answer[20:], 3000)
	order.PutUint32(answer[24:], uint32(body))
	order.PutUint32(answer[28:], toyFixed)
	order.PutUint32(answer[32:], uint32(body-toyFixed))
	order.PutUint32(answer[36:], 2)
	order.PutUint32(answer[40:], 4)
	if g.unplaced {
		answer[10] = 0
	}
	if g.apart {
		answer[11] = blockInAnswer
		copy(answer[answerSize+idSize:], front[toyFixed:body])
	}
	return toyAnswer
}

// rewrite makes of an edit the front of a toy, if its id fits.
func (g *toyGuest) rewrite(edit []byte) uint64 {
	order := binary.LittleEndian
	front, body, id, block := edit[editSize:], order.Uint32(edit[4:]), order.Uint64(edit[8:]), order.Uint32(edit[16:])
	if id>>32 != 0 {
		return (isClassic | uint64(layout)<<8) << 32
	}
	headers := front[toyFixed:order.Uint32(edit)]
	if block != keptHeaders {
		headers = front[order.Uint32(edit):]
	}
	order.PutUint32(g.memory[toyFront:], frontSize)
	order.PutUint32(g.memory[toyFront+4:], uint32(toyFixed+len(headers)))
	written := g.memory[toyFront+frontSize:]
	copy(written, front[:toyFixed])
	binary.BigEndian.PutUint32(written[2:], uint32(id))
	binary.BigEndian.PutUint16(written[6:], uint16(len(headers)))
	binary.BigEndian.PutUint32(written[8:], body)
	copy(written[toyFixed:], headers)
	return toyFront
}

// toyPlugin is some instances.
type toyPlugin struct {
	types.WasmPlugin
	guests []*toyGuest
}

func (p toyPlugin) Exec(visit func(types.WasmInstance) bool) {
	for _, guest := range p.guests {
		visit(guest)
	}
}

// toyHost is a codec that passes frames on by what these instances say, and MOSN's in it.
func toyHost(guests ...*toyGuest) (*codec, *toyCodec) {
	inner := &toyCodec{}
	return toyHostOf(inner, guests...), inner
}

func toyHostOf(inner api.XProtocolCodec, guests ...*toyGuest) *codec {
	outer := newCodec(inner)
	outer.fleet.root = 1
	outer.on.Store(true)
	outer.fleet.OnPluginStart(toyPlugin{guests: guests})
	return outer
}
