//! A real codec with one of its functions replaced.

use std::cell::Cell;
use std::fmt::{self, Debug};
use std::thread::LocalKey;

use meshwire::command::{MetadataEdits, PayloadMetadata, Region, Timeout};
use meshwire::frame::{FormatError, Front, HeaderWriter};
use meshwire::{
    BodyMode, Bytes, Callee, Codec, Command, Edits, Error, HeaderMap, Hijacker, HostStatus,
    KeepAlive, Layout, Message, MessageKind, Options, Plugin, PoolMode, Protocol, ProtocolContext,
    Request, Response, Template, Unknown, Verdict, View,
};

use meshwire::wire::Slot;

use crate::items;
use crate::records::fault::Fault;

/// A protocol that can be sabotaged: it knows which functions are replaced on this thread.
pub(crate) trait Base: Plugin<Frame: Debug + PartialEq> {
    /// The functions of this thread.
    fn hooks() -> &'static LocalKey<Cell<&'static Hooks<Self>>>;
}

/// The functions of a codec, of its frames and of its author's own code. Each can be replaced.
#[expect(
    clippy::type_complexity,
    reason = "the types are those of the traits' functions"
)]
pub(crate) struct Hooks<P: Plugin> {
    pub parse: fn(&[u8]) -> Verdict<P::View<'_>>,
    pub head: fn(&[u8]) -> Option<Front<P::View<'_>>>,
    pub id_places: fn(&P::View<'_>, &mut dyn FnMut(usize, &'static Slot)),
    /// Asked only for what is a frame to [`Hooks::parse`].
    pub decode: fn(&Bytes) -> Verdict<P::Frame>,
    pub raw: for<'v> fn(&'v P::View<'_>) -> &'v [u8],
    pub header_block: for<'v> fn(&'v P::View<'_>) -> Option<&'v [u8]>,
    pub kind: fn(&P::View<'_>) -> MessageKind,
    pub id: fn(&P::View<'_>) -> u64,
    pub body: for<'v> fn(&'v P::View<'_>) -> &'v [u8],
    pub headers: fn(&P::View<'_>, &mut HeaderWriter<'_>) -> Result<(), Error>,
    pub timeout: fn(&P::View<'_>) -> Timeout,
    pub status: fn(&P::View<'_>) -> i64,
    pub rewrite: fn(&P::View<'_>, &Edits<'_>, &mut Vec<u8>) -> Result<(), Error>,
    pub rewrite_head: fn(&P::View<'_>, &Edits<'_>, usize, &mut Vec<u8>) -> bool,
    pub owned_kind: fn(&P::Frame) -> MessageKind,
    pub owned_headers: fn(&P::Frame, &mut HeaderWriter<'_>) -> Result<(), Error>,
    pub owned_timeout: fn(&P::Frame) -> Timeout,
    pub set_id: fn(&mut P::Frame, u64) -> Result<(), Error>,
    pub set_status: fn(&mut P::Frame, i64) -> Result<(), Error>,
    pub set_headers: fn(&mut P::Frame, HeaderMap) -> Result<(), Error>,
    pub set_body: fn(&mut P::Frame, Bytes) -> Result<(), Error>,
    pub encoded_len: fn(&P::Frame) -> Result<usize, Error>,
    pub encode: fn(&P::Frame, &mut Vec<u8>) -> Result<(), Error>,
    pub template: fn(Template) -> Option<P::Frame>,
    pub keep_alive: fn(&ProtocolContext<'_, P>, u64) -> Option<P::Frame>,
    pub reply: fn(&ProtocolContext<'_, P>, &P::View<'_>) -> Option<P::Frame>,
    pub hijack: fn(&ProtocolContext<'_, P>, &P::View<'_>, HostStatus) -> Option<P::Frame>,
    /// Of the payload codec of [`items`].
    pub part_facts: fn(&[u8]) -> Result<PayloadMetadata, FormatError>,
    pub part_rewrite: fn(&[u8], &MetadataEdits<'_>, &mut Vec<u8>) -> Result<(), FormatError>,
    /// Of the codec of a [record](crate::records).
    pub part: Fault,
}

impl<P: Plugin> Hooks<P> {
    /// The codec as it is.
    pub(crate) const HONEST: Self = Self {
        parse: P::parse,
        head: P::head,
        id_places: |view, place| view.id_places(place),
        decode: P::decode,
        raw: |view| view.raw(),
        header_block: |view| view.header_block(),
        kind: |view| view.kind(),
        id: |view| view.id(),
        body: |view| view.body(),
        headers: |view, out| view.write_headers(out),
        timeout: |view| timeout(view),
        status: |view| view.as_response().map_or(0, Response::status),
        rewrite: |view, edits, out| view.rewrite(edits, out),
        rewrite_head: |view, edits, body, out| view.rewrite_head(edits, body, out),
        owned_kind: |frame| frame.kind(),
        owned_headers: |frame, out| frame.write_headers(out),
        owned_timeout: |frame| timeout(frame),
        set_id: |frame, id| frame.set_id(id),
        set_status: |frame, status| frame.set_status(status),
        set_headers: |frame, headers| frame.set_headers(headers),
        set_body: |frame, body| frame.set_body(body),
        encoded_len: |frame| frame.encoded_len(),
        encode: |frame, out| frame.encode(out),
        template: P::template,
        keep_alive: P::keep_alive,
        reply: P::reply,
        hijack: P::hijack,
        part_facts: items::metadata,
        part_rewrite: items::rewrite,
        part: Fault::None,
    };
}

fn timeout(command: &impl Command) -> Timeout {
    command
        .as_request()
        .map_or(Timeout::Unset, Request::timeout)
}

fn hooks<P: Base>() -> &'static Hooks<P> {
    P::hooks().get()
}

/// The protocol with the functions of this thread.
pub(crate) struct Sabotaged<P>(P);

/// A frame over the bytes that it came in.
pub(crate) struct Seen<'a, P: Base>(P::View<'a>);

/// An owned frame.
pub(crate) struct Made<P: Base>(P::Frame);

impl<P: Base> Debug for Made<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<P: Base> PartialEq for Made<P> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<P: Base> View for Seen<'_, P> {
    fn raw(&self) -> &[u8] {
        (hooks::<P>().raw)(&self.0)
    }

    fn header_block(&self) -> Option<&[u8]> {
        (hooks::<P>().header_block)(&self.0)
    }

    fn rewrite(&self, edits: &Edits<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
        (hooks::<P>().rewrite)(&self.0, edits, out)
    }

    fn rewrite_head(&self, edits: &Edits<'_>, body: usize, out: &mut Vec<u8>) -> bool {
        (hooks::<P>().rewrite_head)(&self.0, edits, body, out)
    }

    fn id_places(&self, place: &mut dyn FnMut(usize, &'static Slot)) {
        (hooks::<P>().id_places)(&self.0, place);
    }
}

impl<P: Base> Command for Seen<'_, P> {
    fn kind(&self) -> MessageKind {
        (hooks::<P>().kind)(&self.0)
    }

    fn id(&self) -> u64 {
        (hooks::<P>().id)(&self.0)
    }

    fn opaque_id(&self) -> Option<&[u8]> {
        self.0.opaque_id()
    }

    fn is_verbatim(&self) -> bool {
        self.0.is_verbatim()
    }

    fn body(&self) -> &[u8] {
        (hooks::<P>().body)(&self.0)
    }

    fn write_headers(&self, out: &mut HeaderWriter<'_>) -> Result<(), Error> {
        (hooks::<P>().headers)(&self.0, out)
    }

    fn as_request(&self) -> Option<&dyn Request> {
        self.0.as_request().map(|_| self as &dyn Request)
    }

    fn as_response(&self) -> Option<&dyn Response> {
        self.0.as_response().map(|_| self as &dyn Response)
    }
}

impl<P: Base> Request for Seen<'_, P> {
    fn timeout(&self) -> Timeout {
        (hooks::<P>().timeout)(&self.0)
    }
}

impl<P: Base> Response for Seen<'_, P> {
    fn status(&self) -> i64 {
        (hooks::<P>().status)(&self.0)
    }
}

impl<P: Base> Command for Made<P> {
    fn kind(&self) -> MessageKind {
        (hooks::<P>().owned_kind)(&self.0)
    }

    fn id(&self) -> u64 {
        self.0.id()
    }

    fn opaque_id(&self) -> Option<&[u8]> {
        self.0.opaque_id()
    }

    fn is_verbatim(&self) -> bool {
        self.0.is_verbatim()
    }

    fn body(&self) -> &[u8] {
        self.0.body()
    }

    fn write_headers(&self, out: &mut HeaderWriter<'_>) -> Result<(), Error> {
        (hooks::<P>().owned_headers)(&self.0, out)
    }

    fn as_request(&self) -> Option<&dyn Request> {
        self.0.as_request().map(|_| self as &dyn Request)
    }

    fn as_response(&self) -> Option<&dyn Response> {
        self.0.as_response()
    }
}

impl<P: Base> Request for Made<P> {
    fn timeout(&self) -> Timeout {
        (hooks::<P>().owned_timeout)(&self.0)
    }
}

impl<P: Base> Message for Made<P> {
    fn set_id(&mut self, id: u64) -> Result<(), Error> {
        (hooks::<P>().set_id)(&mut self.0, id)
    }

    fn set_opaque_id(&mut self, id: &[u8]) -> Result<(), Error> {
        self.0.set_opaque_id(id)
    }

    fn set_status(&mut self, status: i64) -> Result<(), Error> {
        (hooks::<P>().set_status)(&mut self.0, status)
    }

    fn set_headers(&mut self, headers: HeaderMap) -> Result<(), Error> {
        (hooks::<P>().set_headers)(&mut self.0, headers)
    }

    fn set_body(&mut self, body: Bytes) -> Result<(), Error> {
        (hooks::<P>().set_body)(&mut self.0, body)
    }

    fn encoded_len(&self) -> Result<usize, Error> {
        (hooks::<P>().encoded_len)(&self.0)
    }

    fn encode(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        (hooks::<P>().encode)(&self.0, out)
    }
}

impl<P: Base> Codec for Sabotaged<P> {
    type Frame = Made<P>;
    type View<'a> = Seen<'a, P>;

    const LAYOUTS: &'static [Layout] = P::LAYOUTS;
    const HEARTBEAT: bool = P::HEARTBEAT;
    const HEARTBEAT_ACK: bool = P::HEARTBEAT_ACK;
    const RESPONSE: bool = P::RESPONSE;
    const OPAQUE: bool = P::OPAQUE;
    const LARGEST_ID: u64 = P::LARGEST_ID;
    const LEAN: bool = P::LEAN;
    const REWRITTEN: bool = P::REWRITTEN;
    const LATER: bool = P::LATER;

    fn head(bytes: &[u8]) -> Option<Front<Seen<'_, P>>> {
        Some((hooks::<P>().head)(bytes)?.map(Seen))
    }

    fn parse(bytes: &[u8]) -> Verdict<Seen<'_, P>> {
        (hooks::<P>().parse)(bytes).map(Seen)
    }

    fn decode(bytes: &Bytes) -> Verdict<Made<P>> {
        match (hooks::<P>().parse)(bytes) {
            Verdict::Frame(view) => {
                let frame = Bytes::copy_from_slice(view.raw());
                (hooks::<P>().decode)(&frame).map(Made)
            }
            Verdict::NeedMore(more) => Verdict::NeedMore(more),
            Verdict::NotThisProtocol(error) => Verdict::NotThisProtocol(error),
            Verdict::Malformed(error) => Verdict::Malformed(error),
        }
    }

    fn template(template: Template) -> Option<Made<P>> {
        (hooks::<P>().template)(template).map(Made)
    }

    fn template_for(request: &Seen<'_, P>, template: Template) -> Option<Made<P>> {
        P::template_for(&request.0, template).map(Made)
    }

    fn regions<'v>(view: &'v Seen<'_, P>) -> Vec<Region<'v>> {
        P::regions(&view.0)
    }
}

impl<P: Base> Protocol for Sabotaged<P> {
    const NAME: &'static str = P::NAME;

    type Root = P::Root;

    const MAPS_STATUS: bool = P::MAPS_STATUS;

    fn status(reason: HostStatus) -> i64 {
        P::status(reason)
    }
}

impl<P: Base> KeepAlive for Sabotaged<P> {
    fn keep_alive(context: &ProtocolContext<'_, Self>, id: u64) -> Option<Made<P>> {
        (hooks::<P>().keep_alive)(&inner(context), id).map(Made)
    }

    fn reply(context: &ProtocolContext<'_, Self>, heartbeat: &Seen<'_, P>) -> Option<Made<P>> {
        (hooks::<P>().reply)(&inner(context), &heartbeat.0).map(Made)
    }
}

impl<P: Base> Hijacker for Sabotaged<P> {
    fn hijack(
        context: &ProtocolContext<'_, Self>,
        request: &Seen<'_, P>,
        reason: HostStatus,
    ) -> Option<Made<P>> {
        (hooks::<P>().hijack)(&inner(context), &request.0, reason).map(Made)
    }
}

impl<P: Base> Callee for Sabotaged<P> {
    const SERVICE: &'static [&'static str] = P::SERVICE;
    const METHOD: &'static [&'static str] = P::METHOD;

    fn unknown(call: &Seen<'_, P>) -> Option<Unknown> {
        P::unknown(&call.0)
    }
}

impl<P: Base> Options for Sabotaged<P> {
    const POOL: PoolMode = P::POOL;
    const WORKER_POOL: bool = P::WORKER_POOL;
    const BODY: BodyMode = P::BODY;
}

const fn inner<'c, P: Base>(context: &ProtocolContext<'c, Sabotaged<P>>) -> ProtocolContext<'c, P> {
    ProtocolContext {
        root: context.root,
        log: context.log,
    }
}
