// Package byteio has what MOSN's filter for Seata uses of the package of this name, which cannot be had.
package byteio

import (
	"encoding/binary"
	"io"
)

// BigEndianWriter writes integers.
type BigEndianWriter struct{ io.Writer }

// WriteUint32 writes four bytes.
func (w BigEndianWriter) WriteUint32(value uint32) (int, error) {
	return w.Write(binary.BigEndian.AppendUint32(nil, value))
}

// BigEndianReader reads integers.
type BigEndianReader struct{ io.Reader }

// ReadUint32 reads four bytes.
func (r BigEndianReader) ReadUint32() (uint32, int, error) {
	var bytes [4]byte
	n, err := io.ReadFull(r.Reader, bytes[:])
	return binary.BigEndian.Uint32(bytes[:]), n, err
}
