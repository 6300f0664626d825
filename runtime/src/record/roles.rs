//! What fields mean to a host.

/// What a field means to a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Nothing but what `header` says.
    None,
    /// The correlation id.
    Id,
    /// How long the caller waits, in milliseconds; a number that is not positive says nothing.
    Timeout,
    /// How the call ended.
    Status,
    /// Headers of any name.
    Headers,
    /// The body.
    Body,
}

/// A set of roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles(u8);

impl Roles {
    pub(super) const NONE: Self = Self(0);
    pub(super) const ID: Self = Self(1);
    pub(super) const TIMEOUT: Self = Self(1 << 1);
    pub(super) const STATUS: Self = Self(1 << 2);
    pub(super) const HEADERS: Self = Self(1 << 3);
    pub(super) const BODY: Self = Self(1 << 4);
    /// A header with a name of its own.
    pub(super) const HEADER: Self = Self(1 << 5);
    /// A condition of a case names a field inside it.
    pub(super) const CONDITION: Self = Self(1 << 6);

    /// Why the mesh has answered.
    pub(super) const REASON: Self = Self(1 << 7);

    /// How a call ended, and why.
    pub(super) const OUTCOME: Self = Self(Self::STATUS.0 | Self::REASON.0);

    /// What is read of every frame.
    pub(super) const METADATA: Self =
        Self(Self::ID.0 | Self::STATUS.0 | Self::BODY.0 | Self::CONDITION.0);
    /// What headers are written to.
    pub(super) const OF_HEADERS: Self = Self(Self::HEADERS.0 | Self::HEADER.0);
    /// What headers are read from.
    pub(super) const ALL: Self = Self(u8::MAX);

    /// Whether the two have a role in common.
    pub(super) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) const fn bits(self) -> u8 {
        self.0
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Role {
    pub(super) const fn as_set(self) -> Roles {
        match self {
            Self::None => Roles::NONE,
            Self::Id => Roles::ID,
            Self::Timeout => Roles::TIMEOUT,
            Self::Status => Roles::STATUS,
            Self::Headers => Roles::HEADERS,
            Self::Body => Roles::BODY,
        }
    }
}
