//! `--add-header` and its kind.

use crate::host::Mosn;
use crate::peers::{Server, call, captured, connect, headers, pair, with_headers};

#[test]
fn routes_change_headers_both_ways() {
    let answered = [pair("d", "old"), pair("e", "1")].concat();
    let answer = with_headers(&captured("echo_response.hex"), &answered);
    let server = Server::answering(answer);
    let flags = "bolt --add-header a=new --add-header b=new --set-header c=new --remove-header gone \
                 --set-response-header d=new --remove-response-header e";
    let host = Mosn::one_hop("headers", flags, server.address);
    let sent = [
        pair("kept", "1"),
        pair("b", "old"),
        pair("c", "old"),
        pair("gone", "1"),
    ];
    let request = with_headers(&captured("echo_request.hex"), &sent.concat());
    let answer = call(&mut connect(host.client), &request).unwrap();
    let arrived = [
        pair("kept", "1"),
        pair("b", "old,new"),
        pair("c", "new"),
        pair("a", "new"),
    ];
    assert_eq!(headers(&server.next()), arrived.concat());
    assert_eq!(headers(&answer), pair("d", "new"));
}

/// The host's parser of header maps reads on after their end, into the id of the frame: from the
/// 2304th answer of a connection on it would panic. (The fence of the runtime stops it.)
#[test]
fn the_parser_of_the_host_stops_behind_the_headers() {
    let answered = pair("name", "value");
    let server = Server::answering(with_headers(&captured("echo_response.hex"), &answered));
    let host = Mosn::one_hop("fence", "bolt", server.address);
    let mut stream = connect(host.client);
    let request = captured("echo_request.hex");
    for n in 0..2600 {
        let answer = call(&mut stream, &request);
        let answer = answer.unwrap_or_else(|| panic!("closed after {n} calls"));
        assert_eq!(headers(&answer), answered, "answer {n}");
    }
}
