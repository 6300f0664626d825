//! What callers ask of a server.

/// What the server is to do with a call; the first word of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scenario {
    Echo,
    Wait,
    Silence,
    Close,
}

impl Scenario {
    const ALL: [(Self, &str); 4] = [
        (Self::Echo, "echo "),
        (Self::Wait, "wait "),
        (Self::Silence, "silence "),
        (Self::Close, "close "),
    ];

    /// What a body says.
    pub(super) fn of(body: &[u8]) -> Option<Self> {
        let mut all = Self::ALL.iter();
        all.find(|(_, word)| body.starts_with(word.as_bytes()))
            .map(|(scenario, _)| *scenario)
    }

    pub(super) fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(scenario, _)| *scenario == self)
            .map_or("", |(_, word)| word)
    }
}

/// Numbers that look random and are the same in every run.
pub(super) struct Dice(pub(super) u32);

impl Dice {
    /// A number below `sides`.
    pub(super) fn roll(&mut self, sides: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 % sides
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_is_in_the_body() {
        for (scenario, word) in Scenario::ALL {
            assert_eq!(
                Scenario::of(format!("{word}caller 1").as_bytes()),
                Some(scenario)
            );
        }
        assert_eq!(Scenario::of(b"something"), None);
    }

    #[test]
    fn dice_show_every_side() {
        let mut dice = Dice(1);
        let mut seen = [false; 6];
        (0..100).for_each(|_| seen[dice.roll(6) as usize] = true);
        assert_eq!(seen, [true; 6]);
    }
}
