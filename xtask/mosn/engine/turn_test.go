package engine

import (
	"sync"
	"testing"
	"time"
)

func TestTurnsExcludeEachOther(t *testing.T) {
	var turn turn
	var all sync.WaitGroup
	count := 0
	for range 8 {
		all.Go(func() {
			for range 10_000 {
				turn.Lock()
				count++
				turn.Unlock()
			}
		})
	}
	all.Wait()
	if count != 80_000 {
		t.Errorf("%d of 80000 turns count", count)
	}
}

func TestALongTurnIsWaitedFor(t *testing.T) {
	var turn turn
	turn.Lock()
	taken := make(chan struct{})
	go func() {
		turn.Lock()
		close(taken)
	}()
	select {
	case <-taken:
		t.Error("two have their turn")
	case <-time.After(20 * time.Millisecond):
	}
	turn.Unlock()
	<-taken
}
