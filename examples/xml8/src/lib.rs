//! XML of banks behind eight digits of length, which MOSN's extensions call `xr`.

mod xml;

pub use xml::Service;
