package engine

import (
	"fmt"

	"github.com/tetratelabs/wazero/api"
)

// function is an export, looked up once. Like all of an instance it is used under its lock.
type function struct {
	name   string
	guest  api.Function
	params []api.ValueType
	// 0 if it has none; codecs have no second one.
	result api.ValueType
	// Arguments and results, so that a call allocates nothing.
	stack []uint64
	// wazero cannot enter a function that it is in. Only a `malloc` could try, by asking the host
	// for something that the host has to allocate.
	entered bool
}

func newFunction(name string, guest api.Function) *function {
	definition := guest.Definition()
	f := &function{name: name, guest: guest, params: definition.ParamTypes()}
	results := definition.ResultTypes()
	if len(results) > 0 {
		f.result = results[0]
	}
	f.stack = make([]uint64, max(len(f.params), len(results)))
	return f
}

// Call takes the integers that MOSN passes, and returns an int32, an int64 or nil.
func (f *function) Call(args ...interface{}) (interface{}, error) {
	if len(args) != len(f.params) {
		return nil, fmt.Errorf("%s takes %d arguments, not %d", f.name, len(f.params), len(args))
	}
	if f.entered {
		return nil, f.again()
	}
	for at, arg := range args {
		word, err := narrow(arg, f.params[at])
		if err != nil {
			return nil, fmt.Errorf("argument %d of %s: %w", at, f.name, err)
		}
		f.stack[at] = word
	}
	if err := f.run(); err != nil {
		return nil, err
	}
	switch f.result {
	case 0:
		return nil, nil
	case api.ValueTypeI32:
		return int32(f.stack[0]), nil
	case api.ValueTypeI64:
		return int64(f.stack[0]), nil
	default:
		return nil, fmt.Errorf("%s returns a %s", f.name, api.ValueTypeName(f.result))
	}
}

// enter is Call for arguments and a result that need no conversion.
func (f *function) enter(args ...uint64) ([]uint64, error) {
	switch {
	case f.guest == nil:
		return nil, fmt.Errorf("the plugin does not export %q", f.name)
	case len(args) != len(f.params):
		return nil, fmt.Errorf("%s takes %d arguments, not %d", f.name, len(f.params), len(args))
	case f.entered:
		return nil, f.again()
	}
	copy(f.stack, args)
	return f.stack, f.run()
}

// Enter is enter for two i32 and a result, for those who call an instance for many frames under its lock.
func (f *function) Enter(first uint32, second uint32) (uint64, error) {
	if f.result == 0 {
		return 0, fmt.Errorf("%s returns nothing", f.name)
	}
	stack, err := f.enter(uint64(first), uint64(second))
	if err != nil {
		return 0, err
	}
	return stack[0], nil
}

// status is enter for a function that returns one, as those in answers do.
func (f *function) status(args ...uint64) (int32, error) {
	stack, err := f.enter(args...)
	if err != nil {
		return 0, err
	}
	return int32(stack[0]), nil
}

// word is an i32 on the stack.
func word(value int32) uint64 {
	return uint64(uint32(value))
}

func (f *function) run() error {
	f.entered = true
	err := f.guest.CallWithStack(background, f.stack)
	f.entered = false
	return err
}

func (f *function) again() error {
	return fmt.Errorf("%s is called recursively", f.name)
}

// narrow makes a word of an argument. MOSN's codec mixes int and int32 for what are i32 to a guest.
func narrow(arg interface{}, param api.ValueType) (uint64, error) {
	var value int64
	switch arg := arg.(type) {
	case int32:
		value = int64(arg)
	case int:
		value = int64(arg)
	case int64:
		value = arg
	case uint32:
		value = int64(arg)
	default:
		return 0, fmt.Errorf("a %T is not an integer", arg)
	}
	switch param {
	case api.ValueTypeI32:
		return uint64(uint32(value)), nil
	case api.ValueTypeI64:
		return uint64(value), nil
	default:
		return 0, fmt.Errorf("a %T is not a %s", arg, api.ValueTypeName(param))
	}
}
