package engine

import (
	"encoding/binary"

	"github.com/tetratelabs/wazero/api"
	v1 "mosn.io/proxy-wasm-go-host/proxywasm/v1"
)

const decodeExport = "proxy_decode_buffer_bytes"

const (
	// The buffer that takes what the guest says of a frame.
	decodeData = v1.BufferType(13)
	// What decode returns for a frame that is not complete.
	needMoreData = 99
)

// decode offers the guest what a connection has unread.
//
// MOSN offers all of it for each frame: with eight calls under way on a connection the bytes of the
// last one are copied eight times. Here the guest first gets as much as the longest frame of late
// had, and the rest only if it wants more, as if the bytes had come in two pieces.
type decode struct {
	instance *instance
	guest    *function
}

// newDecode is nil for a guest whose decode is not what MOSN calls. That call then fails by itself.
func newDecode(i *instance, guest *function) *decode {
	if string(guest.params) != string([]api.ValueType{api.ValueTypeI32, api.ValueTypeI32, api.ValueTypeI32}) {
		return nil
	}
	return &decode{instance: i, guest: guest}
}

// held is what MOSN has put into the guest's memory for decode, which is not there yet. It belongs to
// the connection, which waits for decode.
type held struct {
	// The function has been looked up, by which MOSN begins.
	announced bool
	content   []byte
	// The guest has said something of a frame, if not what it should.
	described bool
}

// Call is for the context of the first argument; where MOSN has put the bytes is known better here.
func (d *decode) Call(args ...interface{}) (interface{}, error) {
	i := d.instance
	content := i.held.content
	i.held = held{}
	if content == nil || len(args) != len(d.guest.params) {
		return d.guest.Call(args...)
	}
	context, err := narrow(args[0], api.ValueTypeI32)
	if err != nil {
		return nil, err
	}
	offered := i.frames.offer(len(content))
	for {
		status, err := d.offer(context, content[:offered])
		if err != nil {
			return nil, err
		}
		if status != needMoreData || i.held.described || offered == len(content) {
			return status, nil
		}
		offered = len(content)
	}
}

func (d *decode) offer(context uint64, content []byte) (int32, error) {
	address, err := d.instance.allocate(uint32(len(content)))
	if err != nil {
		return 0, err
	}
	if !d.instance.memory.Write(address, content) {
		return 0, errOutOfBounds
	}
	stack, err := d.guest.enter(context, uint64(address), uint64(len(content)))
	if err != nil {
		return 0, err
	}
	return int32(stack[0]), nil
}

// frames is how long the frames of late were.
type frames struct {
	longest int
	// The longest of those before.
	before int
	seen   int
}

const (
	// Below this a copy costs less than asking twice.
	cheap = 4 << 10
	// How many frames are of late.
	late = 64
)

// saw reads what a guest says of a frame; MOSN will read it again, and mind more.
func (f *frames) saw(description []byte) {
	if len(description) < 4 {
		return
	}
	// Headers, then a flag, the id, the timeout, and the length.
	at := 4 + uint64(binary.BigEndian.Uint32(description)) + 1 + 8 + 4
	if at+4 > uint64(len(description)) {
		return
	}
	f.longest = max(f.longest, int(binary.BigEndian.Uint32(description[at:])))
	f.seen++
	if f.seen == late {
		*f = frames{before: f.longest}
	}
}

// offer is how many of the unread bytes the guest gets first.
func (f *frames) offer(unread int) int {
	return min(unread, max(f.longest, f.before, cheap))
}
