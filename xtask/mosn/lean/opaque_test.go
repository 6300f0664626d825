package lean

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
	"testing"

	"mosn.io/api"
	xwasm "mosn.io/mosn/pkg/protocol/xprotocol/wasm"
	"mosn.io/mosn/pkg/types"
	"mosn.io/pkg/buffer"
)

// A protocol with ids of 20 bytes that are no numbers: `U`, the kind, the id, and a body up to the end, whose length is
// before it (4).
const (
	idBytes     = 20
	opaqueFixed = 2 + idBytes + 4
)

func opaqueToy(kind byte, id string, body string) []byte {
	frame := append([]byte{'U', kind}, id...)
	frame = append(frame, make([]byte, idBytes-len(id))...)
	return append(binary.BigEndian.AppendUint32(frame, uint32(len(body))), body...)
}

// numberOf is what the plugin makes of such an id.
func numberOf(id []byte) uint64 {
	if bytes.HasPrefix(id, []byte(mark)) {
		return binary.BigEndian.Uint64(id[len(mark):])
	}
	hash := fnv.New64a()
	_, _ = hash.Write(id)
	return hash.Sum64()
}

func marked(number uint64) string {
	return mark + string(binary.BigEndian.AppendUint64(nil, number)) + "\x00\x00\x00\x00"
}

// opaqueCodec is what MOSN's codec is for it: it remembers the ids of requests that it decodes.
type opaqueCodec struct {
	toyCodec
	ids map[uint64]string
}

type opaqueProtocol struct {
	toyProtocol
	codec *opaqueCodec
}

func (o *opaqueCodec) NewXProtocol(context.Context) api.XProtocol {
	return opaqueProtocol{toyProtocol{&o.toyCodec}, o}
}

func (o opaqueProtocol) Decode(_ context.Context, data types.IoBuffer) (interface{}, error) {
	frame := append([]byte(nil), data.Bytes()...)
	if len(frame) < opaqueFixed || frame[0] != 'U' {
		return nil, errors.New("not one")
	}
	o.codec.decoded++
	data.Drain(len(frame))
	id := frame[2 : 2+idBytes]
	number, payload := numberOf(id), buffer.NewIoBufferBytes(frame[opaqueFixed:])
	if frame[1] == toyResponse {
		response := xwasm.NewWasmResponseWithId(number, nil, payload)
		return response, nil
	}
	o.codec.ids[number] = string(id)
	return xwasm.NewWasmRequestWithId(number, nil, payload), nil
}

func (o opaqueProtocol) Encode(_ context.Context, message interface{}) (types.IoBuffer, error) {
	o.codec.encoded++
	switch message := message.(type) {
	case *xwasm.Request:
		return buffer.NewIoBufferBytes(opaqueToy(toyRequest, marked(message.Id), string(content(message.PayLoad)))), nil
	case *xwasm.Response:
		id, ok := o.codec.ids[message.Id]
		if !ok {
			return nil, errors.New("the id of the caller is not known")
		}
		return buffer.NewIoBufferBytes(opaqueToy(toyResponse, id, string(content(message.PayLoad)))), nil
	default:
		return nil, fmt.Errorf("a %T", message)
	}
}

// newOpaqueGuest is an instance for it, whose ids are written in their places or with the front.
func newOpaqueGuest(inPlace bool) *toyGuest {
	guest, order := newToyGuest(), binary.LittleEndian
	guest.largest = 1<<64 - 1
	guest.decodes = func(front []byte) uint64 {
		if len(front) < opaqueFixed {
			return isMore<<32 | opaqueFixed
		}
		answer := guest.memory[toyAnswer:]
		order.PutUint32(answer, answerSize+idSize)
		order.PutUint32(answer[4:], opaqueFixed+binary.BigEndian.Uint32(front[2+idBytes:]))
		copy(answer[8:], []byte{front[1], 0, 1, noHeaders})
		order.PutUint64(answer[12:], numberOf(front[2:2+idBytes]))
		order.PutUint32(answer[24:], opaqueFixed)
		order.PutUint32(answer[36:], 2)
		form := uint32(opaqueID | idBytes<<16)
		if inPlace {
			form |= idInPlace
		}
		order.PutUint32(answer[40:], form)
		return toyAnswer
	}
	guest.edits = func(edit []byte) uint64 {
		front, number := edit[editSize:][:order.Uint32(edit)], order.Uint64(edit[8:])
		id := marked(number)
		if number == numberOf(front[2:2+idBytes]) {
			id = string(front[2 : 2+idBytes])
		} else if own := edit[editSize+len(front):]; len(own) > 0 {
			id = string(own)
		}
		written := guest.memory[toyFront:]
		order.PutUint32(written, frontSize)
		order.PutUint32(written[4:], opaqueFixed)
		copy(written[frontSize:], opaqueToy(front[1], id, ""))
		binary.BigEndian.PutUint32(written[frontSize+2+idBytes:], order.Uint32(edit[4:]))
		return toyFront
	}
	return guest
}

func opaqueHost(guests ...*toyGuest) (*codec, *opaqueCodec) {
	inner := &opaqueCodec{ids: map[uint64]string{}}
	return toyHostOf(inner, guests...), inner
}

func decodeIn(t *testing.T, ctx context.Context, protocol api.XProtocol, frame []byte) api.XFrame {
	t.Helper()
	decoded, err := protocol.Decode(ctx, buffer.NewIoBufferBytes(append([]byte(nil), frame...)))
	if err != nil || decoded == nil {
		t.Fatalf("%v, %v", decoded, err)
	}
	return decoded.(api.XFrame)
}

func encodeIn(t *testing.T, ctx context.Context, protocol api.XProtocol, frame api.XFrame) []byte {
	t.Helper()
	encoded, err := protocol.Encode(ctx, frame)
	if err != nil {
		t.Fatal(err)
	}
	return encoded.Bytes()
}

// A request goes out with the host's number, also with a second one, and its response with the id that it came with.
func TestAResponseGetsTheIDOfItsRequest(t *testing.T) {
	for _, inPlace := range []bool{true, false} {
		for _, edited := range []bool{false, true} {
			outer, inner := opaqueHost(newOpaqueGuest(inPlace))
			protocol, ctx := outer.NewXProtocol(context.Background()), stream()
			request := decodeIn(t, ctx, protocol, opaqueToy(toyRequest, "a-caller's-own-id", "body"))
			number, body := request.GetRequestId(), "body"
			if edited {
				body = "another"
				request.SetData(buffer.NewIoBufferString(body))
			}
			for _, id := range []uint64{1, 0, 1<<64 - 1} {
				request.SetRequestId(id)
				if got := encodeIn(t, ctx, protocol, request); !bytes.Equal(got, opaqueToy(toyRequest, marked(id), body)) {
					t.Errorf("%q", got)
				}
			}
			response := decode(t, protocol, opaqueToy(toyResponse, marked(1<<64-1), "answer"))
			if response.GetRequestId() != 1<<64-1 {
				t.Errorf("id %d", response.GetRequestId())
			}
			response.SetRequestId(number)
			if edited {
				response.SetData(buffer.NewIoBufferString(body))
			} else {
				body = "answer"
			}
			if got := encodeIn(t, ctx, protocol, response); !bytes.Equal(got, opaqueToy(toyResponse, "a-caller's-own-id", body)) {
				t.Errorf("%q", got)
			}
			if decoded, encoded := inner.counts(); decoded+encoded != 0 {
				t.Errorf("in place %v, edited %v: MOSN's codec has decoded %d and encoded %d", inPlace, edited, decoded, encoded)
			}
			buffer.PoolContext(ctx).Give()
		}
	}
}

// One half of a call may be MOSN's codec's: the id is found where the other has kept it.
func TestTheIDOfARequestIsKnownOnBothPaths(t *testing.T) {
	want := opaqueToy(toyResponse, "a-caller's-own-id", "answer")
	for what, halves := range map[string][2]bool{
		"both are passed on":  {true, true},
		"the request is not":  {false, true},
		"the response is not": {true, false},
		"none of them is":     {false, false},
	} {
		outer, inner := opaqueHost(newOpaqueGuest(true))
		protocol, ctx := outer.NewXProtocol(context.Background()), stream()
		outer.on.Store(halves[0])
		request := decodeIn(t, ctx, protocol, opaqueToy(toyRequest, "a-caller's-own-id", "body"))
		number := request.GetRequestId()
		outer.on.Store(halves[1])
		response := decode(t, protocol, opaqueToy(toyResponse, marked(7), "answer"))
		response.SetRequestId(number)
		if got := encodeIn(t, ctx, protocol, response); !bytes.Equal(got, want) {
			t.Errorf("%s: %q", what, got)
		}
		if decoded, _ := inner.counts(); (decoded > 0) == (halves[0] && halves[1]) {
			t.Errorf("%s: MOSN's codec has decoded %d", what, decoded)
		}
	}
}

// A stream that is given back says nothing of the next one's calls, and a hijack has the request.
func TestAnIDIsOfItsStreamAlone(t *testing.T) {
	outer, inner := opaqueHost(newOpaqueGuest(true))
	protocol, ctx := outer.NewXProtocol(context.Background()), stream()
	frame := opaqueToy(toyRequest, "a-caller's-own-id", "body")
	request := decodeIn(t, ctx, protocol, frame)
	number := request.GetRequestId()
	if callerOf(ctx, number) == nil || callerOf(ctx, number+1) != nil || callerOf(stream(), number) != nil {
		t.Error("it is another's")
	}
	request.SetRequestId(9)
	encodeIn(t, ctx, protocol, request)
	protocol.Hijack(ctx, request, 504)
	if !bytes.Equal(inner.hijacked, frame) || callerOf(ctx, number) != nil {
		t.Errorf("%q", inner.hijacked)
	}
	request = decodeIn(t, ctx, protocol, frame)
	buffer.PoolContext(ctx).Give()
	if callerOf(ctx, number) != nil {
		t.Error("the next stream has it")
	}
	// Nobody knows it any more.
	response := decode(t, protocol, opaqueToy(toyResponse, marked(7), "answer"))
	response.SetRequestId(number)
	if encoded, err := protocol.Encode(stream(), response); err == nil {
		t.Errorf("%q", encoded.Bytes())
	}
}

// A place that is said to be an id is one in the frame.
func TestNoPlaceOfAnIDHurts(t *testing.T) {
	frame := opaqueToy(toyRequest, "id", strings.Repeat("b", 300))
	for _, length := range []uint32{0, 1, 15, 16, 20, opaqueFixed, 255, 256, 1<<16 - 1} {
		for _, at := range []uint32{0, 2, opaqueFixed - 16, opaqueFixed, 1<<31 - 1, 1 << 31, 1<<32 - 1} {
			for _, flags := range []uint32{opaqueID, opaqueID | idInPlace} {
				for _, places := range []byte{1, 2} {
					logged(t)
					guest := newOpaqueGuest(true)
					guest.spoil = func(memory []byte, answer uint32) {
						memory[answer+10] = places
						binary.LittleEndian.PutUint32(memory[answer+36:], at)
						binary.LittleEndian.PutUint32(memory[answer+40:], flags|length<<16)
					}
					outer, _ := opaqueHost(guest)
					protocol, ctx := outer.NewXProtocol(context.Background()), stream()
					decoded := decodeIn(t, ctx, protocol, frame)
					_, isLean := decoded.(*request)
					fits := length >= 1 && int(at) <= opaqueFixed-int(length) && places == 1
					if flags&idInPlace != 0 {
						fits = fits && length >= 16
					}
					if isLean != fits {
						t.Errorf("%d bytes at %d, %d places, flags %d: passed on %v", length, at, places, flags, isLean)
					}
					decoded.SetRequestId(77)
					encodeIn(t, ctx, protocol, decoded)
				}
			}
		}
	}
}
