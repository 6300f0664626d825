//! `cargo meshwire build-plugin`: one example, one host, one checked artifact.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use md5::{Digest, Md5};

use crate::oci::{self, Image};
pub use crate::wasm::PluginHost;
use crate::wasm::{self, Report};
use crate::workspace::{Example, Place, Selection, Workspace};
use crate::{print, sh, toolchain};

/// Build a plugin and check that it would load in its host
///
/// Writes the release artifact to the folder `build` of the plugin, as NAME.wasm, or NAME.envoy.wasm for that
/// host, with its md5 next to it, and shows its size, imports and exports. Installs the wasm target if it is missing. Fails, without an
/// artifact, if the module would not load. With --oci, the folder NAME.envoy.oci beside the artifact is an image
/// of it for Istio; the digest is the same wherever and whenever the same module is packed. With --host envoy-module it is
/// a shared library for this machine's architecture and libc, NAME.envoy.so.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo meshwire build-plugin bolt
  cargo meshwire build-plugin bolt --host envoy
  cargo meshwire build-plugin bolt --host envoy --oci
                                        an image too, and how to push it
  cargo meshwire build-plugin bolt --host envoy-module
                                        a native library, for each call a stream of HTTP/2")]
pub struct Args {
    #[command(flatten)]
    plugin: Selection,
    /// The host to build for
    #[arg(long, value_enum, default_value_t)]
    host: PluginHost,
    /// Pack it as an OCI image too, as Istio fetches it; with `--host envoy`
    #[arg(long)]
    oci: bool,
}

/// A plugin that was built and checked.
#[derive(Debug)]
pub struct Artifact {
    /// The module.
    pub path: PathBuf,
    /// Its md5, in lower-case hex, as MOSN's configuration wants it.
    pub md5: String,
    /// What it is made of.
    pub report: Report,
}

/// How much cargo says while it builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noise {
    /// Its usual progress.
    Progress,
    /// Warnings and errors, and one line of ours if it takes longer than a moment.
    Quiet,
}

/// Runs the command.
///
/// # Errors
/// If the plugin is unknown, does not build or would not load.
pub fn run(args: &Args, place: &Place) -> Result<()> {
    let workspace = Workspace::of(place)?;
    let example = workspace.plugin(args.plugin.name())?;
    if args.oci && args.host != PluginHost::Envoy {
        return Err(no_image(&example.name, args.host));
    }
    let artifact = build(&workspace, &example, args.host, Noise::Progress)?;
    let module = print::module(&artifact.path, &artifact.report, Some(&artifact.md5));
    print::text(format_args!(
        "{module}{}",
        print::findings(&artifact.report)
    ));
    if args.oci {
        let image = image(&example, &artifact)?;
        let text = print::image(&example.image(), &example.name, image.digest());
        print::text(format_args!("{text}"));
    }
    Ok(())
}

fn no_image(name: &str, host: PluginHost) -> anyhow::Error {
    anyhow!(
        "`--oci` makes an image for Istio, {host} reads the module from a file\n  \
         the image: cargo meshwire build-plugin {name} --host envoy --oci\n  \
         the file:  cargo meshwire build-plugin {name}",
        host = host.name()
    )
}

/// Packs an artifact for Envoy and leaves its image beside it.
///
/// # Errors
/// If a file cannot be read or written.
pub fn image(example: &Example, artifact: &Artifact) -> Result<Image> {
    let path = &artifact.path;
    let module =
        std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let image = Image::of(&module)?;
    image.write(&example.image(), &example.name)?;
    Ok(image)
}

/// The artifact of `example` as its sources are now. The first build shows cargo's progress, later ones take a moment.
///
/// # Errors
/// Those of [`build`].
pub fn up_to_date(workspace: &Workspace, example: &Example, host: PluginHost) -> Result<Artifact> {
    let noise = if example.artifact(host).exists() {
        Noise::Quiet
    } else {
        Noise::Progress
    };
    build(workspace, example, host, noise)
}

/// Builds `example` and leaves its artifact only if it is good.
///
/// # Errors
/// If it does not build or would not load. Then there is no artifact, not even an older one.
pub fn build(
    workspace: &Workspace,
    example: &Example,
    host: PluginHost,
    noise: Noise,
) -> Result<Artifact> {
    if host != PluginHost::EnvoyModule {
        toolchain::ensure_wasm(&workspace.root, &example.name)?;
    }
    build_and_check(workspace, example, host, noise).inspect_err(|_| discard(example, host))
}

fn build_and_check(
    workspace: &Workspace,
    example: &Example,
    host: PluginHost,
    noise: Noise,
) -> Result<Artifact> {
    let built = compile(workspace, example, host, noise)?;
    let bytes =
        std::fs::read(&built).with_context(|| format!("cannot read `{}`", built.display()))?;
    let report = wasm::check(&bytes, host);
    if !report.loads() {
        let module = print::module(&built, &report, None);
        anstream::eprint!("{module}{}", print::findings(&report));
        bail!(
            "`{}` would not load in {}, it is not copied",
            example.name,
            host.name()
        );
    }
    let (path, md5) = (example.artifact(host), md5(&bytes));
    // An image of another module must not pass for this one's.
    if host == PluginHost::Envoy && !std::fs::read(&path).is_ok_and(|last| last == bytes) {
        oci::remove(&example.image())?;
    }
    write(&path, &bytes)?;
    write(&md5_file(&path), format!("{md5}\n").as_bytes())?;
    Ok(Artifact { path, md5, report })
}

fn compile(
    workspace: &Workspace,
    example: &Example,
    host: PluginHost,
    noise: Noise,
) -> Result<PathBuf> {
    let (mut cargo, built) = match host {
        PluginHost::EnvoyModule => {
            let triple = toolchain::native::triple(&workspace.root)?;
            let cargo = toolchain::native::build(workspace, &example.name, &triple)?;
            let built = toolchain::native::built(workspace, &example.library, &triple);
            (cargo, built)
        }
        PluginHost::Mosn | PluginHost::Envoy => (
            toolchain::build_wasm(workspace, &example.name, host)?,
            toolchain::built_wasm(workspace, &example.library),
        ),
    };
    match noise {
        Noise::Progress => sh::run(&mut cargo)?,
        Noise::Quiet => {
            let what = format!("building {} for {}", example.name, host.name());
            sh::run_quietly(cargo.arg("--quiet"), &what)?;
        }
    }
    Ok(built)
}

/// Lower-case hex of the md5 of `bytes`.
pub fn md5(bytes: &[u8]) -> String {
    format!("{:032x}", u128::from_be_bytes(Md5::digest(bytes).into()))
}

fn md5_file(artifact: &Path) -> PathBuf {
    let mut file = artifact.as_os_str().to_owned();
    file.push(".md5");
    file.into()
}

/// Replaces the file atomically: a reader gets the old one or the new one.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let partial = path.with_extension(format!("{}.partial", std::process::id()));
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir)
            .with_context(|| format!("cannot create `{}`", dir.display()))?;
    }
    std::fs::write(&partial, bytes)
        .and_then(|()| std::fs::rename(&partial, path))
        .with_context(|| format!("cannot write `{}`", path.display()))
}

/// Best effort: what an earlier build left must not pass for the result of this one.
fn discard(example: &Example, host: PluginHost) {
    let artifact = example.artifact(host);
    let _ = std::fs::remove_file(md5_file(&artifact));
    let _ = std::fs::remove_file(artifact);
    if host == PluginHost::Envoy {
        let _ = oci::remove(&example.image());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn md5_is_lower_case_hex() {
        assert_eq!(md5(b""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(md5(b"abc"), "900150983cd24fb0d6963f7d28e17f72");
    }

    #[test]
    fn the_md5_lies_beside_the_artifact() {
        let example = Example {
            name: "my-rpc".to_owned(),
            dir: "examples/my-rpc".into(),
            library: "my_rpc".to_owned(),
            has_driver: true,
        };
        let artifact = example.artifact(PluginHost::Mosn);
        assert_eq!(artifact, Path::new("examples/my-rpc/build/my-rpc.wasm"));
        assert_eq!(
            md5_file(&artifact),
            Path::new("examples/my-rpc/build/my-rpc.wasm.md5")
        );
        let artifact = example.artifact(PluginHost::Envoy);
        assert_eq!(
            md5_file(&artifact),
            Path::new("examples/my-rpc/build/my-rpc.envoy.wasm.md5")
        );
        assert_eq!(
            example.image(),
            Path::new("examples/my-rpc/build/my-rpc.envoy.oci")
        );
    }

    #[test]
    fn an_image_is_for_istio_only() {
        let message = no_image("bolt", PluginHost::Mosn).to_string();
        assert!(message.contains("MOSN reads"), "{message}");
        assert!(message.contains("bolt --host envoy --oci"), "{message}");
    }
}
