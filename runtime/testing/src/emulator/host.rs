//! The host around the instances of one plugin.

use core::fmt;
use std::collections::HashMap;
use std::rc::Rc;

use meshwire::Bytes;

use super::frame::read_encoded;
use super::side::Results;
use super::trace::{Call, Export, Trace};
use super::{
    Decoded, DecodedFrame, EncodeInput, Failure, Guest, HijackInput, HostPanic, HostSide, Logs,
    Module, Options, Status, Trap,
};
use meshwire::protocol::Level;

/// A stream context, by its number in the plugin.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContextId(pub u32);

impl fmt::Display for ContextId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for ContextId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The host of one plugin: its instances in rotation, its contexts, its log.
///
/// Every method is one step of the host, with the bytes that the host would send, and decodes the
/// answer as the host does. Where the host panics or hangs, it returns a [`Failure`]. The caller chooses
/// the order of steps; a [`Sidecar`](super::Sidecar) has the host's own sequences.
pub struct MosnHost<G: Guest> {
    instances: Vec<Instance<G>>,
    root: u32,
    contexts: HashMap<ContextId, Context>,
    next_context: u32,
    /// Contexts made so far, which selects the next instance.
    turn: usize,
    log: Logs,
    trace: Trace,
    printed: usize,
}

struct Instance<G> {
    guest: G,
    /// A hijack has failed, and the instance stays locked.
    locked: bool,
}

/// The host's own object for a stream context.
struct Context {
    instance: usize,
    results: Results,
}

impl<G: Guest> MosnHost<G> {
    /// Makes the instances. None of them is started.
    pub fn new(module: impl Module<Guest = G>, options: &Options) -> Result<Self, Trap> {
        let log = Logs::default();
        let shared = Rc::default();
        let instances = (0..options.instances)
            .map(|_| {
                let (vm, plugin) = options.configs();
                let side = HostSide::new(vm, plugin, log.clone()).sharing(&shared);
                let guest = module.instantiate(side)?;
                Ok(Instance {
                    guest,
                    locked: false,
                })
            })
            .collect::<Result<_, Trap>>()?;
        Ok(Self {
            instances,
            root: options.root,
            contexts: HashMap::new(),
            next_context: options.first_context,
            turn: 0,
            log,
            trace: Trace::default(),
            printed: 0,
        })
    }

    /// Makes the instances and starts them as a host does: it logs errors, and uses the
    /// plugin regardless. [`MosnHost::start_vm`] and [`MosnHost::start_plugin`] return them.
    pub fn start(module: impl Module<Guest = G>, options: &Options) -> Result<Self, Trap> {
        let mut emulator = Self::new(module, options)?;
        let failures = [emulator.start_vm().err(), emulator.start_plugin().err()];
        for failure in failures.into_iter().flatten() {
            emulator.log.note(Level::Error, failure.to_string());
        }
        Ok(emulator)
    }

    /// Creates the root context of each instance and starts its virtual machine; whether all of them
    /// report success. A host continues in any case.
    pub fn start_vm(&mut self) -> Result<bool, Failure> {
        let root = ContextId(self.root);
        self.on_every_root(|guest| {
            let created = guest.create(root.0, 0).map(|()| 0);
            let (size, _) = guest.host().config_sizes();
            let started = guest.start_vm(root.0, size as u32);
            [(Export::Create, created), (Export::StartVm, started)]
        })
    }

    /// Configures each instance; whether all of them accept the configuration. A host continues in any
    /// case.
    pub fn start_plugin(&mut self) -> Result<bool, Failure> {
        let root = ContextId(self.root);
        self.on_every_root(|guest| {
            let (_, size) = guest.host().config_sizes();
            [(Export::Configure, guest.configure(root.0, size as u32))]
        })
    }

    /// Creates a stream context on the next instance. If the plugin fails, the host
    /// uses the context nevertheless.
    pub fn new_protocol_context(&mut self) -> Result<ContextId, Failure> {
        let instance = self.turn % self.instances.len();
        self.turn += 1;
        let id = ContextId(self.next_context);
        self.next_context = self.next_context.wrapping_add(1);
        self.contexts.insert(
            id,
            Context {
                instance,
                results: Results::default(),
            },
        );
        let root = self.root;
        // The host only warns of a trap.
        match self.call(id, Export::Create, |guest| {
            guest.create(id.0, root).map(|()| 0)
        }) {
            Err(Failure::Trapped(_)) => Ok(id),
            result => result.map(|_| id),
        }
    }

    /// Passes all unread bytes of a connection to the plugin.
    pub fn decode(&mut self, context: ContextId, input: &[u8]) -> Decoded {
        match self.try_decode(context, input) {
            Ok(Some(frame)) => Decoded::Frame(frame),
            Ok(None) => Decoded::NeedMore,
            Err(failure) => Decoded::Error(failure),
        }
    }

    fn try_decode(
        &mut self,
        context: ContextId,
        input: &[u8],
    ) -> Result<Option<DecodedFrame>, Failure> {
        let status = self.call(context, Export::Decode, |guest| {
            guest.decode(context.0, input)
        })?;
        if status != Status::OK && status != Status::NEED_MORE {
            return Err(Failure::Refused(status));
        }
        // The host looks at the buffer and not at the status.
        let context = self.contexts.get(&context);
        let Some(result) = context.and_then(|context| context.results.decoded.as_deref()) else {
            return Ok(None);
        };
        let frame = DecodedFrame::read(result, input)?;
        self.printed += frame.printed;
        Ok(Some(frame))
    }

    /// Encodes a frame. The result can be empty.
    pub fn encode(&mut self, context: ContextId, input: &EncodeInput) -> Result<Bytes, Failure> {
        let export = Export::Encode {
            id: input.id,
            previous: input.previous,
        };
        let bytes = input.to_bytes();
        let status = self.call(context, export, |guest| guest.encode(context.0, &bytes))?;
        expect_ok(status)?;
        let context = self.contexts.get(&context);
        let result = context.and_then(|context| context.results.encoded.as_deref());
        let (bytes, printed) = read_encoded(result.ok_or(HostPanic::NoResult)?)?;
        self.printed += printed;
        Ok(bytes)
    }

    /// Announces a heartbeat; id 0 only queries whether the plugin makes them.
    pub fn keep_alive(&mut self, context: ContextId, id: u64) -> Result<(), Failure> {
        let status = self.call(context, Export::KeepAlive { id }, |guest| {
            guest.keep_alive(context.0, id)
        })?;
        expect_ok(status)
    }

    /// Announces the answer to the heartbeat that was decoded on this context. A host ignores an
    /// error.
    pub fn reply_keep_alive(&mut self, context: ContextId) -> Result<(), Failure> {
        let status = self.call(context, Export::ReplyKeepAlive, |guest| {
            guest.reply_keep_alive(context.0)
        })?;
        expect_ok(status)
    }

    /// Announces a response instead of the upstream's, for the host's reason `status`. If it fails, the
    /// host never unlocks the instance.
    pub fn hijack(
        &mut self,
        context: ContextId,
        status: u32,
        input: &HijackInput,
    ) -> Result<(), Failure> {
        let bytes = input.to_bytes();
        let call = |guest: &mut G| guest.hijack(context.0, status, &bytes);
        let result = self
            .call(context, Export::Hijack { status }, call)
            .and_then(expect_ok);
        if result.is_err() {
            let context = self.contexts.get(&context);
            if let Some(instance) = context.and_then(|it| self.instances.get_mut(it.instance)) {
                instance.locked = true;
            }
        }
        result
    }

    /// Deletes the context in the plugin. The host may still use it.
    pub fn complete_protocol_context(&mut self, context: ContextId) -> Result<(), Failure> {
        self.call(context, Export::Delete, |guest| {
            guest.delete(context.0).map(|()| 0)
        })
        .map(|_| ())
    }

    /// Drops the host's own object for a context, without a call to the plugin. Hosts do so in normal
    /// operation.
    pub fn forget(&mut self, context: ContextId) {
        self.contexts.remove(&context);
    }

    /// The lines of one level that the plugin has logged, as in the host's log.
    pub fn logs(&self, level: Level) -> Vec<String> {
        self.log.of(level)
    }

    /// Everything that the plugin has logged.
    pub const fn log(&self) -> &Logs {
        &self.log
    }

    /// The last calls.
    pub const fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The last calls, to forget them.
    pub const fn trace_mut(&mut self) -> &mut Trace {
        &mut self.trace
    }

    /// The instances, in the order of their turns.
    pub fn guests(&self) -> impl Iterator<Item = &G> {
        self.instances.iter().map(|instance| &instance.guest)
    }

    /// Bytes of error text that the host's header parser has built and discarded so far.
    pub const fn printed(&self) -> usize {
        self.printed
    }

    /// Bytes of linear memory that all instances have together; `None` for native ones.
    pub fn memory(&self) -> Option<usize> {
        self.guests().map(Guest::memory).sum()
    }

    fn on_every_root<const N: usize>(
        &mut self,
        mut calls: impl FnMut(&mut G) -> [(Export, Result<i32, Trap>); N],
    ) -> Result<bool, Failure> {
        let mut all = true;
        let mut trap = None;
        for (number, instance) in self.instances.iter_mut().enumerate() {
            instance.guest.host().enter_root();
            let calls = calls(&mut instance.guest);
            instance.guest.host().leave();
            for (export, result) in calls {
                all &= matches!((export, &result), (Export::Create, _) | (_, Ok(1)));
                trap = trap.or_else(|| result.clone().err());
                let context = ContextId(self.root);
                self.trace.push(Call {
                    instance: number,
                    context,
                    export,
                    result: result.map(Status),
                });
            }
        }
        trap.map_or(Ok(all), |trap| Err(trap.into()))
    }

    /// Calls the instance of a context under its lock. A context that the host has no object for gets
    /// one, as if its creation had failed.
    fn call(
        &mut self,
        id: ContextId,
        export: Export,
        call: impl FnOnce(&mut G) -> Result<i32, Trap>,
    ) -> Result<Status, Failure> {
        let turn = self.turn % self.instances.len();
        let context = self.contexts.entry(id).or_insert(Context {
            instance: turn,
            results: Results::default(),
        });
        let number = context.instance;
        let Some(instance) = self
            .instances
            .get_mut(number)
            .filter(|instance| !instance.locked)
        else {
            return Err(Failure::InstanceLocked { instance: number });
        };
        instance
            .guest
            .host()
            .enter_stream(core::mem::take(&mut context.results));
        let result = call(&mut instance.guest).map(Status);
        context.results = instance.guest.host().leave();
        self.trace.push(Call {
            instance: number,
            context: id,
            export,
            result: result.clone(),
        });
        Ok(result?)
    }
}

fn expect_ok(status: Status) -> Result<(), Failure> {
    if status == Status::OK {
        Ok(())
    } else {
        Err(Failure::Refused(status))
    }
}

#[cfg(test)]
mod tests;
