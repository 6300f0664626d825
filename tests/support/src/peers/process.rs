//! A process that is asked by lines of JSON and answers by lines of JSON.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

/// The longest that a process may take until it is ready: a JVM on a busy machine.
const START: Duration = Duration::from_secs(30);
/// The longest that it may take to end after its standard input has.
const STOP: Duration = Duration::from_secs(5);
/// How often what does not report changes by itself is polled.
const LOOK: Duration = Duration::from_millis(10);
/// Lines of the log that are shown when something goes wrong.
const TAIL: usize = 20;

/// The process. Dropping it ends it, and it ends by itself if this one is gone: its standard input
/// does then.
#[derive(Debug)]
pub struct Process {
    child: Mutex<Child>,
    stdin: Mutex<Option<ChildStdin>>,
    waiting: Arc<Waiting>,
    next: AtomicU64,
    library: String,
    log: PathBuf,
}

/// Who waits for which answer; `None` when no more will come.
type Waiting = Mutex<Option<HashMap<u64, SyncSender<Value>>>>;

impl Process {
    /// Starts `command` and waits until it is ready. What it writes to its standard error goes to
    /// the file `log`.
    ///
    /// # Errors
    /// If it cannot be started, ends, or is not ready in time.
    pub fn start(mut command: Command, log: &Path) -> Result<Self> {
        let file =
            File::create(log).with_context(|| format!("cannot write `{}`", log.display()))?;
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(file);
        // Ctrl-C is for us: we end it when we are ready.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot run `{}`", cargo_meshwire::sh::line(&command)))?;
        let waiting = Arc::new(Mutex::new(Some(HashMap::new())));
        let ready = listen(child.stdout.take(), Arc::clone(&waiting));
        let mut process = Self {
            stdin: Mutex::new(child.stdin.take()),
            child: Mutex::new(child),
            waiting,
            next: AtomicU64::new(1),
            library: String::new(),
            log: log.to_path_buf(),
        };
        process.library = match ready.recv_timeout(START) {
            Ok(library) => library,
            Err(RecvTimeoutError::Timeout) => {
                bail!("not ready after {} s{}", START.as_secs(), process.tail())
            }
            Err(RecvTimeoutError::Disconnected) => {
                bail!("ended while it was starting{}", process.tail())
            }
        };
        Ok(process)
    }

    /// What it says it runs: name and version of the library.
    pub fn library(&self) -> &str {
        &self.library
    }

    /// Its process id, for those who watch its memory.
    pub fn id(&self) -> u32 {
        lock(&self.child).id()
    }

    /// Where it logs.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Sends `request`, an object, and waits for its answer. May be called by many threads.
    ///
    /// # Errors
    /// If the process is gone, or does not answer within `timeout`.
    pub fn ask(&self, mut request: Value, timeout: Duration) -> Result<Value> {
        let seq = self.next.fetch_add(1, Ordering::Relaxed);
        request["seq"] = seq.into();
        let (sender, answer) = mpsc::sync_channel(1);
        match lock(&self.waiting).as_mut() {
            Some(waiting) => waiting.insert(seq, sender),
            None => return Err(self.ended(&request)),
        };
        if self.send(&request).is_err() {
            return Err(self.ended(&request));
        }
        answer.recv_timeout(timeout).map_err(|error| {
            if let Some(waiting) = lock(&self.waiting).as_mut() {
                waiting.remove(&seq);
            }
            match error {
                RecvTimeoutError::Timeout => anyhow!(
                    "no answer to `{request}` in {} s{}",
                    timeout.as_secs_f32(),
                    self.tail()
                ),
                RecvTimeoutError::Disconnected => self.ended(&request),
            }
        })
    }

    fn send(&self, request: &Value) -> Result<()> {
        let mut stdin = lock(&self.stdin);
        let stdin = stdin.as_mut().context("it is being ended")?;
        // One write: lines of two threads must not mix.
        stdin.write_all(format!("{request}\n").as_bytes())?;
        Ok(stdin.flush()?)
    }

    fn ended(&self, request: &Value) -> anyhow::Error {
        anyhow!("ended before it answered `{request}`{}", self.tail())
    }

    /// The end of its log, to be shown below an error.
    fn tail(&self) -> String {
        let text = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        let last = &lines[lines.len().saturating_sub(TAIL)..];
        if last.is_empty() {
            return String::new();
        }
        format!("; it said last:\n  {}", last.join("\n  "))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(lock(&self.stdin).take());
        let mut child = lock(&self.child);
        let deadline = Instant::now() + STOP;
        while Instant::now() < deadline {
            if !matches!(child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(LOOK);
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// A thread that panicked has left nothing half done here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hands each answer to the one who waits for it, until there are no more. The first line names the
/// library, which is what the receiver gets.
fn listen(
    stdout: Option<impl Read + Send + 'static>,
    waiting: Arc<Waiting>,
) -> mpsc::Receiver<String> {
    let (ready, library) = mpsc::sync_channel(1);
    std::thread::spawn(move || {
        let lines = stdout
            .into_iter()
            .flat_map(|pipe| BufReader::new(pipe).lines());
        // What is no JSON, a library has printed past its peer.
        let answers = lines
            .map_while(Result::ok)
            .filter_map(|line| serde_json::from_str::<Value>(&line).ok());
        for answer in answers {
            if answer["ready"] == true {
                let library = answer["library"].as_str().unwrap_or_default();
                let _ = ready.send(library.to_owned());
            }
            let Some(seq) = answer["seq"].as_u64() else {
                continue;
            };
            let sender = lock(&waiting).as_mut().and_then(|all| all.remove(&seq));
            if let Some(sender) = sender {
                // After a deadline the receiver is gone.
                let _ = sender.send(answer);
            }
        }
        // Wakes up everybody who waits.
        lock(&waiting).take();
    });
    library
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use serde_json::json;

    const TIMEOUT: Duration = Duration::from_secs(10);
    const READY: &str = r#"echo '{"ready":true,"library":"sh 1"}'"#;

    /// A shell instead of a peer.
    fn start(name: &str, script: &str) -> Result<Process> {
        let folder = std::env::temp_dir().join(format!("xtask-peers-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Process::start(command, &folder.join(name))
    }

    #[test]
    fn answers_reach_who_asked_in_any_order() {
        // The second request is answered first.
        let answers = r#"read a; read b; echo '{"seq":2,"b":1}'; echo '{"seq":1,"a":1}'; cat"#;
        let process = start("order", &format!("{READY}; {answers}")).unwrap();
        assert_eq!(process.library(), "sh 1");
        std::thread::scope(|scope| {
            let ask = |op| {
                let process = &process;
                scope.spawn(move || process.ask(json!({"op": op}), TIMEOUT).unwrap())
            };
            let (one, two) = (ask("one"), ask("two"));
            let (one, two) = (one.join().unwrap(), two.join().unwrap());
            let mut seen = [one["seq"].as_u64(), two["seq"].as_u64()];
            seen.sort_unstable();
            assert_eq!(seen, [Some(1), Some(2)]);
            assert!([&one, &two].iter().all(|answer| {
                (answer["seq"] == 1 && answer["a"] == 1) || (answer["seq"] == 2 && answer["b"] == 1)
            }));
        });
    }

    #[test]
    fn what_a_library_prints_is_no_answer() {
        let script = format!("echo hello; {READY}; read a; echo '[]'; echo '{{\"seq\":1}}'; cat");
        let process = start("prints", &script).unwrap();
        let answer = process.ask(json!({"op": "x"}), TIMEOUT).unwrap();
        assert_eq!(answer, json!({"seq": 1}));
    }

    #[test]
    fn an_end_is_told_at_once_and_with_the_log() {
        let error = start("early", "echo no such module >&2; exit 1").unwrap_err();
        assert!(error.to_string().contains("no such module"), "{error}");
        let process = start("late", &format!("{READY}; read a; echo oh >&2")).unwrap();
        let error = process.ask(json!({"op": "x"}), TIMEOUT).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("ended before") && text.contains("oh"),
            "{text}"
        );
        let error = process.ask(json!({"op": "y"}), TIMEOUT).unwrap_err();
        assert!(error.to_string().contains("ended before"), "{error}");
    }

    #[test]
    fn a_deadline_is_kept_and_the_next_answer_is_not_mistaken() {
        let script =
            format!("{READY}; read a; read b; echo '{{\"seq\":1}}'; echo '{{\"seq\":2}}'; cat");
        let process = start("deadline", &script).unwrap();
        let short = Duration::from_millis(30);
        let error = process.ask(json!({"op": "x"}), short).unwrap_err();
        assert!(error.to_string().contains("no answer to"), "{error}");
        let answer = process.ask(json!({"op": "y"}), TIMEOUT).unwrap();
        assert_eq!(answer["seq"], 2);
    }

    #[test]
    fn a_process_ends_with_its_owner() {
        let file = std::env::temp_dir().join(format!("xtask-peers-end-{}", std::process::id()));
        let script = format!("{READY}; cat; echo ended > {}", file.display());
        drop(start("end", &script).unwrap());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "ended\n");
        std::fs::remove_file(file).unwrap();
    }
}
