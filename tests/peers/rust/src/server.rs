//! The echo service.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use metainfo::{Forward, METAINFO};
use tokio::runtime::{Builder, Runtime};
use volo::context::Context;
use volo::net::incoming::DefaultIncoming;
use volo::service::Service;
use volo_thrift::context::{ServerContext, ThriftContext};
use volo_thrift::error::{ApplicationException, ApplicationExceptionKind, ServerError};

use crate::content::Content;
use crate::op::Failure;
use crate::seen::Seen;

/// The longest that a server may take to let go of its port.
const STOP: Duration = Duration::from_secs(5);

/// A server that runs, in a runtime of its own: the library has no other way to stop one at once.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) seen: Arc<Seen>,
    runtime: Runtime,
}

impl Server {
    pub(crate) fn start(address: SocketAddr) -> Result<Self, Failure> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let seen = Arc::new(Seen::default());
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let echo = Echo(Arc::clone(&seen));
        let incoming = {
            let _in_runtime = runtime.enter();
            DefaultIncoming::from(tokio::net::TcpListener::from_std(listener)?)
        };
        runtime.spawn(async move {
            let server = volo_thrift::server::Server::new(echo).multiplex(true);
            if let Err(error) = server.run(incoming).await {
                eprintln!("the server at {address}: {error}");
            }
        });
        Ok(Self {
            address,
            seen,
            runtime,
        })
    }

    /// Its port is free when this returns.
    pub(crate) async fn stop(self) -> Result<(), Failure> {
        let stopped = tokio::task::spawn_blocking(|| self.runtime.shutdown_timeout(STOP));
        stopped
            .await
            .map_err(|error| Failure::Failed(error.to_string()))
    }
}

struct Echo(Arc<Seen>);

impl Service<ServerContext, Content> for Echo {
    type Response = Content;
    type Error = ServerError;

    async fn call(
        &self,
        cx: &mut ServerContext,
        argument: Content,
    ) -> Result<Content, ServerError> {
        let method = cx.rpc_info().method().clone();
        self.0.request(&method, headers(), cx.seq_id());
        let content = argument.bytes.unwrap_or_default();
        match method.as_str() {
            "echo" => Ok(Content::result(Some(content))),
            "slow" => {
                tokio::time::sleep(delay(&content)).await;
                Ok(Content::result(Some(content)))
            }
            "fire" => Ok(Content::result(None)),
            "fail" => {
                let kind = ApplicationExceptionKind::INTERNAL_ERROR;
                Err(ApplicationException::new(kind, "this method fails").into())
            }
            _ => {
                let kind = ApplicationExceptionKind::UNKNOWN_METHOD;
                Err(ApplicationException::new(kind, format!("no method `{method}`")).into())
            }
        }
    }
}

/// Those that a caller wants passed on from service to service.
fn headers() -> Vec<(String, String)> {
    METAINFO.with(|info| {
        let info = info.borrow();
        let all = info.get_all_persistents().into_iter().flatten();
        all.map(|(name, value)| (name.to_string(), value.to_string()))
            .collect()
    })
}

/// The content of `slow` starts with the milliseconds that it is to take.
fn delay(content: &Bytes) -> Duration {
    let text = String::from_utf8_lossy(content);
    let millis = text.split(':').next().and_then(|text| text.parse().ok());
    Duration::from_millis(millis.unwrap_or(0))
}
