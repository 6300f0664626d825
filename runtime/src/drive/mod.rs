//! The command line that drives a codec over frames.
