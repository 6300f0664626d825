//! The frames of a protocol as one enum, owned and borrowed.

/// Makes the two enums of a protocol and its `Codec`: each method asks the variant.
#[doc(hidden)]
#[macro_export]
macro_rules! __frames {
    ($vis:vis $protocol:ident, $owned:ident, $view:ident { $($variant:ident($frame:ty),)+ }) => {
        #[doc = concat!("Any frame of [`", stringify!($protocol), "`].")]
        $vis enum $owned {
            $(#[doc = concat!("A [`", stringify!($variant), "`].")] $variant($frame),)+
        }

        $crate::__derived! { $owned { $($variant)+ } }

        #[doc = concat!("Any frame of [`", stringify!($protocol), "`], over the bytes it came in.")]
        #[derive($crate::__private::Clone, $crate::__private::Copy, $crate::__private::Debug)]
        $vis enum $view<'a> {
            $(
                #[doc = concat!("A [`", stringify!($variant), "`].")]
                $variant(<$frame as $crate::__private::Frame>::View<'a>),
            )+
        }

        $crate::__commands! { [] $owned { $($variant)+ } }
        $crate::__commands! { ['a] $view { $($variant)+ } }

        impl $crate::__private::Message for $owned {
            fn set_id(
                &mut self,
                id: $crate::__private::u64,
            ) -> $crate::__private::Result<(), $crate::__private::Error> {
                match self { $(Self::$variant(frame) => $crate::__private::Message::set_id(frame, id),)+ }
            }

            const HAS_REASON: $crate::__private::bool =
                false $(|| <$frame as $crate::__private::Message>::HAS_REASON)+;

            fn set_reason(
                &mut self,
                reason: &$crate::__private::str,
            ) -> $crate::__private::Result<(), $crate::__private::Error> {
                match self { $(Self::$variant(frame) => $crate::__private::Message::set_reason(frame, reason),)+ }
            }
            fn set_status(
                &mut self,
                status: $crate::__private::i64,
            ) -> $crate::__private::Result<(), $crate::__private::Error> {
                match self { $(Self::$variant(frame) => $crate::__private::Message::set_status(frame, status),)+ }
            }

            fn set_opaque_id(
                &mut self,
                id: &[$crate::__private::u8],
            ) -> $crate::__private::Result<(), $crate::__private::Error> {
                match self { $(Self::$variant(frame) => $crate::__private::Message::set_opaque_id(frame, id),)+ }
            }

            fn set_headers(
                &mut self,
                headers: $crate::__private::HeaderMap,
            ) -> $crate::__private::Result<(), $crate::__private::Error> {
                match self { $(Self::$variant(frame) => $crate::__private::Message::set_headers(frame, headers),)+ }
            }

            fn set_body(
                &mut self,
                body: $crate::__private::Bytes,
            ) -> $crate::__private::Result<(), $crate::__private::Error> {
                match self { $(Self::$variant(frame) => $crate::__private::Message::set_body(frame, body),)+ }
            }

            fn encoded_len(
                &self,
            ) -> $crate::__private::Result<$crate::__private::usize, $crate::__private::Error> {
                match self { $(Self::$variant(frame) => $crate::__private::Message::encoded_len(frame),)+ }
            }

            fn encode(
                &self,
                out: &mut $crate::__private::Vec<$crate::__private::u8>,
            ) -> $crate::__private::Result<(), $crate::__private::Error> {
                let start = out.len();
                match self { $(Self::$variant(frame) => $crate::__private::Message::encode(frame, out)?,)+ }
                if const { $crate::__private::heads_overlap(<$protocol as $crate::__private::Codec>::LAYOUTS) } {
                    return $crate::__keep!(self, start, out, $protocol);
                }
                $crate::__private::Ok(())
            }
        }

        impl $crate::__private::View for $view<'_> {
            fn id_places(
                &self,
                place: &mut dyn $crate::__private::FnMut(
                    $crate::__private::usize,
                    &'static $crate::__private::Slot,
                ),
            ) {
                match self { $(Self::$variant(view) => $crate::__private::View::id_places(view, place),)+ }
            }

            #[inline]
            fn raw(&self) -> &[$crate::__private::u8] {
                match self { $(Self::$variant(view) => $crate::__private::View::raw(view),)+ }
            }

            #[inline]
            fn header_block(&self) -> $crate::__private::Option<&[$crate::__private::u8]> {
                match self { $(Self::$variant(view) => $crate::__private::View::header_block(view),)+ }
            }

            fn doubt(
                &self,
                header: &$crate::__private::str,
            ) -> $crate::__private::Option<&'static $crate::__private::str> {
                match self { $(Self::$variant(view) => $crate::__private::View::doubt(view, header),)+ }
            }

            #[inline(always)]
            fn rewrite(
                &self,
                edits: &$crate::__private::Edits<'_>,
                out: &mut $crate::__private::Vec<$crate::__private::u8>,
            ) -> $crate::__private::Result<(), $crate::__private::Error> {
                let start = out.len();
                match self { $(Self::$variant(view) => $crate::__private::View::rewrite(view, edits, out)?,)+ }
                if const { $crate::__private::heads_overlap(<$protocol as $crate::__private::Codec>::LAYOUTS) }
                    && (!edits.is_id_only()
                        || const { $crate::__private::ids_overlap(<$protocol as $crate::__private::Codec>::LAYOUTS) })
                {
                    return $crate::__keep!(self, start, out, $protocol);
                }
                $crate::__private::Ok(())
            }

            fn rewrite_head(
                &self,
                edits: &$crate::__private::Edits<'_>,
                body: $crate::__private::usize,
                out: &mut $crate::__private::Vec<$crate::__private::u8>,
            ) -> $crate::__private::bool {
                // Of frames with equal heads the whole says which of them one is.
                if const { !<$protocol as $crate::__private::Codec>::REWRITTEN } {
                    return false;
                }
                match self { $(Self::$variant(view) => $crate::__private::View::rewrite_head(view, edits, body, out),)+ }
            }
        }

        impl $crate::__private::Codec for $protocol {
            type Frame = $owned;
            type View<'a> = $view<'a>;

            const LAYOUTS: &'static [$crate::__private::Layout] =
                &[$(<$frame as $crate::__private::Frame>::LAYOUT,)+];
            const HEARTBEAT: $crate::__private::bool = false $(|| $crate::__private::beats::<$frame>())+;
            const OPAQUE: $crate::__private::bool = false $(|| <$frame as $crate::__private::Frame>::OPAQUE)+;
            const LARGEST_ID: $crate::__private::u64 =
                $crate::__private::least(&[$(<$frame as $crate::__private::Frame>::LARGEST_ID),+]);
            const LOCAL: $crate::__private::bool = false $(|| <$frame as $crate::__private::Frame>::LOCAL)+;
            const HEARTBEAT_ACK: $crate::__private::bool =
                false $(|| <$frame as $crate::__private::Frame>::HEARTBEAT_ACK)+;
            const RESPONSE: $crate::__private::bool = false $(|| $crate::__private::answers::<$frame>())+;

            #[inline(always)]
            fn parse(bytes: &[$crate::__private::u8]) -> $crate::__private::Verdict<$view<'_>> {
                /// What to say of bytes that do not begin with every magic and tag of a frame.
                #[cold]
                #[inline(never)]
                fn doubt<T>(bytes: &[$crate::__private::u8]) -> $crate::__private::Verdict<T> {
                    let mut select = $crate::__private::Select::new(bytes);
                    $(if const { !<$frame as $crate::__private::Frame>::LAYOUT.from_server } {
                        select = select.or::<$frame>();
                    })+
                    select.verdict()
                }

                /// Of frames with equal heads, what their lengths and later values leave.
                #[cold]
                #[inline(never)]
                fn select(bytes: &[$crate::__private::u8]) -> $crate::__private::Verdict<$view<'_>> {
                    let mut select = $crate::__private::SelectWhole::new(bytes);
                    $(if const { !<$frame as $crate::__private::Frame>::LAYOUT.from_server } {
                        select.or::<$frame>($view::$variant);
                    })+
                    select.verdict()
                }

                $(if const { !<$frame as $crate::__private::Frame>::LAYOUT.from_server }
                    && <$frame as $crate::__private::Frame>::fits(bytes)
                {
                    let scan = <$frame as $crate::__private::Frame>::scan(bytes);
                    if const { $crate::__private::heads_overlap(Self::LAYOUTS) }
                        && (scan.is_err() || const { !$crate::__private::equal_lengths(Self::LAYOUTS) })
                    {
                        return select(bytes);
                    }
                    return <$frame as $crate::__private::Frame>::settle(bytes, scan).map($view::$variant);
                })+
                if const { $crate::__private::heads_overlap(Self::LAYOUTS) } {
                    select(bytes)
                } else {
                    doubt(bytes)
                }
            }

            const LEAN: $crate::__private::bool = {
                let patched = false $(|| <$frame as $crate::__private::Frame>::PATCHED)+;
                let lean = false $(|| <$frame as $crate::__private::Frame>::LEAN)+;
                let apart = !$crate::__private::heads_overlap(Self::LAYOUTS);
                lean && apart || patched && $crate::__private::are_lean(Self::LAYOUTS)
            };
            const REWRITTEN: $crate::__private::bool = {
                let some = false $(|| <$frame as $crate::__private::Frame>::REWRITTEN)+;
                some && !$crate::__private::heads_overlap(Self::LAYOUTS)
            };

            const LATER: $crate::__private::bool = Self::LEAN && (false $(|| <$frame as $crate::__private::Frame>::LATER)+);

            fn head(
                bytes: &[$crate::__private::u8],
            ) -> $crate::__private::Option<$crate::__private::Front<$view<'_>>> {
                if const { !<Self as $crate::__private::Codec>::LEAN } {
                    return $crate::__private::None;
                }
                $(if const { !<$frame as $crate::__private::Frame>::LAYOUT.from_server }
                    && <$frame as $crate::__private::Frame>::fits(bytes)
                {
                    if const {
                        !(<$frame as $crate::__private::Frame>::PATCHED
                            || <$frame as $crate::__private::Frame>::LEAN && Self::REWRITTEN)
                    } {
                        return $crate::__private::None;
                    }
                    let scan = <$frame as $crate::__private::Frame>::scan_head(bytes);
                    let head = $crate::__private::Front::of::<$frame>(bytes, scan).map($view::$variant);
                    if const { !$crate::__private::heads_overlap(Self::LAYOUTS) } || head.is_possible() {
                        return $crate::__private::Some(head);
                    }
                })+
                $crate::__private::None
            }

            const BY_SIDE: $crate::__private::bool =
                false $(|| <$frame as $crate::__private::Frame>::LAYOUT.from_server)+;

            fn parse_from_server(
                bytes: &[$crate::__private::u8],
            ) -> $crate::__private::Verdict<$view<'_>> {
                if const { !Self::BY_SIDE } {
                    return Self::parse(bytes);
                }
                let mut select = $crate::__private::SelectWhole::new(bytes);
                $(if const { <$frame as $crate::__private::Frame>::LAYOUT.from_server } {
                    select.or::<$frame>($view::$variant);
                })+
                select.verdict()
            }

            fn decode(bytes: &$crate::__private::Bytes) -> $crate::__private::Verdict<$owned> {
                Self::parse(bytes).and_then(|view| match &view {
                    $($view::$variant(view) => {
                        <$frame as $crate::__private::Frame>::from_view(view, bytes).map($owned::$variant)
                    })+
                })
            }

            $crate::__for_conformance! {
                fn regions<'v>(view: &'v $view<'_>) -> $crate::__private::Vec<$crate::__private::Region<'v>> {
                    #[allow(unused_imports, reason = "all frames may have such parts")]
                    use $crate::__private::NoRegions as _;
                    match view { $($view::$variant(view) => view.__regions(),)+ }
                }
            }

            #[allow(irrefutable_let_patterns, reason = "the protocol may have one frame")]
            fn template_for(
                request: &$view<'_>,
                template: $crate::__private::Template,
            ) -> $crate::__private::Option<$owned> {
                type Make =
                    fn(&$view<'_>, $crate::__private::Template) -> $crate::__private::Option<$owned>;
                const MAKES: &[Make] = &[$(|request, template| {
                    match request {
                        $view::$variant(request) => {
                            <$frame as $crate::__private::Frame>::answer(template, request)
                        }
                        #[allow(unreachable_patterns, reason = "the protocol may have one frame")]
                        _ => <$frame as $crate::__private::Frame>::template(template),
                    }
                    .map($owned::$variant)
                },)+];
                let mut own = 0;
                $(
                    if let $view::$variant(_) = request {
                        return $crate::__private::first_from(MAKES, own, |make| make(request, template));
                    }
                    own += 1;
                )+
                let _ = own;
                $crate::__private::None
            }

            fn template(template: $crate::__private::Template) -> $crate::__private::Option<$owned> {
                $(if let $crate::__private::Some(frame) = <$frame as $crate::__private::Frame>::template(template) {
                    return $crate::__private::Some($owned::$variant(frame));
                })+
                $crate::__private::None
            }
        }
    };
}

/// Takes back what a frame has appended to `out` from `start` on, if that is read as a frame of another struct
/// or kind.
#[doc(hidden)]
#[macro_export]
macro_rules! __keep {
    ($came:ident, $start:ident, $out:ident, $protocol:ident) => {{
        const LAYOUTS: &[$crate::__private::Layout] =
            <$protocol as $crate::__private::Codec>::LAYOUTS;
        static SLOTS: [$crate::__private::Slot; LAYOUTS.len()] =
            $crate::__private::deciding(LAYOUTS);
        let written = $out.get($start..).unwrap_or_default();
        let read = <$protocol as $crate::__private::Codec>::parse(written)
            .map(|view| (view, view.__index()));
        let kept = $crate::__private::keep($came, $came.__index(), &read, written.len(), &SLOTS);
        if kept.is_err() {
            $out.truncate($start);
        }
        kept
    }};
}

/// Makes an enum of frames what each of them is.
#[doc(hidden)]
#[macro_export]
macro_rules! __derived {
    ($name:ident { $($variant:ident)+ }) => {
        impl $crate::__private::Clone for $name {
            fn clone(&self) -> Self {
                #[allow(unused_imports)]
                use $crate::__private::Underived as _;
                match self {
                    $(Self::$variant(frame) => Self::$variant($crate::__private::Derived(frame).copied()),)+
                }
            }
        }

        impl $crate::__private::Debug for $name {
            fn fmt(&self, f: &mut $crate::__private::fmt::Formatter<'_>) -> $crate::__private::fmt::Result {
                #[allow(unused_imports)]
                use $crate::__private::Underived as _;
                match self {
                    $(Self::$variant(frame) => $crate::__private::Derived(frame).show(f, stringify!($variant)),)+
                }
            }
        }

        impl $crate::__private::PartialEq for $name {
            fn eq(&self, other: &Self) -> $crate::__private::bool {
                #[allow(unused_imports)]
                use $crate::__private::Underived as _;
                match (self, other) {
                    $((Self::$variant(frame), Self::$variant(other)) => {
                        $crate::__private::Derived(frame).same(other)
                    })+
                    #[allow(unreachable_patterns, reason = "the protocol may have one frame")]
                    _ => false,
                }
            }
        }
    };
}

/// Makes an enum of commands a command.
#[doc(hidden)]
#[macro_export]
macro_rules! __commands {
    ([$($lifetime:lifetime)?] $name:ident { $($variant:ident)+ }) => {
        impl $(<$lifetime>)? $name $(<$lifetime>)? {
            /// Which of the protocol's structs it is.
            #[doc(hidden)]
            #[allow(irrefutable_let_patterns, reason = "the protocol may have one frame")]
            fn __index(&self) -> $crate::__private::usize {
                let mut index = 0;
                $(
                    if let Self::$variant(_) = self {
                        return index;
                    }
                    index += 1;
                )+
                index
            }
        }

        impl $(<$lifetime>)? $crate::__private::Command for $name $(<$lifetime>)? {
            #[inline]
            fn kind(&self) -> $crate::__private::MessageKind {
                match self { $(Self::$variant(frame) => $crate::__private::Command::kind(frame),)+ }
            }

            #[inline]
            fn id(&self) -> $crate::__private::u64 {
                match self { $(Self::$variant(frame) => $crate::__private::Command::id(frame),)+ }
            }

            #[inline]
            fn opaque_id(&self) -> $crate::__private::Option<&[$crate::__private::u8]> {
                match self { $(Self::$variant(frame) => $crate::__private::Command::opaque_id(frame),)+ }
            }

            #[inline]
            fn local(&self) -> $crate::__private::Option<$crate::__private::Local> {
                match self { $(Self::$variant(frame) => $crate::__private::Command::local(frame),)+ }
            }

            #[inline]
            fn is_verbatim(&self) -> $crate::__private::bool {
                match self { $(Self::$variant(frame) => $crate::__private::Command::is_verbatim(frame),)+ }
            }

            #[inline]
            fn body(&self) -> &[$crate::__private::u8] {
                match self { $(Self::$variant(frame) => $crate::__private::Command::body(frame),)+ }
            }

            #[inline]
            fn write_headers(
                &self,
                out: &mut $crate::__private::HeaderWriter<'_>,
            ) -> $crate::__private::Result<(), $crate::__private::Error> {
                match self { $(Self::$variant(frame) => $crate::__private::Command::write_headers(frame, out),)+ }
            }

            #[inline]
            fn as_request(&self) -> $crate::__private::Option<&dyn $crate::__private::Request> {
                match self { $(Self::$variant(frame) => $crate::__private::Command::as_request(frame),)+ }
            }

            #[inline]
            fn as_response(&self) -> $crate::__private::Option<&dyn $crate::__private::Response> {
                match self { $(Self::$variant(frame) => $crate::__private::Command::as_response(frame),)+ }
            }
        }
    };
}
