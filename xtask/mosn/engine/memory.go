package engine

import (
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero/api"
)

var errOutOfBounds = errors.New("out of the bounds of the plugin's memory")

// Malloc has the guest allocate: what the host writes there, the guest owns.
func (i *instance) Malloc(size int32) (uint64, error) {
	if !i.started.Load() {
		return 0, errNotStarted
	}
	address, err := i.allocate(uint32(size))
	return uint64(address), err
}

// input has the guest allocate, and returns where, as a word, and what it has there.
func (i *instance) input(size int) (uint64, []byte, error) {
	address, err := i.allocate(uint32(size))
	if err != nil {
		return 0, nil, err
	}
	room, err := i.GetMemory(uint64(address), uint64(size))
	return uint64(address), room, err
}

func (i *instance) allocate(size uint32) (uint32, error) {
	if i.exports.malloc == nil {
		return 0, errNotStarted
	}
	stack, err := i.exports.malloc.enter(uint64(size))
	if err != nil {
		return 0, err
	}
	address := uint32(stack[0])
	if address == 0 && size > 0 {
		// MOSN does not look, and would overwrite the guest's first page.
		return 0, fmt.Errorf("the plugin failed to allocate %d bytes", size)
	}
	return address, nil
}

func (i *instance) GetExportsMem(name string) ([]byte, error) {
	if !i.started.Load() {
		return nil, errNotStarted
	}
	if name != memoryExport {
		return nil, fmt.Errorf("codecs have no memory %q", name)
	}
	return i.GetMemory(0, uint64(i.memory.Size()))
}

// GetMemory returns a view, which lasts until the guest is entered again.
func (i *instance) GetMemory(address uint64, size uint64) ([]byte, error) {
	return read(i.memory, uint32(address), uint32(size))
}

func (i *instance) PutMemory(address uint64, size uint64, content []byte) error {
	return bounds(i.memory.Write(uint32(address), content[:size]))
}

func (i *instance) GetByte(address uint64) (byte, error) {
	value, ok := i.memory.ReadByte(uint32(address))
	return value, bounds(ok)
}

func (i *instance) PutByte(address uint64, value byte) error {
	return bounds(i.memory.WriteByte(uint32(address), value))
}

func (i *instance) GetUint32(address uint64) (uint32, error) {
	value, ok := i.memory.ReadUint32Le(uint32(address))
	return value, bounds(ok)
}

func (i *instance) PutUint32(address uint64, value uint32) error {
	return bounds(i.memory.WriteUint32Le(uint32(address), value))
}

func read(memory api.Memory, address uint32, size uint32) ([]byte, error) {
	view, ok := memory.Read(address, size)
	return view, bounds(ok)
}

func bounds(ok bool) error {
	if ok {
		return nil
	}
	return errOutOfBounds
}
