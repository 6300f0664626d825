package engine

import (
	"github.com/tetratelabs/wazero/api"
	v1 "mosn.io/proxy-wasm-go-host/proxywasm/v1"
)

// What instances of all plugins of the process share.

func getSharedData(i *instance, memory api.Memory, args []uint64) v1.WasmResult {
	key, result := name(memory, args[0], args[1])
	if result != v1.WasmResultOk {
		return result
	}
	value, version, result := i.handler().GetSharedData(key)
	if result != v1.WasmResultOk {
		return result
	}
	if result := i.give(memory, []byte(value), args[2], args[3]); result != v1.WasmResultOk {
		return result
	}
	return put(memory, args[4], version)
}

func setSharedData(i *instance, memory api.Memory, args []uint64) v1.WasmResult {
	key, result := name(memory, args[0], args[1])
	if result != v1.WasmResultOk {
		return result
	}
	value, err := read(memory, uint32(args[2]), uint32(args[3]))
	if err != nil {
		return v1.WasmResultInvalidMemoryAccess
	}
	return i.handler().SetSharedData(key, string(value), uint32(args[4]))
}

func registerQueue(i *instance, memory api.Memory, args []uint64) v1.WasmResult {
	return findQueue(memory, args, i.handler().RegisterSharedQueue)
}

func resolveQueue(i *instance, memory api.Memory, args []uint64) v1.WasmResult {
	return findQueue(memory, args, i.handler().ResolveSharedQueue)
}

func findQueue(memory api.Memory, args []uint64, find func(string) (uint32, v1.WasmResult)) v1.WasmResult {
	name, result := name(memory, args[0], args[1])
	if result != v1.WasmResultOk {
		return result
	}
	queue, result := find(name)
	if result != v1.WasmResultOk {
		return result
	}
	return put(memory, args[2], queue)
}

func removeQueue(i *instance, _ api.Memory, args []uint64) v1.WasmResult {
	return i.handler().RemoveSharedQueue(uint32(args[0]))
}

func dequeue(i *instance, memory api.Memory, args []uint64) v1.WasmResult {
	value, result := i.handler().DequeueSharedQueue(uint32(args[0]))
	if result != v1.WasmResultOk {
		return result
	}
	return i.give(memory, []byte(value), args[1], args[2])
}

func enqueue(i *instance, memory api.Memory, args []uint64) v1.WasmResult {
	value, err := read(memory, uint32(args[1]), uint32(args[2]))
	if err != nil {
		return v1.WasmResultInvalidMemoryAccess
	}
	return i.handler().EnqueueSharedQueue(uint32(args[0]), string(value))
}
