//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"

	"mosn.io/pkg/utils"
)

// onUpdate calls a function at each SIGUSR2: MOSN itself takes SIGUSR1 and SIGHUP.
func onUpdate(update func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR2)
	utils.GoWithRecover(func() {
		for range signals {
			update()
		}
	}, nil)
}
