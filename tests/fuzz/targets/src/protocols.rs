//! The protocols of the repository, by a number.

use core::fmt::Debug;

use libfuzzer_sys::Corpus;
use meshwire::Plugin;

/// A check that holds for the bytes of any peer, in any protocol.
pub trait Check {
    /// Panics if something is not as it should be.
    fn check<P: Plugin<Frame: PartialEq + Debug>>(input: &[u8]);
}

macro_rules! protocols {
    ($($number:literal $folder:literal $protocol:ty;)*) => {
        /// The folders of the protocols, in the order of their numbers.
        pub const FOLDERS: &[&str] = &[$($folder),*];

        /// Runs a check on the protocol that the first byte of the input names, with the bytes after it.
        /// Inputs that name no protocol are not worth keeping.
        pub fn over<C: Check>(input: &[u8]) -> Corpus {
            let Some((number, input)) = input.split_first() else {
                return Corpus::Reject;
            };
            match number {
                $($number => C::check::<$protocol>(input),)*
                _ => return Corpus::Reject,
            }
            Corpus::Keep
        }
    };
}

protocols! {
    0 "baidu-std" baidu_std::BaiduStd;
    1 "bcbc" bcbc::Bcbc;
    2 "bolt" bolt::Bolt;
    3 "boltv2" boltv2::BoltV2;
    4 "crpc" crpc::Crpc;
    5 "dubbo" dubbo::Dubbo;
    6 "memcached" memcached::Memcached;
    7 "motan2" motan2::Motan2;
    8 "rocketmq" rocketmq::RocketMq;
    9 "tars" tars::Tars;
    10 "thrift" thrift::Thrift;
    11 "ttheader" ttheader::TtHeader;
    12 "xml8" xml8::Xml8;
    13 "diameter" diameter::Diameter;
    14 "smpp" smpp::Smpp;
    15 "iso8583" iso8583::Iso8583;
    16 "kafka" kafka::Kafka;
    17 "someip" someip::SomeIp;
    18 "trpc" trpc::Trpc;
}
