// A MOSN that runs x-protocol codecs, and only what they need of it.
//
// MOSN's own main package also links Istio, xDS, Seata and tracing, some of whose dependencies cannot
// be had any more. What is left here builds in a minute or two without cgo, to one static binary,
// with the engine that runs codecs: see the package engine. With the build tag `wasmer`, and a C
// compiler, it has the engine of a stock MOSN too.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli"
	"mosn.io/mosn/pkg/admin/server"
	"mosn.io/mosn/pkg/metrics"
	"mosn.io/mosn/pkg/mosn"
	"mosn.io/mosn/pkg/stagemanager"

	"github.com/meshwire/meshwire/xtask/mosn/lean"
)

func main() {
	app := cli.NewApp()
	app.Name = "mosn"
	app.Usage = "MOSN with the engine for x-protocol codecs in WebAssembly"
	app.Version = version
	app.Commands = []cli.Command{{
		Name:  "start",
		Usage: "start the proxy, until a signal stops it",
		Flags: []cli.Flag{
			cli.StringFlag{Name: "config, c", Usage: "the configuration, a JSON `FILE`"},
			cli.BoolFlag{Name: "stop-at-eof", Usage: "stop when the standard input ends"},
		},
		Action: start,
	}}
	if err := app.Run(os.Args); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// start goes through the stages of MOSN's own start command, without those of what is not linked.
func start(c *cli.Context) error {
	config := c.String("config")
	// MOSN would start without any listener.
	if _, err := os.Stat(config); err != nil {
		return err
	}
	// Or the admin API would not know.
	server.SetVersion(version)
	metrics.SetVersion(version)
	stages := stagemanager.InitStageManager(c, config, mosn.NewMosn())
	stages.AppendParamsParsedStage(registerExtensions)
	stages.AppendInitStage(lean.NamePlugins)
	stages.AppendInitStage(mosn.DefaultInitStage)
	stages.AppendInitStage(lean.Start)
	stages.AppendPreStartStage(quietLog)
	stages.AppendPreStartStage(mosn.DefaultPreStartStage)
	stages.AppendStartStage(mosn.DefaultStartStage)
	stages.AppendStartStage(updates(config))
	if c.Bool("stop-at-eof") {
		stages.AppendStartStage(stopAtEOF)
	}
	stages.AppendAfterStopStage(func(stagemanager.Application) { lean.Summarise(os.Stdout) })
	stages.RunAll()
	return nil
}

// stopAtEOF ends this process with the one that started it, in whatever way that ended.
func stopAtEOF(stagemanager.Application) {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stagemanager.NoticeStop(stagemanager.Stop)
	}()
}
