package main

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	v2 "mosn.io/mosn/pkg/config/v2"
	"mosn.io/mosn/pkg/log"
	"mosn.io/mosn/pkg/stagemanager"
	"mosn.io/mosn/pkg/wasm"
)

// updates is a stage that lets plugins be replaced while MOSN runs: at a signal it reads the plugins of the
// configuration again. MOSN can do it, but nothing of it asks for it except xDS. Calls that are under way stay with
// the instances that they have begun with.
func updates(config string) func(stagemanager.Application) {
	return func(stagemanager.Application) {
		onUpdate(func() {
			if err := update(config); err != nil {
				log.DefaultLogger.Errorf("[update] %v", err)
			}
		})
	}
}

// update replaces the plugins that are not as the configuration says.
func update(config string) error {
	text, err := os.ReadFile(config)
	if err != nil {
		return err
	}
	var read struct {
		Plugins []v2.WasmPluginConfig `json:"wasm_global_plugins"`
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return fmt.Errorf("%s: %w", config, err)
	}
	var all []error
	for _, plugin := range read.Plugins {
		all = append(all, replace(plugin))
	}
	return errors.Join(all...)
}

// replace loads a plugin unless it is there with this configuration.
func replace(plugin v2.WasmPluginConfig) error {
	known := wasm.GetWasmManager().GetWasmPluginWrapperByName(plugin.PluginName)
	if known == nil {
		return fmt.Errorf("plugin %q is new: that needs a restart", plugin.PluginName)
	}
	if plugin.VmConfig == nil {
		return fmt.Errorf("plugin %q has no `vm_config`", plugin.PluginName)
	}
	if before := known.GetConfig(); before.VmConfig != nil && *before.VmConfig == *plugin.VmConfig {
		if before.InstanceNum == plugin.InstanceNum {
			return nil
		}
		// MOSN would add instances that it does not configure. Without a sum it makes all of them anew.
		if err := isFile(plugin.VmConfig); err != nil {
			return fmt.Errorf("plugin %q: %w", plugin.PluginName, err)
		}
		plugin.VmConfig.Md5 = ""
	}
	if err := wasm.GetWasmManager().AddOrUpdateWasm(plugin); err != nil {
		return fmt.Errorf("plugin %q stays as it was: %w", plugin.PluginName, err)
	}
	now := known.GetPlugin()
	log.DefaultLogger.Warnf("[update] plugin %q is now %s, instances: %d", plugin.PluginName,
		known.GetConfig().VmConfig.Md5, now.InstanceNum())
	return nil
}

// isFile is an error if the module is not the one with the sum that the configuration has.
func isFile(vm *v2.WasmVmConfig) error {
	if vm.Path == "" {
		return nil
	}
	module, err := os.ReadFile(vm.Path)
	if err != nil {
		return err
	}
	if sum := md5.Sum(module); hex.EncodeToString(sum[:]) != vm.Md5 {
		return fmt.Errorf("%s has another md5 than %s", vm.Path, vm.Md5)
	}
	return nil
}
