//! Documents with much in them: each takes time by its bytes.

use xml8::Xml8;

use super::grows_with_the_frame;

/// A request with these elements in its header, and this body.
fn frame(header: &str, body: &str) -> Vec<u8> {
    let document = format!(
        "<Service><Header><ExternalReference>7</ExternalReference><RequestType>0</RequestType>{header}</Header>\
         <Body>{body}</Body></Service>"
    );
    format!("{:08}{document}", document.len()).into_bytes()
}

fn elements(items: usize) -> String {
    let elements: Vec<_> = (0..items)
        .map(|item| format!("<a{item:04}>v</a{item:04}>"))
        .collect();
    elements.concat()
}

#[test]
fn elements_of_the_header() {
    grows_with_the_frame::<Xml8>(450, |items| frame(&elements(items), ""));
}

#[test]
fn elements_of_the_body() {
    grows_with_the_frame::<Xml8>(450, |items| frame("", &elements(items)));
    // As deep as they may be, again and again.
    let deep = [vec!["<a>"; 60].concat(), vec!["</a>"; 60].concat()].concat();
    grows_with_the_frame::<Xml8>(18, |items| frame("", &deep.repeat(items)));
}

#[test]
fn what_is_no_element() {
    for (count, item) in [
        (1600, "&amp;"),
        (1000, "<!---->"),
        (650, "<![CDATA[]]>"),
        (1600, "<?x?>"),
        (2000, ">\n]]"),
    ] {
        grows_with_the_frame::<Xml8>(count, |items| {
            frame(&format!("<a>{}</a>", item.repeat(items)), "")
        });
    }
    grows_with_the_frame::<Xml8>(1300, |items| {
        frame(&format!("<a{}/>", " b=\"\"".repeat(items)), "")
    });
}
