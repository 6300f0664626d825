//! Reading a wasm binary into the facts the checks ask for. Nothing here trusts the file.

use std::fmt;

use wasmparser::{ExternalKind, Parser, Payload, TypeRef};

use super::about;
use super::paths;
use super::signature::Signature;

/// What an import asks for or an export offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExternType {
    /// A function; `None` if its type is not a plain function type.
    Function(Option<Signature>),
    /// A memory; `None` if the module does not have it.
    Memory(Option<Memory>),
    /// A table.
    Table,
    /// A global.
    Global,
    /// An exception tag.
    Tag,
}

impl fmt::Display for ExternType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExternType::Function(Some(signature)) => write!(f, "function {signature}"),
            ExternType::Function(None) => f.write_str("function of an unknown type"),
            ExternType::Memory(_) => f.write_str("memory"),
            ExternType::Table => f.write_str("table"),
            ExternType::Global => f.write_str("global"),
            ExternType::Tag => f.write_str("tag"),
        }
    }
}

/// The size of a memory in pages of 64 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// At the start.
    pub initial: u64,
    /// At most; `None` if the module sets no limit.
    pub maximum: Option<u64>,
}

impl From<wasmparser::MemoryType> for Memory {
    fn from(ty: wasmparser::MemoryType) -> Self {
        Self {
            initial: ty.initial,
            maximum: ty.maximum,
        }
    }
}

/// One import.
#[derive(Clone, Debug)]
pub struct Import {
    /// The module it is imported from.
    pub module: String,
    /// Its name there.
    pub name: String,
    /// What is asked for.
    pub item: ExternType,
}

/// One export.
#[derive(Clone, Debug)]
pub struct Export {
    /// The exported name.
    pub name: String,
    /// What is offered.
    pub item: ExternType,
}

/// The facts of a module, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// Its imports.
    pub imports: Vec<Import>,
    /// Its exports.
    pub exports: Vec<Export>,
    /// Whether it has a `start` section.
    pub start_section: bool,
    /// Bytes in sections with names and with debug information.
    pub debug_information: usize,
    /// Source files that its data names by paths of one machine, each once.
    pub paths: Vec<String>,
    /// The contents of its [`about::SECTION`] sections.
    pub about: Vec<Vec<u8>>,
}

impl Module {
    /// Reads the sections that matter; code is not looked at.
    ///
    /// # Errors
    /// If the binary is cut off or not laid out as a core module.
    pub fn read(bytes: &[u8]) -> Result<Self, wasmparser::Error> {
        let mut reading = Reading::default();
        for payload in Parser::new(0).parse_all(bytes) {
            reading.section(payload?)?;
        }
        Ok(reading.module)
    }

    /// The export of this name.
    pub fn export(&self, name: &str) -> Option<&ExternType> {
        self.exports
            .iter()
            .find(|export| export.name == name)
            .map(|export| &export.item)
    }
}

/// The index spaces that give an export its type.
#[derive(Default)]
struct Reading {
    module: Module,
    types: Vec<Option<Signature>>,
    functions: Vec<u32>,
    memories: Vec<Memory>,
}

impl Reading {
    fn section(&mut self, payload: Payload<'_>) -> Result<(), wasmparser::Error> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    for ty in group?.types() {
                        self.types.push(function_type(ty));
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    self.import(&import?);
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.functions.push(ty?);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    self.memories.push(memory?.into());
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    self.export(&export?);
                }
            }
            Payload::StartSection { .. } => self.module.start_section = true,
            Payload::CustomSection(section) if section.name() == about::SECTION => {
                self.module.about.push(section.data().to_vec());
            }
            Payload::CustomSection(section) if is_debug_information(section.name()) => {
                self.module.debug_information += section.data().len();
            }
            Payload::DataSection(section) => {
                for data in section {
                    self.paths(data?.data);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, import: &wasmparser::Import<'_>) {
        let item = match import.ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                self.functions.push(ty);
                ExternType::Function(self.signature(ty))
            }
            TypeRef::Memory(memory) => {
                self.memories.push(memory.into());
                ExternType::Memory(Some(memory.into()))
            }
            TypeRef::Table(_) => ExternType::Table,
            TypeRef::Global(_) => ExternType::Global,
            TypeRef::Tag(_) => ExternType::Tag,
        };
        self.module.imports.push(Import {
            module: import.module.to_owned(),
            name: import.name.to_owned(),
            item,
        });
    }

    fn export(&mut self, export: &wasmparser::Export<'_>) {
        let item = match export.kind {
            ExternalKind::Func | ExternalKind::FuncExact => {
                let ty = at(&self.functions, export.index);
                ExternType::Function(ty.and_then(|ty| self.signature(*ty)))
            }
            ExternalKind::Memory => ExternType::Memory(at(&self.memories, export.index).copied()),
            ExternalKind::Table => ExternType::Table,
            ExternalKind::Global => ExternType::Global,
            ExternalKind::Tag => ExternType::Tag,
        };
        self.module.exports.push(Export {
            name: export.name.to_owned(),
            item,
        });
    }

    fn paths(&mut self, data: &[u8]) {
        let known = &mut self.module.paths;
        for path in paths::of_a_machine(data) {
            if !known.contains(&path) {
                known.push(path);
            }
        }
    }

    fn signature(&self, ty: u32) -> Option<Signature> {
        at(&self.types, ty).cloned().flatten()
    }
}

fn is_debug_information(section: &str) -> bool {
    section == "name" || section.starts_with(".debug_")
}

fn function_type(ty: &wasmparser::SubType) -> Option<Signature> {
    match &ty.composite_type.inner {
        wasmparser::CompositeInnerType::Func(ty) => Some(ty.into()),
        _ => None,
    }
}

fn at<T>(items: &[T], index: u32) -> Option<&T> {
    items.get(usize::try_from(index).ok()?)
}
