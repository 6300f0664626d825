//! As it is where a plugin is built.

mod built {
    pub use meshwire::*;

    macro_rules! export {
        ($protocol:ty, $($once:tt)*) => {
            $($once)*
        };
    }
    pub(crate) use export as __export;
}

mod first {
    use crate::built::{self, Frame, protocol};

    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(request, response(kind = 1))]
    pub struct Ping {
        pub kind: u8,
        #[frame(id)]
        pub id: u32,
    }

    #[protocol(name = "x-first", frames(Ping), keep_alive = none, status(_ => 1), crate = built)]
    pub struct First;
}

mod second {
    use crate::built::{self, protocol};
    use crate::first::Ping;

    #[protocol(name = "x-second", frames(Ping), keep_alive = none, status(_ => 1), crate = built)]
    pub struct Second;
}

fn main() {}
