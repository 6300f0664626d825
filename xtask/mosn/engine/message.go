package engine

import (
	"encoding/binary"

	"mosn.io/mosn/pkg/protocol/xprotocol"
)

// message is what a guest encodes.
type message struct {
	headers []xprotocol.BytesKV
	flag    byte
	// What the frame shall have, and what it had.
	id     uint64
	before uint64
	// The timeout of a request, the status of a response.
	detail uint32
	data   []byte
}

// What is neither headers nor data: two lengths, and the four fields between them.
const fixed = 4 + 1 + 8 + 8 + 4 + 4

func (m *message) headerSize() int {
	size := 0
	for at := range m.headers {
		size += 8 + len(m.headers[at].Key) + len(m.headers[at].Value)
	}
	return size
}

func (m *message) size() int {
	return fixed + m.headerSize() + len(m.data)
}

// write fills room, which has the right size.
func (m *message) write(room []byte) {
	order := binary.BigEndian
	order.PutUint32(room, uint32(m.headerSize()))
	room = room[4:]
	for at := range m.headers {
		room = field(room, m.headers[at].Key)
		room = field(room, m.headers[at].Value)
	}
	room[0] = m.flag
	order.PutUint64(room[1:], m.id)
	order.PutUint64(room[9:], m.before)
	order.PutUint32(room[17:], m.detail)
	order.PutUint32(room[21:], uint32(len(m.data)))
	copy(room[25:], m.data)
}

// field writes a length and as many bytes, and returns the room after them.
func field(room []byte, bytes []byte) []byte {
	binary.BigEndian.PutUint32(room, uint32(len(bytes)))
	return room[4+copy(room[4:], bytes):]
}
