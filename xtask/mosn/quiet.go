package main

import (
	"fmt"
	"strings"

	"mosn.io/mosn/pkg/log"
	"mosn.io/mosn/pkg/stagemanager"
	pkglog "mosn.io/pkg/log"
)

// MOSN asks a plugin on each new connection to a server whether its protocol has heartbeats, by asking for
// one with the id 0. It has no other way to know, and logs a no as an error.
const (
	failedFormat = "[protocol] wasm %s keepalive request failed, err %v."
	noHeartbeats = "trigger keepalive request failed"
	probe        = "rpc id: 0"
)

// quietLogger logs that a protocol has no heartbeats at a level that is usually off.
type quietLogger struct {
	pkglog.ErrorLogger
}

func (logger quietLogger) Errorf(format string, args ...interface{}) {
	if format == failedFormat && len(args) == 2 && isNo(args[1]) {
		logger.Debugf("[protocol] wasm %s has no heartbeats", args[0])
		return
	}
	logger.ErrorLogger.Errorf(format, args...)
}

// isNo distinguishes a plugin's no from its failure.
func isNo(err interface{}) bool {
	text := fmt.Sprint(err)
	return strings.Contains(text, noHeartbeats) && strings.HasSuffix(text, probe)
}

// quietLog is a stage before any connection is made, after the log is.
func quietLog(stagemanager.Application) {
	log.DefaultLogger = quietLogger{log.DefaultLogger}
}
