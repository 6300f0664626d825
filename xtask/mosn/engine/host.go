package engine

import (
	"github.com/tetratelabs/wazero/api"
	xwasm "mosn.io/mosn/pkg/protocol/xprotocol/wasm"
	"mosn.io/proxy-wasm-go-host/proxywasm/common"
	v1 "mosn.io/proxy-wasm-go-host/proxywasm/v1"
)

// The host functions below answer as those of MOSN's own engines do, oddities included: a guest
// cannot distinguish the engines.

// noHost answers a guest that calls out while MOSN is not looking, as from `_start`.
var noHost v1.ImportsHandler = &v1.DefaultImportsHandler{}

// handler is the part of MOSN that has locked the instance.
func (i *instance) handler() v1.ImportsHandler {
	if context, ok := i.data.(v1.ContextHandler); ok {
		if handler := context.GetImports(); handler != nil {
			return handler
		}
	}
	return noHost
}

// logMark marks the lines of a plugin in MOSN's log.
const logMark = "[plugin] "

func proxyLog(i *instance, memory api.Memory, args []uint64) v1.WasmResult {
	message, err := read(memory, uint32(args[1]), uint32(args[2]))
	if err != nil {
		return v1.WasmResultInvalidMemoryAccess
	}
	// MOSN does not say who speaks.
	return i.handler().Log(v1.LogLevel(args[0]), logMark+string(message))
}

func (i *instance) buffer(kind v1.BufferType) common.IoBuffer {
	switch handler := i.handler(); kind {
	case v1.BufferTypeVmConfiguration:
		return handler.GetVmConfig()
	case v1.BufferTypePluginConfiguration:
		return handler.GetPluginConfig()
	default:
		i.reported = true
		return handler.GetCustomBuffer(kind)
	}
}

func getBuffer(i *instance, memory api.Memory, args []uint64) v1.WasmResult {
	buffer := i.buffer(v1.BufferType(args[0]))
	if buffer == nil {
		return v1.WasmResultNotFound
	}
	start, length := int32(args[1]), int32(args[2])
	if start > start+length {
		return v1.WasmResultBadArgument
	}
	if total := int32(buffer.Len()); start+length > total {
		length = total - start
	}
	if start < 0 || length < 0 {
		return v1.WasmResultBadArgument
	}
	// That these are not the bytes from `start` is what the other engines do.
	return i.give(memory, buffer.Bytes()[:length], args[3], args[4])
}

func setBuffer(i *instance, memory api.Memory, args []uint64) v1.WasmResult {
	buffer := i.buffer(v1.BufferType(args[0]))
	if buffer == nil {
		return v1.WasmResultNotFound
	}
	content, err := read(memory, uint32(args[3]), uint32(args[4]))
	if err != nil {
		return v1.WasmResultInvalidMemoryAccess
	}
	start, length := int(int32(args[1])), int(int32(args[2]))
	switch {
	case start == 0 && (length == 0 || length >= buffer.Len()):
		buffer.Drain(buffer.Len())
	case start == 0 || start < buffer.Len():
		return v1.WasmResultBadArgument
	}
	if _, err := buffer.Write(content); err != nil {
		return v1.WasmResultInternalFailure
	}
	if v1.BufferType(args[0]) == xwasm.BufferTypeDecodeData {
		i.frames.saw(content)
	}
	return v1.WasmResultOk
}

func getProperty(i *instance, memory api.Memory, args []uint64) v1.WasmResult {
	key, result := name(memory, args[0], args[1])
	if result != v1.WasmResultOk {
		return result
	}
	value, result := i.handler().GetProperty(key)
	if result != v1.WasmResultOk {
		return result
	}
	return i.give(memory, []byte(value), args[2], args[3])
}

// currentTime writes half of what the guest asked for, and no time: see above.
func currentTime(i *instance, memory api.Memory, args []uint64) v1.WasmResult {
	nanoseconds, result := i.handler().GetCurrentTimeNanoseconds()
	if result != v1.WasmResultOk {
		return result
	}
	return put(memory, args[0], uint32(nanoseconds))
}

// name reads what must not be empty.
func name(memory api.Memory, address uint64, size uint64) (string, v1.WasmResult) {
	bytes, err := read(memory, uint32(address), uint32(size))
	switch {
	case err != nil:
		return "", v1.WasmResultInvalidMemoryAccess
	case len(bytes) == 0:
		return "", v1.WasmResultBadArgument
	default:
		return string(bytes), v1.WasmResultOk
	}
}

// give copies content into memory that the guest allocates, and says where it is.
func (i *instance) give(memory api.Memory, content []byte, address uint64, size uint64) v1.WasmResult {
	block, err := i.allocate(uint32(len(content)))
	if err != nil || !memory.Write(block, content) {
		return v1.WasmResultInvalidMemoryAccess
	}
	if result := put(memory, address, block); result != v1.WasmResultOk {
		return result
	}
	return put(memory, size, uint32(len(content)))
}

func put(memory api.Memory, address uint64, value uint32) v1.WasmResult {
	if memory.WriteUint32Le(uint32(address), value) {
		return v1.WasmResultOk
	}
	return v1.WasmResultInvalidMemoryAccess
}
