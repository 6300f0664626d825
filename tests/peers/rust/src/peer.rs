//! The library as server and as client.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use volo_thrift::error::ClientError;

use crate::client::Client;
use crate::load;
use crate::op::{Failure, Op, shortened};
use crate::server::Server;

#[derive(Default)]
pub(crate) struct Peer {
    servers: Mutex<HashMap<SocketAddr, Server>>,
    clients: Mutex<HashMap<SocketAddr, Client>>,
}

impl Peer {
    pub(crate) async fn perform(&self, op: &Op) -> Result<Value, Failure> {
        match op.text("op", "") {
            "serve" => self.serve(op),
            "stop" => self.stop(op).await,
            "seen" => self.seen(op),
            "load" => Ok(load::run(op.address("target")?, op).await),
            "call" => self.call(op).await,
            "oneway" => {
                let sent = self.client(op)?.oneway(&op.call()).await;
                Ok(sent.map_or_else(|why| error(&why), |()| json!({"outcome": "ok"})))
            }
            "heartbeat" => Err(Failure::Unsupported("TTHeader has none")),
            "disconnect" => {
                lock(&self.clients).remove(&op.address("target")?);
                Ok(json!({}))
            }
            _ => Err(Failure::Unsupported("no such operation")),
        }
    }

    fn serve(&self, op: &Op) -> Result<Value, Failure> {
        let server = Server::start(op.address("address")?)?;
        let address = server.address;
        lock(&self.servers).insert(address, server);
        Ok(json!({"address": address.to_string()}))
    }

    async fn stop(&self, op: &Op) -> Result<Value, Failure> {
        let server = lock(&self.servers).remove(&op.address("address")?);
        let server = server.ok_or_else(unknown)?;
        server.stop().await?;
        Ok(json!({}))
    }

    fn seen(&self, op: &Op) -> Result<Value, Failure> {
        let servers = lock(&self.servers);
        let server = servers.get(&op.address("address")?).ok_or_else(unknown)?;
        Ok(server.seen.take())
    }

    async fn call(&self, op: &Op) -> Result<Value, Failure> {
        let call = op.call();
        Ok(match self.client(op)?.call(&call).await {
            Ok(content) if content == call.content => json!({"outcome": "ok"}),
            Ok(content) => json!({"outcome": "wrong", "text": shortened(&content)}),
            Err(why) => error(&why),
        })
    }

    /// The one that stays connected from call to call.
    fn client(&self, op: &Op) -> Result<Client, Failure> {
        let target = op.address("target")?;
        let mut clients = lock(&self.clients);
        let client = clients.entry(target);
        Ok(client.or_insert_with(|| Client::new(target)).clone())
    }
}

fn unknown() -> Failure {
    Failure::Failed("there is no such server".to_owned())
}

fn error(error: &ClientError) -> Value {
    let name = match error {
        ClientError::Application(_) => "Application",
        ClientError::Transport(_) => "Transport",
        ClientError::Protocol(_) => "Protocol",
        ClientError::Biz(_) => "Biz",
    };
    json!({"outcome": "error", "error": name, "text": shortened(&error.to_string())})
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
