package lean

import (
	"encoding/json"
	"fmt"

	v2 "mosn.io/mosn/pkg/config/v2"
	"mosn.io/mosn/pkg/log"
)

// NamePlugins gives a name to each plugin that is described within the configuration of its codec. MOSN would give
// it a random one, by which nobody finds its instances. It is a stage before MOSN loads plugins.
func NamePlugins(config *v2.MOSNConfig) {
	for _, third := range config.ThirdPartCodec.Codecs {
		if !third.Enable || third.Type != v2.Wasm {
			continue
		}
		plugin, err := within(third.Config)
		if err != nil {
			log.StartLogger.Errorf("[lean] the plugin of %v has no name: %v", third.Config["protocol"], err)
		}
		if plugin != nil {
			third.Config["from_wasm_plugin"] = plugin.PluginName
			config.Wasms = append(config.Wasms, *plugin)
		}
	}
}

// within is the plugin that a codec's configuration describes, if it does not name another.
func within(config map[string]interface{}) (*v2.WasmPluginConfig, error) {
	if name, _ := config["from_wasm_plugin"].(string); name != "" || config["vm_config"] == nil {
		return nil, nil
	}
	text, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	plugin := &v2.WasmPluginConfig{}
	if err := json.Unmarshal(text, plugin); err != nil {
		return nil, err
	}
	plugin.PluginName = fmt.Sprintf("codec of %v", config["protocol"])
	return plugin, nil
}
