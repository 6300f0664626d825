//! The functions of module `env`, all that MOSN offers to a codec and no more: a module that
//! imports anything else does not link here either.
//!
//! Source: `internal/imports/v1/imports.go` of `mosn/proxy-wasm-go-host` at 25a9e13.

use crate::emulator::{Status, Trap};
use wasmi::errors::LinkerError;
use wasmi::{Caller, Engine, Error, FuncType, Linker, Val, ValType};

use super::State;
use super::memory::Access;
use super::shared::shared;

/// The module of the host's functions.
const ENV: &str = "env";

/// Functions that a codec gets always the same answer from: how many `i32` parameters they have.
#[rustfmt::skip]
const CONSTANT: &[(&str, usize, Status)] = &[
    ("proxy_set_property", 4, Status::UNIMPLEMENTED),
    ("proxy_set_effective_context", 1, Status::UNIMPLEMENTED),
    ("proxy_done", 0, Status::UNIMPLEMENTED),
    ("proxy_set_tick_period_milliseconds", 1, Status::UNIMPLEMENTED),
    ("proxy_get_header_map_pairs", 3, Status::NOT_FOUND),
    ("proxy_set_header_map_pairs", 3, Status::NOT_FOUND),
    ("proxy_get_header_map_value", 5, Status::NOT_FOUND),
    ("proxy_replace_header_map_value", 5, Status::NOT_FOUND),
    ("proxy_add_header_map_value", 5, Status::NOT_FOUND),
    ("proxy_remove_header_map_value", 3, Status::NOT_FOUND),
    ("proxy_resume_downstream", 0, Status::UNIMPLEMENTED),
    ("proxy_resume_upstream", 0, Status::UNIMPLEMENTED),
    ("proxy_resume_http_request", 0, Status::UNIMPLEMENTED),
    ("proxy_resume_http_response", 0, Status::UNIMPLEMENTED),
    ("proxy_send_http_response", 8, Status::UNIMPLEMENTED),
    ("proxy_open_grpc_stream", 7, Status::UNIMPLEMENTED),
    ("proxy_send_grpc_call_message", 4, Status::UNIMPLEMENTED),
    ("proxy_cancel_grpc_call", 1, Status::UNIMPLEMENTED),
    ("proxy_close_grpc_call", 1, Status::UNIMPLEMENTED),
    ("proxy_grpc_call", 10, Status::UNIMPLEMENTED),
    ("proxy_dispatch_grpc_call", 10, Status::UNIMPLEMENTED),
    ("proxy_define_metric", 4, Status::UNIMPLEMENTED),
    ("proxy_remove_metric", 1, Status::UNIMPLEMENTED),
    ("proxy_get_metric", 2, Status::UNIMPLEMENTED),
    ("proxy_call_foreign_function", 6, Status::UNIMPLEMENTED),
];

/// Functions that make the host panic, which aborts the plugin's call.
const PANICS: &[(&str, usize)] = &[("proxy_http_call", 10), ("proxy_dispatch_http_call", 10)];

/// Everything that a codec module can link to.
pub(super) fn linker(engine: &Engine) -> Result<Linker<State>, LinkerError> {
    let mut linker = Linker::new(engine);
    for (name, params, status) in CONSTANT {
        let answer = status.0;
        linker.func_new(ENV, name, function(*params), move |caller, _, results| {
            let early = access(&caller).err();
            results.fill(Val::I32(early.map_or(answer, |status| status.0)));
            Ok(())
        })?;
    }
    for (name, params) in PANICS {
        let panic = format!("the host panics in `{name}`: it has no instance there");
        linker.func_new(ENV, name, function(*params), move |_, _, _| {
            Err(Error::new(panic.clone()))
        })?;
    }
    for name in ["proxy_increment_metric", "proxy_record_metric"] {
        linker.func_wrap(ENV, name, |caller: Caller<'_, State>, _: i32, _: i64| {
            access(&caller).err().unwrap_or(Status::UNIMPLEMENTED).0
        })?;
    }
    buffers(&mut linker)?;
    sharing(&mut linker)?;
    // What the Go compiler's runtime wants: its output goes nowhere.
    for wasi in ["wasi_unstable", "wasi_snapshot_preview1"] {
        linker.func_wrap(wasi, "fd_write", fd_write)?;
    }
    Ok(linker)
}

fn function(params: usize) -> FuncType {
    FuncType::new(vec![ValType::I32; params], [ValType::I32])
}

/// The log, the buffers, and what else writes into the instance's memory.
fn buffers(linker: &mut Linker<State>) -> Result<(), LinkerError> {
    linker.func_wrap(
        ENV,
        "proxy_log",
        |caller: Caller<'_, State>, level: i32, at: i32, size: i32| {
            let Some(line) = read(&caller, at, size) else {
                return Status::INVALID_MEMORY_ACCESS.0;
            };
            caller.data().side.write_log(level, &line).0
        },
    )?;
    linker.func_wrap(ENV, "proxy_get_buffer_bytes", get_buffer)?;
    linker.func_wrap(
        ENV,
        "proxy_set_buffer_bytes",
        |caller: Caller<'_, State>, buffer: i32, start: i32, len: i32, at: i32, size: i32| {
            let data = read(&caller, at, size);
            caller
                .data()
                .side
                .set(buffer, start, len, data.as_deref())
                .0
        },
    )?;
    linker.func_wrap(ENV, "proxy_get_property", get_property)?;
    linker.func_wrap(
        ENV,
        "proxy_get_current_time_nanoseconds",
        |mut caller: Caller<'_, State>, at: i32| {
            // The nanoseconds within the second, in four bytes of the eight that there should be.
            status(access(&caller).and_then(|access| write_word(&access, &mut caller, at, 0)))
        },
    )?;
    Ok(())
}

/// Data and queues that plugins share.
fn sharing(linker: &mut Linker<State>) -> Result<(), LinkerError> {
    linker.func_wrap(ENV, "proxy_get_shared_data", get_shared_data)?;
    linker.func_wrap(
        ENV,
        "proxy_set_shared_data",
        |caller: Caller<'_, State>, key: i32, key_size: i32, at: i32, size: i32, version: u32| {
            let (key, value) = (read(&caller, key, key_size), read(&caller, at, size));
            match (key, value) {
                (Some(key), Some(value)) => {
                    let shared = caller.data().side.shared_data();
                    shared.set(&key, &value, version).0
                }
                _ => Status::INVALID_MEMORY_ACCESS.0,
            }
        },
    )?;
    linker.func_wrap(
        ENV,
        "proxy_register_shared_queue",
        |mut caller: Caller<'_, State>, at: i32, size: i32, result: i32| {
            status(name_of(&caller, at, size).and_then(|(access, name)| {
                let queue = shared().register(&name).cast_signed();
                write_word(&access, &mut caller, result, queue)
            }))
        },
    )?;
    linker.func_wrap(
        ENV,
        "proxy_resolve_shared_queue",
        |mut caller: Caller<'_, State>, at: i32, size: i32, result: i32| {
            status(name_of(&caller, at, size).and_then(|(access, name)| {
                let queue = shared().resolve(&name).ok_or(Status::NOT_FOUND)?;
                write_word(&access, &mut caller, result, queue.cast_signed())
            }))
        },
    )?;
    linker.func_wrap(ENV, "proxy_dequeue_shared_queue", dequeue)?;
    linker.func_wrap(
        ENV,
        "proxy_enqueue_shared_queue",
        |caller: Caller<'_, State>, queue: u32, at: i32, size: i32| match read(&caller, at, size) {
            Some(item) => shared().enqueue(queue, item).0,
            None => Status::INVALID_MEMORY_ACCESS.0,
        },
    )?;
    linker.func_wrap(ENV, "proxy_remove_shared_queue", |queue: u32| {
        shared().remove(queue).0
    })?;
    Ok(())
}

fn get_buffer(
    mut caller: Caller<'_, State>,
    buffer: i32,
    start: i32,
    len: i32,
    data: i32,
    size: i32,
) -> i32 {
    let given = caller.data().side.get(buffer, start, len);
    status(given.and_then(|given| give(&mut caller, given.size, &given.bytes, (data, size))))
}

/// Every property is there, and empty.
fn get_property(
    mut caller: Caller<'_, State>,
    _key: i32,
    key_size: i32,
    data: i32,
    size: i32,
) -> i32 {
    if key_size == 0 {
        return Status::BAD_ARGUMENT.0;
    }
    status(give(&mut caller, 0, &[], (data, size)))
}

fn get_shared_data(
    mut caller: Caller<'_, State>,
    key: i32,
    key_size: i32,
    data: i32,
    size: i32,
    version: i32,
) -> i32 {
    status(name_of(&caller, key, key_size).and_then(|(access, key)| {
        let (value, found) = caller.data().side.shared_data().get(&key)?;
        give(&mut caller, size_of(&value)?, &value, (data, size))?;
        write_word(&access, &mut caller, version, found.cast_signed())
    }))
}

fn dequeue(mut caller: Caller<'_, State>, queue: u32, data: i32, size: i32) -> i32 {
    let item = shared().dequeue(queue);
    status(item.and_then(|item| give(&mut caller, size_of(&item)?, &item, (data, size))))
}

/// `fd_write` of WASI: takes everything.
fn fd_write(
    mut caller: Caller<'_, State>,
    _fd: i32,
    vectors: i32,
    count: i32,
    written: i32,
) -> i32 {
    let mut total = 0_i32;
    for vector in 0..count {
        let size_at = vectors.wrapping_add(8 * vector + 4);
        let size = read(&caller, size_at, 4).and_then(|size| size.try_into().ok());
        total = total.wrapping_add(size.map_or(0, i32::from_le_bytes));
    }
    // An errno, of which only 0 is the same as a status.
    status(access(&caller).and_then(|access| write_word(&access, &mut caller, written, total)))
}

fn status(result: Result<(), Status>) -> i32 {
    result.err().unwrap_or(Status::OK).0
}

/// Access to the instance's memory, which does not exist while it starts.
fn access(caller: &Caller<'_, State>) -> Result<Access, Status> {
    let state = caller.data();
    state.access.clone().ok_or_else(|| state.side.call_early())
}

fn read(caller: &Caller<'_, State>, at: i32, size: i32) -> Option<Vec<u8>> {
    access(caller).ok()?.read(caller, at, size)
}

fn name_of(caller: &Caller<'_, State>, at: i32, size: i32) -> Result<(Access, Vec<u8>), Status> {
    let access = access(caller)?;
    let name = access
        .read(caller, at, size)
        .ok_or(Status::INVALID_MEMORY_ACCESS)?;
    Ok((access, name))
}

fn write_word(
    access: &Access,
    caller: &mut Caller<'_, State>,
    at: i32,
    word: i32,
) -> Result<(), Status> {
    access.write_word(caller, at, word).map_err(no_access)
}

/// Asks the instance for `size` bytes, even for 0, and returns the address of `bytes`.
fn give(
    caller: &mut Caller<'_, State>,
    size: i32,
    bytes: &[u8],
    (data_at, size_at): (i32, i32),
) -> Result<(), Status> {
    let access = access(caller)?;
    let at = access.give(&mut *caller, size, bytes).map_err(no_access)?;
    write_word(&access, caller, data_at, at)?;
    write_word(&access, caller, size_at, size)
}

fn size_of(bytes: &[u8]) -> Result<i32, Status> {
    i32::try_from(bytes.len()).map_err(|_| Status::INVALID_MEMORY_ACCESS)
}

fn no_access(_: Trap) -> Status {
    Status::INVALID_MEMORY_ACCESS
}
