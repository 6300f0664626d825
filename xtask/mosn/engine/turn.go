package engine

import (
	"runtime"
	"sync"
)

// turn is the lock of an instance.
//
// A turn takes microseconds, and each call of a client takes eight. Whoever has to wait lets other
// goroutines run and tries again: to sleep and be woken costs more than a turn. A [sync.Mutex] alone
// would also be handed from sleeper to sleeper once somebody has waited for a millisecond, which
// happens whenever the system takes the processor from the one whose turn it is, and processors
// would be idle between the turns.
type turn struct {
	mutex sync.Mutex
}

// attempts is how often a goroutine tries before it sleeps: in a turn that long something is wrong.
const attempts = 30

func (t *turn) Lock() {
	for range attempts {
		if t.mutex.TryLock() {
			return
		}
		runtime.Gosched()
	}
	t.mutex.Lock()
}

func (t *turn) TryLock() bool {
	return t.mutex.TryLock()
}

func (t *turn) Unlock() {
	t.mutex.Unlock()
}
