package engine

// Guests for the tests, as bytes: no compiler is needed to run them.

const (
	i32 = 0x7f
	i64 = 0x7e

	opUnreachable = 0x00
	opCall        = 0x10
	opLocalGet    = 0x20
	opI32Const    = 0x41
	opI32WrapI64  = 0xa7
	opEnd         = 0x0b
)

// signature is the type of a function.
type signature struct {
	params  []byte
	results []byte
}

// export is a function that a guest exports, with the instructions of its body.
type export struct {
	name string
	signature
	body []byte
}

// guestImports come first in the index space: 0 is the log, 1 is what sets a buffer.
var guestImports = []struct {
	name string
	signature
}{
	{"proxy_log", signature{[]byte{i32, i32, i32}, []byte{i32}}},
	{"proxy_set_buffer_bytes", signature{[]byte{i32, i32, i32, i32, i32}, []byte{i32}}},
}

// codec is a guest that MOSN takes for one, with more exports; a later one replaces an earlier one.
func codec(more ...export) []byte {
	return assemble(append([]export{
		{marker, signature{}, nil},
		{mallocExport, signature{[]byte{i32}, []byte{i32}}, []byte{opI32Const, 16}},
	}, more...))
}

func assemble(all []export) []byte {
	var exports []export
	for at, one := range all {
		replaced := false
		for _, later := range all[at+1:] {
			replaced = replaced || later.name == one.name
		}
		if !replaced {
			exports = append(exports, one)
		}
	}
	var types, imports, functions, names, code [][]byte
	for at, imported := range guestImports {
		types = append(types, functionType(imported.signature))
		imports = append(imports, join(text("env"), text(imported.name), []byte{0, byte(at)}))
	}
	names = append(names, join(text(memoryExport), []byte{2, 0}))
	for _, export := range exports {
		index := byte(len(types))
		types = append(types, functionType(export.signature))
		functions = append(functions, []byte{index})
		names = append(names, join(text(export.name), []byte{0, index}))
		body := join([]byte{0}, export.body, []byte{opEnd})
		code = append(code, join(leb(len(body)), body))
	}
	onePage := [][]byte{{0, 1}}
	return join([]byte("\x00asm\x01\x00\x00\x00"),
		section(1, types), section(2, imports), section(3, functions),
		section(5, onePage), section(7, names), section(10, code))
}

func section(id byte, items [][]byte) []byte {
	content := join(leb(len(items)), join(items...))
	return join([]byte{id}, leb(len(content)), content)
}

func functionType(s signature) []byte {
	return join([]byte{0x60}, leb(len(s.params)), s.params, leb(len(s.results)), s.results)
}

func text(s string) []byte {
	return join(leb(len(s)), []byte(s))
}

func leb(value int) []byte {
	var bytes []byte
	for value > 0x7f {
		bytes = append(bytes, byte(value)|0x80)
		value >>= 7
	}
	return append(bytes, byte(value))
}

func join(parts ...[]byte) []byte {
	var all []byte
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}
