//! Queues that all plugins of a host share.

use std::collections::VecDeque;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use crate::emulator::Status;

/// What all plugins of the process share.
#[derive(Default)]
pub(super) struct Shared {
    /// Queues by their number, which is their place here plus 1.
    queues: Vec<Queue>,
}

struct Queue {
    name: Vec<u8>,
    items: VecDeque<Vec<u8>>,
}

static SHARED: LazyLock<Mutex<Shared>> = LazyLock::new(Mutex::default);

/// The shared state, for one at a time.
pub(super) fn shared() -> MutexGuard<'static, Shared> {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    /// The number of a queue, which is created if missing.
    pub(super) fn register(&mut self, name: &[u8]) -> u32 {
        self.resolve(name).unwrap_or_else(|| {
            self.queues.push(Queue {
                name: name.to_vec(),
                items: VecDeque::new(),
            });
            self.queues.len() as u32
        })
    }

    /// The number of a queue.
    pub(super) fn resolve(&self, name: &[u8]) -> Option<u32> {
        let at = self.queues.iter().position(|queue| queue.name == name)?;
        Some(at as u32 + 1)
    }

    pub(super) fn enqueue(&mut self, queue: u32, item: Vec<u8>) -> Status {
        match self.queue(queue) {
            Some(queue) => queue.items.push_back(item),
            None => return Status::NOT_FOUND,
        }
        Status::OK
    }

    pub(super) fn dequeue(&mut self, queue: u32) -> Result<Vec<u8>, Status> {
        let queue = self.queue(queue).ok_or(Status::NOT_FOUND)?;
        queue.items.pop_front().ok_or(Status::EMPTY)
    }

    /// Removes a queue; its number is not used again.
    pub(super) fn remove(&mut self, queue: u32) -> Status {
        match self.queue(queue) {
            Some(queue) => {
                *queue = Queue {
                    name: Vec::new(),
                    items: VecDeque::new(),
                }
            }
            None => return Status::NOT_FOUND,
        }
        Status::OK
    }

    fn queue(&mut self, queue: u32) -> Option<&mut Queue> {
        let at = usize::try_from(queue.checked_sub(1)?).ok()?;
        self.queues
            .get_mut(at)
            .filter(|queue| !queue.name.is_empty())
    }
}
