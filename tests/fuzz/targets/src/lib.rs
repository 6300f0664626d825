//! What the fuzz targets share: a choice of protocols, memory that is counted, changes to make.

#[path = "../../../src/alloc.rs"]
pub mod alloc;
pub mod edits;
pub mod fields;
pub mod input;
pub mod protocols;
pub mod sides;

#[global_allocator]
static ALLOCATOR: alloc::Counting = alloc::Counting;
