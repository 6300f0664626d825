//! A correlation id in two places.

use meshwire::{Bytes, Edits, Frame, Message, View};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
pub struct Ask {
    #[frame(id_copy)]
    pub again: u16,
    #[frame(id)]
    pub id: u8,
}

fn rewritten(id: u64) -> Vec<u8> {
    let mut out = Vec::new();
    let view = Ask::parse(&[0, 9, 7]).frame().unwrap();
    view.rewrite(&Edits::id(id), &mut out).unwrap();
    out
}

#[test]
fn a_copy_stays_what_it_was_until_the_id_changes() {
    assert_eq!(rewritten(7), [0, 9, 7]);
    assert_eq!(rewritten(8), [0, 8, 8]);
    let mut owned = Ask::decode(&Bytes::from_static(&[0, 9, 7]))
        .frame()
        .unwrap();
    assert_eq!(owned.to_bytes().unwrap(), [0, 9, 7][..]);
    owned.set_id(7).unwrap();
    assert_eq!(owned.to_bytes().unwrap(), rewritten(7)[..]);
    owned.set_id(8).unwrap();
    assert_eq!(owned.to_bytes().unwrap(), [0, 8, 8][..]);
}

#[test]
fn an_id_has_to_fit_into_each_place() {
    let view = Ask::parse(&[0, 9, 7]).frame().unwrap();
    let by_view = view.rewrite(&Edits::id(256), &mut Vec::new()).unwrap_err();
    assert_eq!(by_view.field(), "id");
    let mut owned = Ask::default();
    assert_eq!(owned.set_id(65_536).unwrap_err().field(), "again");
    assert_eq!(owned.set_id(256).unwrap_err(), by_view);
    assert_eq!(owned, Ask::default(), "what is refused changes nothing");
}
