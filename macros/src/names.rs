//! Every word of the attribute language, listed once.
//!
//! A key is one row here (where it can be used, its word, how it is written), and one field of the model (its
//! meaning). The row of a key of a field has its grammar and the fields that it fits too; the grammar of other keys is
//! one match arm in `attrs`. The parsers, "expected one of …", "did you mean …" and "… belongs on …" all read these
//! tables.
//!
//! The path of the runtime is here too.

use syn::{Path, parse_quote};

use crate::suggest;

/// Where a key is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Frame,
    Field,
    Codes,
    Variant,
    Record,
    Entry,
    Protocol,
}

impl Place {
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Place::Frame => "a frame",
            Place::Field => "a field of a frame",
            Place::Codes => "a code enum",
            Place::Variant => "a variant of a code enum",
            Place::Record => "a record",
            Place::Entry => "a field of a record",
            Place::Protocol => "a protocol",
        }
    }

    /// The attribute that holds the keys of this place.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Place::Protocol => PROTOCOL,
            Place::Record | Place::Entry => RECORD,
            Place::Frame | Place::Field | Place::Codes | Place::Variant => FRAME,
        }
    }
}

pub(crate) const FRAME: &str = "frame";
pub(crate) const PROTOCOL: &str = "protocol";
pub(crate) const RECORD: &str = "record";

/// One row of a table of keys.
pub(crate) struct Row<K> {
    pub(crate) key: K,
    pub(crate) word: &'static str,
    /// How the key is written, with its value.
    pub(crate) form: &'static str,
}

/// The keys of one place.
pub(crate) trait Keys: Copy + 'static {
    const PLACE: Place;
    const TABLE: &'static [Row<Self>];

    /// How the key is written.
    fn form(self) -> &'static str
    where
        Self: PartialEq,
    {
        let row = Self::TABLE.iter().find(|row| row.key == self);
        row.map_or("", |row| row.form)
    }

    fn word(self) -> &'static str
    where
        Self: PartialEq,
    {
        let row = Self::TABLE.iter().find(|row| row.key == self);
        row.map_or("", |row| row.word)
    }

    fn row(word: &str) -> Option<&'static Row<Self>> {
        Self::TABLE.iter().find(|row| row.word == word)
    }
}

macro_rules! keys {
    ($(#[$doc:meta])* $name:ident in $place:ident { $($key:ident = $word:literal, $form:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $name { $($key),* }

        impl Keys for $name {
            const PLACE: Place = Place::$place;
            const TABLE: &'static [Row<Self>] =
                &[$(Row { key: $name::$key, word: $word, form: $form }),*];
        }
    };
}

keys! {
    /// Above the struct of a frame.
    FrameKey in Frame {
        Request = "request", "request";
        Response = "response", "response";
        Heartbeat = "heartbeat", "heartbeat(field = value, …)";
        HeartbeatAck = "heartbeat_ack", "heartbeat_ack(field = value, …)";
        Oneway = "oneway", "oneway(field = value, …)";
        Verbatim = "verbatim", "verbatim(field = value, …)";
        Local = "local", "local(field = value, …)";
        From = "from", "from = server";
        Endian = "endian", "endian = big";
        Max = "max", "max = bytes";
        Size = "size", "size = bytes";
        Entry = "entry", "entry";
        Pad = "pad", "pad = bytes";
        Crate = "crate", "crate = path";
    }
}

/// The keys of a field of a frame, all that the stages know of each in one row: its word, how it is written,
/// where its value is kept and which function of `attrs::value` reads it, which fields it fits, why it does not fit
/// some others, and the key that it needs beside it.
///
/// `attrs::field` makes the attributes of a field of it, `model::fit` the check; the groups of fields and the
/// reasons that several keys share have their names there. A key that fits no group by its type has an empty list.
macro_rules! field_keys {
    ($with:ident) => {
        $with! {
            values {
                Magic = "magic", "magic = value";
                    magic: Expr = expr, on [INTEGER, ARRAY, PADDED, CODE],
                    because [
                        &[(VARINT, "only a field of fixed width distinguishes protocols")],
                        NOT_CONSTANT,
                        COMPUTED,
                    ];
                Tag = "tag", "tag(value, …)";
                    tag: Vec<Expr> = exprs, on [INTEGER, ARRAY, PADDED, CODE],
                    because [
                        &[(VARINT, "only a field of fixed width distinguishes frames")],
                        NOT_CONSTANT,
                        COMPUTED,
                    ];
                Default = "default", "default = value";
                    default: Expr = expr, on [INTEGER, VARINT, ARRAY, PADDED, CODE],
                    because [STARTS_EMPTY, COMPUTED];
            }
            roles on [INTEGER, VARINT, ARRAY, PADDED, CODE, TEXT, BYTES, HEADERS], because [COMPUTED] {
                Id = "id", "id";
                Timeout = "timeout", "timeout";
                Status = "status", "status";
                Headers = "headers", "headers";
                Body = "body", "body";
                Kind = "kind", "kind";
                Reason = "reason", "reason";
            }
            values {
                Key = "key", "key";
                    key: () = none, on [INTEGER, TEXT];
                Value = "value", "value";
                    value: () = none, on [BYTES];
                IdCopy = "id_copy", "id_copy";
                    id_copy: () = none, on [INTEGER],
                    because [&[(VARINT, "the second place of the id has a fixed width")]];
                Echo = "echo", "echo(field, add = number)";
                    echo: Echo = echo, on [INTEGER, ARRAY, PADDED, CODE],
                    because [COMPUTED];
                Format = "format", "format = Type";
                    format: Type = ty, on [HEADERS];
                With = "with", "with = Type";
                    with: Type = ty, on [BYTES];
                Inputs = "inputs", "inputs(field, …)";
                    inputs: Vec<Ident> = idents, on [], requires With;
                Header = "header", "header = \"name\"";
                    header: LitStr = string, on [INTEGER, VARINT, ARRAY, PADDED, CODE, TEXT, BYTES];
                As = "as", "as = hex";
                    form: Form = word, on [ARRAY, BYTES], requires Header;
                ReadOnly = "read_only", "read_only";
                    read_only: () = none, on [], requires Header;
                TimeoutKey = "timeout_key", "timeout_key = \"name\"";
                    timeout_key: LitStr = string, on [HEADERS];
                LenOf = "len_of", "len_of = part";
                    len_of: Extent = extent, on [];
                Null = "null", "null = -1";
                    null: Expr = expr, on [LENGTH];
                Unit = "unit", "unit = bytes";
                    unit: Expr = expr, on [LENGTH];
                Until = "until", "until = 0";
                    until: Expr = expr, on [TEXT, BYTES], requires Max;
                Over = "over", "over = ..=field";
                    over: Extent = extent, on [];
                Bits = "bits", "bits = count";
                    bits: Expr = expr, on [UNSIGNED, CODE],
                    because [&[(VARINT, "it has as many bytes of its own as its value needs")]];
                Flag = "flag", "flag";
                    flag: () = none, on [INTEGER];
                When = "when", "when(field = value, …)";
                    when: Vec<Equation> = equations,
                    on [INTEGER, ARRAY, PADDED, CODE, FIXED_LENGTH, CHECK, TEXT, BYTES],
                    because [
                        &[(VARINTS, "it is in every frame"), (HEADERS, "it can be empty instead")],
                    ];
                At = "at", "at = offset";
                    at: Expr = expr, on [INTEGER, ARRAY, PADDED, CODE, FIXED_LENGTH, CHECK],
                    because [&[(VARINTS, "it is not in the fixed part")], HAS_NO_PLACE];
                Max = "max", "max = bytes";
                    max: Expr = expr, on [TEXT, BYTES, HEADERS],
                    because [&[
                        (VARINT, "its integer limits its length"),
                        (LENGTH, "it limits the part, so write it there"),
                    ]];
                Endian = "endian", "endian = big";
                    endian: Endian = word, on [WIDE, ARRAY, PADDED, CODE, FIXED_LENGTH, CHECK],
                    because [&[
                        (BYTE, "one byte has no order"),
                        (DIGITS, "the first digit is the highest"),
                        (VARINTS, "its lowest bits come first"),
                    ]];
            }
        }
    };
}

pub(crate) use field_keys;

macro_rules! table_of_fields {
    (
        values { $(
            $before:ident = $before_word:literal, $before_form:literal;
            $_1:ident: $_2:ty = $_3:ident, on $_4:tt $(, because $_5:tt)? $(, requires $_6:ident)?;
        )* }
        roles on $_7:tt, because $_8:tt { $($role:ident = $role_word:literal, $role_form:literal;)* }
        values { $(
            $after:ident = $after_word:literal, $after_form:literal;
            $_9:ident: $_10:ty = $_11:ident, on $_12:tt $(, because $_13:tt)? $(, requires $_14:ident)?;
        )* }
    ) => {
        keys! {
            /// On a field of a frame.
            FieldKey in Field {
                $($before = $before_word, $before_form;)*
                $($role = $role_word, $role_form;)*
                $($after = $after_word, $after_form;)*
            }
        }
    };
}

field_keys!(table_of_fields);

keys! {
    /// Above an enum of codes.
    CodesKey in Codes {
        Crate = "crate", "crate = path";
    }
}

keys! {
    /// On a variant of an enum of codes.
    VariantKey in Variant {
        Other = "other", "other";
    }
}

keys! {
    /// Above the struct of a record, or the enum of several.
    RecordKey in Record {
        Protobuf = "protobuf", "protobuf";
        Tlv = "tlv", "tlv(tag = u16, len = u16)";
        Json = "json", "json";
        Xml = "xml", "xml(\"Root\")";
        Jce = "jce", "jce";
        Entry = "entry", "entry = Type";
        Bitmap = "bitmap", "bitmap(FORMATS)";
        Encoding = "encoding", "encoding = value";
        Request = "request", "request(field, field = value, …)";
        Oneway = "oneway", "oneway(field, field = value, …)";
        Response = "response", "response(field, field = value, …)";
        Heartbeat = "heartbeat", "heartbeat(field, field = value, …)";
        HeartbeatAck = "heartbeat_ack", "heartbeat_ack(field, field = value, …)";
        Echo = "echo", "echo";
        Crate = "crate", "crate = path";
    }
}

keys! {
    /// On a field of a record, after its key.
    EntryKey in Entry {
        Rest = "rest", "rest";
        Id = "id", "id";
        Timeout = "timeout", "timeout";
        Status = "status", "status(other = -1)";
        Headers = "headers", "headers";
        Body = "body", "body";
        Header = "header", "header = \"name\"";
        Tag = "tag", "tag(value, …)";
        Default = "default", "default = value";
        Required = "required", "required";
        Echo = "echo", "echo";
        Reason = "reason", "reason";
        Bits = "bits", "bits = count";
    }
}

keys! {
    /// In the attribute of a protocol.
    ProtocolKey in Protocol {
        Name = "name", "name = \"x-…\"";
        Frames = "frames", "frames(Request, Response)";
        Status = "status", "status(200 => 0, …, _ => 1)";
        KeepAlive = "keep_alive", "keep_alive = none";
        Hijacker = "hijacker", "hijacker = none";
        Service = "service", "service(\"header\", …)";
        Method = "method", "method(\"header\", …)";
        Callee = "callee", "callee = custom";
        Options = "options", "options = custom";
        Root = "root", "root = Type";
        Body = "body", "body = visible";
        Pool = "pool", "pool = multiplex";
        WorkerPool = "worker_pool", "worker_pool = true";
        Crate = "crate", "crate = path";
    }
}

/// The first place other than `here` whose table knows `word`, and how the key is written there.
pub(crate) fn elsewhere(word: &str, here: Place) -> Option<(Place, &'static str)> {
    fn look<K: Keys>(word: &str, here: Place) -> Option<(Place, &'static str)> {
        K::row(word)
            .filter(|_| K::PLACE != here)
            .map(|row| (K::PLACE, row.form))
    }
    look::<FrameKey>(word, here)
        .or_else(|| look::<FieldKey>(word, here))
        .or_else(|| look::<ProtocolKey>(word, here))
        .or_else(|| look::<VariantKey>(word, here))
        .or_else(|| look::<CodesKey>(word, here))
        .or_else(|| look::<RecordKey>(word, here))
        .or_else(|| look::<EntryKey>(word, here))
}

/// Why `word` is no key of this place, and which are.
pub(crate) fn unknown<K: Keys>(word: &str) -> String {
    let words: Vec<&str> = K::TABLE.iter().map(|row| row.word).collect();
    let place = K::PLACE.describe();
    if let Some((owner, form)) = elsewhere(word, K::PLACE) {
        return format!(
            "`{word}` cannot be used on {place}: it belongs on {}, as `#[{}({form})]`",
            owner.describe(),
            owner.attribute(),
        );
    }
    format!(
        "unknown key `{word}` on {place}{}",
        suggest::instead(word, &words)
    )
}

/// The integers a field can hold; their names are their layout.
pub(crate) const INTS: &[&str] = &[
    "u8",
    "u16",
    "u32",
    "u64",
    "i8",
    "i16",
    "i32",
    "i64",
    "U24",
    "U48",
    "AsciiDecimal",
    "Varint",
    "Zigzag",
];

/// Those of variable width, each with the integers of which it can have the value.
pub(crate) const VARINTS: &[(&str, &[&str])] = &[
    ("Varint", &["u16", "u32", "u64"]),
    (ZIGZAG, &["i16", "i32", "i64"]),
];

/// The one of them whose lowest bit on the wire is a sign.
pub(crate) const ZIGZAG: &str = "Zigzag";

/// Those that an enum of codes can be made of.
pub(crate) const REPRS: &[&str] = &["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"];

/// The type of a length field.
pub(crate) const LEN: &str = "Len";

/// The type of a checksum.
pub(crate) const CHECK: &str = "Check";

/// The type of a text of fixed width.
pub(crate) const PADDED: &str = "FixedStr";

/// The type of a part that can be absent.
pub(crate) const OPTION: &str = "Option";

/// Types that have no layout of their own, and what to write for each.
pub(crate) const NOT_ON_THE_WIRE: &[(&str, &str)] = &[
    ("String", "`Text`"),
    ("str", "`Text`"),
    ("Vec", "`Bytes`"),
    ("VecDeque", "`Bytes`"),
    ("HashMap", "`HeaderMap`"),
    ("BTreeMap", "`HeaderMap`"),
    ("usize", "an integer of a stated width, such as `u32`"),
    ("isize", "an integer of a stated width, such as `i32`"),
    ("u128", "`u64` or `[u8; 16]`"),
    ("i128", "`i64` or `[u8; 16]`"),
    ("bool", "`u8` or a code enum"),
    ("char", "`u8` or `Text`"),
    ("f32", "`[u8; 4]`"),
    ("f64", "`[u8; 8]`"),
    (
        OPTION,
        "the type itself: only a `Text` or `Bytes` can be an `Option`, with `null` on its length",
    ),
];

/// Names that MOSN has registered for itself (`"X"` and `"Auto"` are ways of choosing among them).
pub(crate) const BUILT_IN: &[&str] = &[
    "bolt",
    "boltv2",
    "dubbo",
    "dubbothrift",
    "tars",
    "X",
    "Auto",
];

/// What a second plugin in one crate defines again.
pub(crate) const ONE_PLUGIN: &str =
    "one_crate_is_one_plugin_so_give_this_protocol_a_crate_of_its_own";

/// The runtime, unless `crate = path` says where it is.
pub(crate) fn runtime(krate: Option<&Path>) -> Path {
    krate.cloned().unwrap_or_else(|| parse_quote!(::meshwire))
}
