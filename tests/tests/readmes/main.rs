//! What READMEs of the examples have from the declarations.
//!
//! `BLESS=1 cargo test -p meshwire-tests --test readmes` writes it.

use std::{env, fs, path::Path};

use meshwire::frame::Layout;
use meshwire::protocol::Codec;
use meshwire_testing::diagram;

/// Around the picture of the frames.
const START: &str = "<!-- the frames, written by `BLESS=1 cargo test -p meshwire-tests --test readmes` -->\n\n```text\n";
const END: &str = "```\n\n<!-- end of the frames -->\n";

macro_rules! examples {
    ($($name:ident: $protocol:path,)*) => {
        $(#[test]
        fn $name() {
            is_drawn(&stringify!($name).replace('_', "-"), <$protocol as Codec>::LAYOUTS);
        })*
    };
}

examples! {
    baidu_std: baidu_std::BaiduStd,
    bcbc: bcbc::Bcbc,
    bolt: bolt::Bolt,
    boltv2: boltv2::BoltV2,
    crpc: crpc::Crpc,
    diameter: diameter::Diameter,
    dubbo: dubbo::Dubbo,
    iso8583: iso8583::Iso8583,
    kafka: kafka::Kafka,
    memcached: memcached::Memcached,
    motan2: motan2::Motan2,
    rocketmq: rocketmq::RocketMq,
    smpp: smpp::Smpp,
    someip: someip::SomeIp,
    tars: tars::Tars,
    thrift: thrift::Thrift,
    trpc: trpc::Trpc,
    ttheader: ttheader::TtHeader,
    xml8: xml8::Xml8,
}

/// The README has the picture of these frames.
fn is_drawn(example: &str, layouts: &[Layout]) {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let path = examples.join(example).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme
        .split_once(START)
        .expect("the README has a place for the frames");
    let (found, after) = rest.split_once(END).expect("the place for the frames ends");
    let drawn = diagram::text(layouts);
    if env::var_os("BLESS").is_some() && found != drawn {
        fs::write(&path, format!("{before}{START}{drawn}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(
        found,
        drawn,
        "the frames in {} are of another declaration",
        path.display()
    );
}
