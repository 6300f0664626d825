package lean

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"mosn.io/api"
	"mosn.io/mosn/pkg/protocol/xprotocol"
	xwasm "mosn.io/mosn/pkg/protocol/xprotocol/wasm"
	"mosn.io/mosn/pkg/types"
	"mosn.io/pkg/buffer"
)

// A protocol with headers in its body: `L`, the kind, the id (4 bytes), the length of the body (4), which begins with the
// headers after their length (4).
const laterFixed = 10

func laterToy(kind byte, id uint32, headers []xprotocol.BytesKV, rest string) []byte {
	block := toy(kind, id, headers, "")[toyFixed:]
	frame := append([]byte{'L', kind}, binary.BigEndian.AppendUint32(nil, id)...)
	frame = binary.BigEndian.AppendUint32(frame, uint32(4+len(block)+len(rest)))
	frame = binary.BigEndian.AppendUint32(frame, uint32(len(block)))
	return append(append(frame, block...), rest...)
}

// laterParts is the header block of a body, and what is behind it.
func laterParts(body []byte) (block []byte, rest []byte) {
	length := binary.BigEndian.Uint32(body)
	return body[4 : 4+length], body[4+length:]
}

// laterCodec is what MOSN's codec is for it.
type laterCodec struct {
	toyCodec
	refuses bool
}

type laterProtocol struct {
	toyProtocol
	codec *laterCodec
}

func (l *laterCodec) NewXProtocol(context.Context) api.XProtocol {
	return laterProtocol{toyProtocol{&l.toyCodec}, l}
}

func (l laterProtocol) Decode(_ context.Context, data types.IoBuffer) (interface{}, error) {
	front := data.Bytes()
	if len(front) < laterFixed || len(front) < laterFixed+int(binary.BigEndian.Uint32(front[6:])) {
		return nil, nil
	}
	l.codec.decoded++
	if l.codec.refuses {
		return nil, errors.New("no frame")
	}
	frame := append([]byte(nil), front[:laterFixed+int(binary.BigEndian.Uint32(front[6:]))]...)
	data.Drain(len(frame))
	var headers xprotocol.Header
	block, _ := laterParts(frame[laterFixed:])
	if err := xprotocol.DecodeHeader(block, &headers); err != nil {
		return nil, err
	}
	id, payload := uint64(binary.BigEndian.Uint32(frame[2:])), buffer.NewIoBufferBytes(frame[laterFixed:])
	if frame[1] == toyResponse {
		response := xwasm.NewWasmResponseWithId(id, nil, nil)
		response.Header, response.PayLoad = headers, payload
		return response, nil
	}
	request := xwasm.NewWasmRequestWithId(id, nil, nil)
	request.Header, request.PayLoad, request.Timeout = headers, payload, 3000
	return request, nil
}

func (l laterProtocol) Encode(_ context.Context, message interface{}) (types.IoBuffer, error) {
	l.codec.encoded++
	switch message := message.(type) {
	case *xwasm.Request:
		_, rest := laterParts(content(message.PayLoad))
		return buffer.NewIoBufferBytes(laterToy(toyRequest, uint32(message.Id), message.Kvs, string(rest))), nil
	case *xwasm.Response:
		_, rest := laterParts(content(message.PayLoad))
		return buffer.NewIoBufferBytes(laterToy(toyResponse, uint32(message.Id), message.Kvs, string(rest))), nil
	default:
		return nil, fmt.Errorf("a %T", message)
	}
}

func newLaterGuest() *toyGuest {
	guest, order := newToyGuest(), binary.LittleEndian
	guest.decodes = func(front []byte) uint64 {
		if len(front) < laterFixed {
			return isMore<<32 | laterFixed
		}
		answer, length := guest.memory[toyAnswer:], laterFixed+int(binary.BigEndian.Uint32(front[6:]))
		order.PutUint32(answer, answerSize+idSize)
		order.PutUint32(answer[4:], uint32(length))
		copy(answer[8:], []byte{front[1], headersInBody, 1, laterHeaders})
		order.PutUint64(answer[12:], uint64(binary.BigEndian.Uint32(front[2:])))
		order.PutUint32(answer[20:], uint32(20*(1-front[1])))
		order.PutUint32(answer[24:], laterFixed)
		order.PutUint32(answer[36:], 2)
		order.PutUint32(answer[40:], 4)
		if len(front) >= length {
			block, _ := laterParts(front[laterFixed:])
			answer[11] = blockInAnswer
			order.PutUint32(answer[20:], uint32(20+2980*int(front[1])))
			order.PutUint32(answer[32:], uint32(len(block)))
			copy(answer[answerSize+idSize:], block)
		}
		return toyAnswer
	}
	guest.edits = func(edit []byte) uint64 {
		frame, block := edit[editSize:][:order.Uint32(edit)], edit[editSize+order.Uint32(edit):]
		came, rest := laterParts(frame[laterFixed:])
		if order.Uint32(edit[16:]) == keptHeaders {
			block = came
		}
		var headers xprotocol.Header
		_ = xprotocol.DecodeHeader(block, &headers)
		written := laterToy(frame[1], uint32(order.Uint64(edit[8:])), headers.Kvs, string(rest))
		order.PutUint32(guest.memory[toyFront:], frontSize)
		order.PutUint32(guest.memory[toyFront+4:], uint32(len(written)))
		copy(guest.memory[toyFront+frontSize:], written)
		return toyFront
	}
	return guest
}

func laterHost(guests ...*toyGuest) (*codec, *laterCodec) {
	inner := &laterCodec{}
	return toyHostOf(inner, guests...), inner
}

var laterHeadersOfCalls = pairs("service", "echo", "zone", "")

// A request has its headers and its timeout at once, whatever its length and however it comes; a response is asked for them
// if somebody wants them.
func TestHeadersInTheBodyAreReadOfTheWhole(t *testing.T) {
	for _, length := range []int{0, 10, 1000, 40_000, 64 << 10, 100_000, mostWhole - 200} {
		for _, pieces := range []int{1 << 22, 1000} {
			guest := newLaterGuest()
			outer, inner := laterHost(guest)
			outer.early.Store(pieces == 1000)
			protocol := outer.NewXProtocol(context.Background())
			call := laterToy(toyRequest, 5, laterHeadersOfCalls, strings.Repeat("b", length))
			sent := pieced(t, protocol, call, pieces)
			if _, ok := sent.(*request); !ok {
				t.Fatalf("%d bytes: a %T", length, sent)
			}
			if got := list(sent.GetHeader()); got != "service=echo&zone=" || sent.GetTimeout() != 3000 {
				t.Errorf("%d bytes: %s, %d", length, got, sent.GetTimeout())
			}
			sent.SetRequestId(77)
			if got := encode(t, protocol, sent); !bytes.Equal(got[6:], call[6:]) || got[5] != 77 {
				t.Errorf("%d bytes: others", length)
			}
			answer := laterToy(toyResponse, 77, pairs("a", "b"), strings.Repeat("b", length))
			response, asked := pieced(t, protocol, answer, pieces), 0
			response.SetRequestId(5)
			asked = guest.asked
			if got := encode(t, protocol, response); !bytes.Equal(got[6:], answer[6:]) || guest.asked != asked {
				t.Errorf("%d bytes: others, or it is asked for headers", length)
			}
			if status := response.(api.XRespFrame).GetStatusCode(); status != 20 {
				t.Errorf("status %d", status)
			}
			if got := list(response.GetHeader()); got != "a=b" {
				t.Errorf("%d bytes: %s", length, got)
			}
			_, _ = response.GetHeader().Get("a")
			if more := guest.asked - asked; more > 1 || more == 0 && length > firstWindow {
				t.Errorf("%d bytes: asked %d times for headers", length, more)
			}
			if decoded, encoded := inner.counts(); decoded+encoded != 0 || guest.grown > 2 {
				t.Errorf("%d bytes: %d, %d, and its room has grown %d times", length, decoded, encoded, guest.grown)
			}
		}
	}
}

// pieced is the frame that comes in pieces of so many bytes.
func pieced(t *testing.T, protocol api.XProtocol, frame []byte, size int) api.XFrame {
	t.Helper()
	unread := buffer.NewIoBuffer(0)
	for at := 0; at < len(frame); at += size {
		_, _ = unread.Write(frame[at:min(at+size, len(frame))])
		decoded, err := protocol.Decode(stream(), unread)
		if err != nil {
			t.Fatal(err)
		}
		if decoded != nil && unread.Len() == 0 && at+size >= len(frame) {
			return decoded.(api.XFrame)
		}
	}
	t.Fatalf("no frame of %d bytes", len(frame))
	return nil
}

// Every way to the headers of a response asks for them.
func TestLateHeadersAreThereForEveryQuestion(t *testing.T) {
	answer := laterToy(toyResponse, 77, pairs("a", "b"), strings.Repeat("b", 400))
	for what, question := range map[string]func(headers api.HeaderMap) string{
		"get":   func(headers api.HeaderMap) string { value, _ := headers.Get("a"); return value },
		"range": func(headers api.HeaderMap) string { return strings.TrimPrefix(list(headers), "a=") },
		"clone": func(headers api.HeaderMap) string { value, _ := headers.Clone().Get("a"); return value },
		"size":  func(headers api.HeaderMap) string { return "b"[:headers.ByteSize()/2] },
	} {
		outer, _ := laterHost(newLaterGuest())
		response := decode(t, outer.NewXProtocol(context.Background()), answer)
		if got := question(response.GetHeader()); got != "b" {
			t.Errorf("%s: %q", what, got)
		}
	}
}

func TestEditsOfHeadersInTheBodyAreThoseOfMOSNsCodec(t *testing.T) {
	edits := map[string]func(api.XFrame){
		"nothing":        func(api.XFrame) {},
		"same value":     func(frame api.XFrame) { frame.GetHeader().Set("service", "echo") },
		"another value":  func(frame api.XFrame) { frame.GetHeader().Set("service", "longer than before") },
		"another header": func(frame api.XFrame) { frame.GetHeader().Set("new", "n") },
		"one less":       func(frame api.XFrame) { frame.GetHeader().Del("service") },
		"another body": func(frame api.XFrame) {
			frame.SetData(buffer.NewIoBufferBytes(laterToy(toyRequest, 5, nil, "other")[laterFixed:]))
		},
	}
	for _, length := range []int{4, 3000, 100_000} {
		for _, kind := range []byte{toyRequest, toyResponse} {
			for what, edit := range edits {
				for _, rewrites := range []bool{true, false} {
					guest := newLaterGuest()
					guest.rewrites = rewrites && length < 100_000
					outer, inner := laterHost(guest)
					protocol, classic := outer.NewXProtocol(context.Background()), inner.NewXProtocol(context.Background())
					came := laterToy(kind, 5, laterHeadersOfCalls, strings.Repeat("b", length))
					ours, theirs := decode(t, protocol, came), decode(t, classic, came)
					for _, frame := range []api.XFrame{ours, theirs} {
						edit(frame)
						frame.SetRequestId(77)
					}
					got, want := encode(t, protocol, ours), encode(t, classic, theirs)
					if !bytes.Equal(got, want) {
						t.Errorf("%s of %d: %d bytes, not %d", what, length, len(got), len(want))
					}
					replayed := what == "another body" || !guest.rewrites && strings.Contains(what, "an") || !guest.rewrites && what == "one less"
					if _, encoded := inner.counts(); (encoded > 1) != replayed {
						t.Errorf("%s of %d: MOSN's codec has encoded %d", what, length, encoded)
					}
				}
			}
		}
	}
}

// Where an instance fails when it is asked about the whole, MOSN's codec says what it is; and where that refuses it, no
// request is passed on without headers that routes match.
func TestNoAnswerAboutTheWholeHurts(t *testing.T) {
	call := laterToy(toyRequest, 5, laterHeadersOfCalls, strings.Repeat("b", 400))
	answer := laterToy(toyResponse, 5, laterHeadersOfCalls, strings.Repeat("b", 400))
	large := laterToy(toyRequest, 5, laterHeadersOfCalls, strings.Repeat("b", 100_000))
	word := func(at uint32, number uint32) func([]byte, uint32) {
		return func(memory []byte, answer uint32) {
			if memory[answer+11] != laterHeaders {
				binary.LittleEndian.PutUint32(memory[answer+at:], number)
			}
		}
	}
	guests := map[string]func(*toyGuest){
		"another length": func(guest *toyGuest) { guest.spoil = word(4, 20) },
		"another kind":   func(guest *toyGuest) { guest.spoil = word(8, 2|1<<16|blockInAnswer<<24) },
		"later again":    func(guest *toyGuest) { guest.spoil = word(8, 1|headersInBody<<8|1<<16|laterHeaders<<24) },
		"long headers":   func(guest *toyGuest) { guest.spoil = word(32, 1<<31) },
		"no pairs":       func(guest *toyGuest) { guest.spoil = word(32, 7) },
		"far headers":    func(guest *toyGuest) { guest.spoil = word(0, 60_000) },
		"more": func(guest *toyGuest) {
			guest.word = func(word uint64) (uint64, error) {
				if guest.memory[word+11] != laterHeaders {
					return isMore<<32 | 1000, nil
				}
				return word, nil
			}
		},
		"trap": func(guest *toyGuest) {
			guest.word = func(word uint64) (uint64, error) {
				if guest.memory[word+11] != laterHeaders {
					return 0, errors.New("unreachable")
				}
				return word, nil
			}
		},
	}
	for what, spoil := range guests {
		for _, refuses := range []bool{false, true} {
			logged(t)
			guest := newLaterGuest()
			spoil(guest)
			outer, inner := laterHost(guest)
			protocol := outer.NewXProtocol(context.Background())
			response := decode(t, protocol, answer)
			if what == "another kind" {
				// It is one of a request then.
				response = nil
			}
			inner.refuses = refuses
			decoded, err := protocol.Decode(stream(), buffer.NewIoBufferBytes(append([]byte(nil), call...)))
			_, isLean := decoded.(*request)
			if isLean && what != "another kind" || (err != nil) != refuses && what != "another kind" {
				t.Errorf("%s, refused %v: a %T, %v", what, refuses, decoded, err)
			}
			if response == nil {
				continue
			}
			if got := list(response.GetHeader()); got != "service=echo&zone=" && !refuses || got != "" && refuses {
				t.Errorf("%s, refused %v: %s", what, refuses, got)
			}
			response.GetHeader().Set("new", "n")
			response.SetRequestId(9)
			encoded, err := protocol.Encode(stream(), response)
			if (err != nil) != refuses {
				t.Errorf("%s, refused %v: %v, %v", what, refuses, encoded, err)
			}
		}
	}
	for what, address := range map[string]func(int32) (int32, error){
		"no memory":     func(int32) (int32, error) { return 0, nil },
		"a trap":        func(int32) (int32, error) { return 0, errors.New("unreachable") },
		"far away":      func(int32) (int32, error) { return 1<<31 - 1, nil },
		"behind memory": func(at int32) (int32, error) { return at + 8, nil },
		"negative":      func(int32) (int32, error) { return -8, nil },
	} {
		logged(t)
		guest := newLaterGuest()
		guest.roomWord = address
		outer, _ := laterHost(guest)
		protocol := outer.NewXProtocol(context.Background())
		for range 2 {
			if _, ok := decode(t, protocol, large).(*xwasm.Request); !ok {
				t.Errorf("%s: passed on", what)
			}
		}
	}
	// Longer ones are not for a plugin's memory.
	guest := newLaterGuest()
	outer, _ := laterHost(guest)
	longest := laterToy(toyRequest, 5, laterHeadersOfCalls, strings.Repeat("b", mostWhole))
	if _, ok := decode(t, outer.NewXProtocol(context.Background()), longest).(*xwasm.Request); !ok || guest.grown > 0 {
		t.Error("passed on")
	}
}
