//! A client of one target, with one connection for all calls at a time.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::time::Duration;

use metainfo::{Forward, METAINFO, MetaInfo};
use volo::client::MkClient;
use volo::context::Context;
use volo::net::Address;
use volo::service::{BoxCloneService, Service};
use volo_thrift::client::{Client as Volo, ClientBuilder};
use volo_thrift::context::ClientContext;
use volo_thrift::error::ClientError;

use crate::content::Content;
use crate::op::Call;

/// The longest that a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(3);

type Transport = BoxCloneService<ClientContext, Content, Option<Content>, ClientError>;

/// What generated code would put its methods on.
struct Bare;

impl MkClient<Volo<Transport>> for Bare {
    type Target = Volo<Transport>;

    fn mk_client(&self, client: Volo<Transport>) -> Self::Target {
        client
    }
}

#[derive(Clone)]
pub(crate) struct Client(Volo<Transport>);

impl Client {
    pub(crate) fn new(target: SocketAddr) -> Self {
        let builder = ClientBuilder::new("test.EchoService", Bare)
            .caller_name("peers")
            .address(Address::from(target))
            .connect_timeout(Some(CONNECT))
            .multiplex(true);
        Self(builder.build())
    }

    /// What the server returns.
    pub(crate) async fn call(&self, call: &Call) -> Result<String, ClientError> {
        let answer = self.send(call, &call.method, false).await?;
        let bytes = answer.and_then(|content| content.bytes).unwrap_or_default();
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    pub(crate) async fn oneway(&self, call: &Call) -> Result<(), ClientError> {
        self.send(call, "fire", true).await.map(drop)
    }

    async fn send(
        &self,
        call: &Call,
        method: &str,
        oneway: bool,
    ) -> Result<Option<Content>, ClientError> {
        let mut cx = self.0.make_cx(method, oneway);
        let config = cx.rpc_info_mut().config_mut();
        config.set_rpc_timeout(Some(call.timeout));
        let mut headers = MetaInfo::new();
        for (name, value) in &call.headers {
            headers.set_persistent(name.clone(), value.clone());
        }
        let content = Content::argument(&call.content);
        let answer = Service::call(&self.0, &mut cx, content);
        METAINFO.scope(RefCell::new(headers), answer).await
    }
}
