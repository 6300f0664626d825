//! Maven fetches, javac compiles.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::peers::PeerKind;
use cargo_meshwire::install::{Installation, need, run};
use cargo_meshwire::workspace;

/// Small and quick to start: many short calls need neither a large heap nor the second compiler.
const FLAGS: [&str; 7] = [
    "-Xmx128m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    // The client's own heartbeats, as soon as a connection is idle for so many milliseconds.
    "-Dbolt.tcp.heartbeat.interval=1000",
    // Without these an exception does not get through Dubbo's hessian.
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--add-opens=java.base/java.math=ALL-UNNAMED",
    // Milliseconds that Dubbo gives calls when it ends a server or a client.
    "-Ddubbo.service.shutdown.wait=0",
];

pub(super) fn command(installation: &Installation, kind: PeerKind) -> Result<Command> {
    need("java", "-version", "openjdk-17-jdk-headless")?;
    let pom = installation.sources.join("pom.xml");
    let classpath = installation.folder.join("classpath");
    installation.once("classpath", std::slice::from_ref(&pom), || {
        need("mvn", "-version", "maven")?;
        let mut maven = Command::new("mvn");
        maven.args(["-B", "-q", "-f"]).arg(&pom);
        maven.arg(format!(
            "-Dmaven.repo.local={}",
            installation.folder.join("m2").display()
        ));
        maven.arg("dependency:build-classpath");
        maven.arg(format!("-Dmdep.outputFile={}", classpath.display()));
        run(&mut maven, "fetching the Java peers (about half a minute)")
    })?;
    let libraries = std::fs::read_to_string(&classpath)
        .with_context(|| format!("cannot read `{}`", classpath.display()))?;
    let classes = installation.folder.join("classes");
    let mut inputs = sources(installation)?;
    inputs.push(classpath);
    installation.once("classes", &inputs, || {
        need("javac", "-version", "openjdk-17-jdk-headless")?;
        // Nothing of a source that is gone is to stay. At first there is no folder.
        let _ = std::fs::remove_dir_all(&classes);
        let mut javac = Command::new("javac");
        javac.args(["-nowarn", "-proc:none", "-d"]).arg(&classes);
        javac.args(["-cp", libraries.trim()]);
        javac.args(inputs.iter().filter(|input| input.extension().is_some()));
        run(&mut javac, "compiling the Java peers")
    })?;
    let mut java = Command::new("java");
    java.args(FLAGS);
    // SOFA-RPC's traces would go below the user's home.
    let traces = installation.folder.join("logs");
    java.arg(format!("-Dlogging.path={}", traces.display()));
    java.arg("-cp");
    java.arg(format!(
        "{}{SEPARATOR}{}",
        classes.display(),
        libraries.trim()
    ));
    java.args(["peers.Main", kind.name()]);
    Ok(java)
}

const SEPARATOR: &str = if cfg!(windows) { ";" } else { ":" };

fn sources(installation: &Installation) -> Result<Vec<PathBuf>> {
    let files = workspace::files(&installation.sources)?.into_iter();
    Ok(files
        .filter(|file| {
            file.extension()
                .is_some_and(|extension| extension == "java")
        })
        .map(|file| installation.sources.join(file))
        .collect())
}
