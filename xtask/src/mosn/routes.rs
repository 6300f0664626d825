//! One or more plugins of one host, each with the way that its calls take.

use std::net::SocketAddr;

use anyhow::{Result, bail};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{CommandFactory as _, FromArgMatches as _};

use super::build::Flavour;
use super::codec::Codec;
use super::settings::{HostSettings, Settings};
use crate::workspace::Workspace;

/// How far the ports of two plugins are apart where flags do not say else.
const APART: u16 = 10;

/// A codec and the way of its calls.
#[derive(Clone, Debug)]
pub struct CodecRoute {
    /// What reads them.
    pub codec: Codec,
    /// Where they go.
    pub settings: Settings,
}

/// The plugins of a command line and what the host needs besides.
#[derive(clap::Args, Debug)]
pub struct RouteArgs {
    /// The package of a plugin, a .wasm file, or `native:bolt` for MOSN's own codec
    plugin: String,
    /// Further plugins in the same host. A flag belongs to the plugin before it; ports are 10
    /// higher for every further one where no flag gives them
    #[arg(value_name = "PLUGIN [OPTIONS]", trailing_var_arg = true)]
    further: Vec<String>,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    host: HostSettings,
}

/// What is asked of a further plugin.
#[derive(clap::Parser, Debug)]
#[command(no_binary_name = true, name = "…")]
#[command(override_usage = "… <PLUGIN> [OPTIONS] [<PLUGIN> [OPTIONS]]...")]
struct Next {
    #[command(flatten)]
    asked: RouteArgs,
}

impl RouteArgs {
    /// The host's settings.
    pub fn host(&self) -> &HostSettings {
        &self.host
    }

    /// All plugins with their flags, checked, and built where need be. A flag of a further plugin
    /// that does not parse ends the program as clap does.
    ///
    /// # Errors
    /// If addresses do not fit together, or a plugin is not there, does not build or would not be
    /// used.
    pub fn routes(&self, workspace: &Workspace) -> Result<Vec<CodecRoute>> {
        let mut asked = vec![(self.plugin.clone(), self.settings.clone())];
        asked.extend(further(&self.further).unwrap_or_else(|error| error.exit()));
        let settings: Vec<&Settings> = asked.iter().map(|(_, settings)| settings).collect();
        check(&settings, &self.host)?;
        let mut routes: Vec<CodecRoute> = Vec::new();
        for (name, settings) in asked {
            let codec = Codec::find(workspace, &name, &settings)?;
            routes.push(CodecRoute { codec, settings });
        }
        distinct(&routes)?;
        Ok(routes)
    }
}

/// The plugins after the first one.
fn further(args: &[String]) -> Result<Vec<(String, Settings)>, clap::Error> {
    let mut found = Vec::new();
    let mut rest = args.to_vec();
    while !rest.is_empty() {
        let mut command = Next::command();
        let matches = command.try_get_matches_from_mut(&rest)?;
        let given = |flag: &str| matches.value_source(flag) == Some(ValueSource::CommandLine);
        if given("admin") || given("log_level") {
            let what = "the flags of the host belong to the first plugin";
            return Err(command.error(ErrorKind::ArgumentConflict, what));
        }
        let RouteArgs {
            plugin,
            mut settings,
            further,
            ..
        } = Next::from_arg_matches(&matches)?.asked;
        let steps = u16::try_from(found.len() + 1).unwrap_or(u16::MAX);
        let shift = |flag: &str, address: &mut SocketAddr| {
            if !given(flag) {
                let port = address.port().saturating_add(APART.saturating_mul(steps));
                address.set_port(port);
            }
        };
        shift("client", &mut settings.client);
        shift("server", &mut settings.server);
        for upstream in &mut settings.upstream {
            shift("upstream", upstream);
        }
        found.push((plugin, settings));
        rest = further;
    }
    Ok(found)
}

/// Every address that the host listens on.
pub fn listens(routes: &[CodecRoute], host: &HostSettings) -> Vec<SocketAddr> {
    let settings: Vec<&Settings> = routes.iter().map(|route| &route.settings).collect();
    all_listens(&settings, host)
}

/// The binary that has every engine asked for.
pub fn flavour(routes: &[CodecRoute]) -> Flavour {
    let flavours = routes.iter().map(|route| route.settings.engine.flavour());
    flavours
        .into_iter()
        .find(|flavour| *flavour == Flavour::Stock)
        .unwrap_or(Flavour::Static)
}

fn all_listens(settings: &[&Settings], host: &HostSettings) -> Vec<SocketAddr> {
    let listeners = settings.iter().flat_map(|settings| settings.listens());
    listeners.chain([host.admin]).collect()
}

/// Looks for addresses that the host would accept and never get right.
fn check(settings: &[&Settings], host: &HostSettings) -> Result<()> {
    let listens = all_listens(settings, host);
    for (at, address) in listens.iter().enumerate() {
        if listens.iter().skip(at + 1).any(|other| other == address) {
            bail!("two listeners on `{address}`");
        }
        if settings
            .iter()
            .any(|settings| settings.upstream.contains(address))
        {
            bail!("`{address}` is both an upstream and a listener of this host: calls would loop");
        }
    }
    Ok(())
}

/// Of two codecs for one protocol the host silently keeps the first.
fn distinct(routes: &[CodecRoute]) -> Result<()> {
    for (at, route) in routes.iter().enumerate() {
        let protocol = route.codec.protocol();
        let again = routes.iter().skip(at + 1);
        let is_plugin = route.codec.plugin().is_some();
        if is_plugin
            && again
                .into_iter()
                .any(|other| other.codec.protocol() == protocol)
        {
            bail!(
                "two plugins for `{protocol}` in one host: MOSN would ignore the second\n  \
                 rename one: `--protocol {protocol}-2`"
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::settings::loopback;
    use super::super::settings::tests::settings;
    use super::*;

    fn args(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_flag_belongs_to_the_plugin_before_it() {
        let found = further(&args("b --set k=v --client 127.0.0.1:7 c --one-hop d")).unwrap();
        let [(b, of_b), (c, of_c), (d, of_d)] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!([b.as_str(), c, d], ["b", "c", "d"]);
        assert_eq!(of_b.set.len(), 1);
        assert_eq!(of_b.listens(), [loopback(7), loopback(2056)]);
        assert!(of_c.one_hop && of_c.set.is_empty());
        assert_eq!(of_c.client, loopback(2065));
        assert_eq!(of_d.upstream, [loopback(12229)]);
    }

    #[test]
    fn the_host_has_its_flags_once() {
        assert!(further(&args("b --admin 127.0.0.1:7")).is_err());
        assert!(further(&args("--one-hop")).is_err());
    }

    #[test]
    fn the_defaults_fit_together() {
        let further = further(&args("b c")).unwrap();
        let mut all = vec![&further[0].1, &further[1].1];
        let first = settings("");
        all.push(&first);
        check(&all, &HostSettings::default()).unwrap();
    }

    #[test]
    fn a_circle_is_refused() {
        let host = HostSettings::default();
        let refusal = |line: &str| check(&[&settings(line)], &host).map_err(|e| e.to_string());
        let message = refusal("--upstream 127.0.0.1:2046").unwrap_err();
        assert!(message.contains("would loop"), "{message}");
        refusal("--upstream 127.0.0.1:2046 --one-hop").unwrap();
        assert!(refusal("--server 127.0.0.1:2045").is_err());
        let two = [&settings(""), &settings("--client 127.0.0.1:7")];
        assert!(check(&two, &host).is_err());
    }

    #[test]
    fn two_plugins_for_one_protocol_are_refused() {
        let route = |name: &str| CodecRoute {
            codec: Codec::Plugin(super::super::host_config::tests::plugin(name)),
            settings: Settings::default(),
        };
        distinct(&[route("a"), route("b")]).unwrap();
        let message = distinct(&[route("a"), route("a")]).unwrap_err().to_string();
        assert!(message.contains("--protocol x-a-2"), "{message}");
    }
}
