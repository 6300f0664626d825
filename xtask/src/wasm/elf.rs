//! Reading a shared library into the facts that the checks ask for, and what Envoy asks of one. Nothing here trusts the file.

use object::{Object, ObjectSection, ObjectSymbol};

use super::about;

/// Functions of Envoy that a library may call begin so, as symbols.
pub const CALLBACK: &str = "envoy_dynamic_module_callback_";

/// What Envoy calls of a module first, and has to be there.
pub const INIT: &str = "envoy_dynamic_module_on_program_init";

/// The extensions of Envoy that a plugin is, each with what its functions begin with, and the rest of the names of those that it
/// needs. Source: the `newDynamicModule…` functions and configurations of `source/extensions` of Envoy 1.40.0, which look them up.
pub const EXTENSIONS: [(&str, &str, &[&str]); 3] = [
    (
        "network filter",
        "envoy_dynamic_module_on_network_filter_",
        &[
            "config_new",
            "config_destroy",
            "new",
            "destroy",
            "new_connection",
            "read",
            "write",
            "event",
        ],
    ),
    (
        "upstream transport socket",
        "envoy_dynamic_module_on_transport_socket_",
        &[
            "factory_config_new",
            "factory_config_destroy",
            "new",
            "destroy",
            "set_callbacks",
            "on_connected",
            "do_read",
            "do_write",
            "close",
            "get_protocol",
            "get_failure_reason",
            "can_flush_close",
            "start_secure_transport",
        ],
    ),
    (
        "HTTP/TCP bridge",
        "envoy_dynamic_module_on_upstream_http_tcp_bridge_",
        &[
            "config_new",
            "config_destroy",
            "new",
            "destroy",
            "encode_headers",
            "encode_data",
            "encode_trailers",
            "on_upstream_data",
        ],
    ),
];

/// Whether a file says that it is of this kind.
pub fn is_elf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x7fELF")
}

/// The facts of a library.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Library {
    /// The processor that it is for, as Rust names it.
    pub architecture: String,
    /// Whether it is a shared library.
    pub is_shared: bool,
    /// The functions of Envoy's interface that it has.
    pub hooks: Vec<String>,
    /// The functions of Envoy without which it cannot be loaded at all.
    pub callbacks: Vec<String>,
    /// The libraries that it needs.
    pub libraries: Vec<String>,
    /// The newest version of glibc that it needs something of, `2.34`.
    pub glibc: Option<(u32, u32)>,
    /// The contents of its [`about::SECTION`] section.
    pub about: Option<Vec<u8>>,
}

impl Library {
    /// Reads the tables that matter; code is not looked at.
    ///
    /// # Errors
    /// With the reason, if the file is not laid out as it has to be.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let file = object::File::parse(bytes).map_err(|error| error.to_string())?;
        let mut library = Self {
            architecture: format!("{:?}", file.architecture()).to_lowercase(),
            is_shared: file.kind() == object::ObjectKind::Dynamic,
            ..Self::default()
        };
        for symbol in file.dynamic_symbols() {
            let Ok(name) = symbol.name() else {
                continue;
            };
            if symbol.is_undefined() {
                if name.starts_with(CALLBACK) && !symbol.is_weak() {
                    library.callbacks.push(name.to_owned());
                }
            } else if name.starts_with("envoy_dynamic_module_on_") {
                library.hooks.push(name.to_owned());
            }
        }
        library.hooks.sort();
        library.callbacks.sort();
        library.texts(&section(&file, ".dynstr").unwrap_or_default());
        library.about = section(&file, about::SECTION);
        Ok(library)
    }

    /// The names of libraries and of versions are texts of one table.
    fn texts(&mut self, table: &[u8]) {
        for text in table.split(|byte| *byte == 0) {
            let Ok(text) = str::from_utf8(text) else {
                continue;
            };
            if let Some(version) = text.strip_prefix("GLIBC_").and_then(version) {
                self.glibc = self.glibc.max(Some(version));
            } else if text.starts_with("lib") && text.contains(".so") {
                self.libraries.push(text.to_owned());
            }
        }
    }

    /// Whether it is for musl, which Envoy is not.
    pub fn is_for_musl(&self) -> bool {
        self.libraries
            .iter()
            .any(|library| library == "libc.so" || library.starts_with("libc.musl-"))
    }
}

/// The bytes of a section of this name.
fn section(file: &object::File<'_>, name: &str) -> Option<Vec<u8>> {
    let section = file.section_by_name(name)?;
    section.data().ok().map(<[u8]>::to_vec)
}

/// `2.34`, or `2.2.5` without its last part.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        let mut library = Library::default();
        library.texts(
            b"\0libc.so.6\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.9\0GLIBC_PRIVATE\0libgcc_s.so.1\0lib\0",
        );
        assert_eq!(library.glibc, Some((2, 34)));
        assert_eq!(library.libraries, ["libc.so.6", "libgcc_s.so.1"]);
        assert!(!library.is_for_musl());
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        assert!(Library::read(b"").is_err());
        assert!(Library::read(b"\x7fELF").is_err());
    }

    /// This test is a program for the machine that it runs on.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_program_is_read() {
        let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let library = Library::read(&bytes).unwrap();
        assert_eq!(library.architecture, std::env::consts::ARCH);
        assert!(library.hooks.is_empty() && library.about.is_none());
    }
}
