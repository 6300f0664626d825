package engine

import (
	"encoding/binary"

	xwasm "mosn.io/mosn/pkg/protocol/xprotocol/wasm"
)

// What decode returns for a frame that is not complete.
const needMoreData = int32(xwasm.StatusNeedMoreData)

// decode offers the guest what a connection has unread, and returns its status.
//
// MOSN would offer all of it for each frame: with eight calls under way on a connection the bytes of
// the last one are copied eight times. Here the guest first gets as much as the longest frame of late
// had, and the rest only if it wants more, as if the bytes had come in two pieces.
func (i *instance) decode(context int32, unread []byte) (int32, error) {
	i.reported = false
	offered := i.frames.offer(len(unread))
	for {
		address, room, err := i.input(offered)
		if err != nil {
			return 0, err
		}
		copy(room, unread)
		status, err := i.exports.decode.status(word(context), address, uint64(offered))
		// Once a frame is reported, MOSN uses that and ignores the status.
		if err != nil || status != needMoreData || i.reported || offered == len(unread) {
			return status, err
		}
		offered = len(unread)
	}
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
