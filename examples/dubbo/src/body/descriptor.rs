//! Descriptors of parameter types, as the JVM writes them: `Ljava/lang/String;[I`.

/// How many parameters there are; `None` if it is not a descriptor.
pub(super) fn parameters(descriptor: &[u8]) -> Option<u64> {
    let (mut count, mut rest) = (0, descriptor);
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            // An array of what follows.
            b'[' if !after.is_empty() => continue,
            b'B' | b'C' | b'D' | b'F' | b'I' | b'J' | b'S' | b'V' | b'Z' => {}
            b'L' => {
                let end = after.iter().position(|byte| *byte == b';')?;
                rest = after.get(end + 1..)?;
            }
            _ => return None,
        }
        count += 1;
    }
    Some(count)
}

#[cfg(test)]
mod tests {
    use super::parameters;

    #[test]
    fn parameters_are_counted() {
        for (descriptor, count) in [
            ("", 0),
            ("Ljava/lang/String;", 1),
            ("ZBCDFIJSV", 9),
            ("[I[[Ljava/lang/Object;J", 3),
            // A generic call.
            (
                "Ljava/lang/String;[Ljava/lang/String;[Ljava/lang/Object;",
                3,
            ),
            ("LI;LV;", 2),
        ] {
            assert_eq!(
                parameters(descriptor.as_bytes()),
                Some(count),
                "{descriptor}"
            );
        }
    }

    #[test]
    fn what_is_no_descriptor_has_no_count() {
        for descriptor in ["Ljava/lang/String", "[", "I[", "X", "I;", "I I", "L"] {
            assert_eq!(parameters(descriptor.as_bytes()), None, "{descriptor}");
        }
    }
}
