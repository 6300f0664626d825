//! `--add-header` and its kind.

use crate::host::Host;
use crate::peers::{Server, call, captured, connect, headers, pair, with_headers};

#[test]
fn routes_change_headers_both_ways() {
    let answered = [pair("d", "old"), pair("e", "1")].concat();
    let answer = with_headers(&captured("echo_response.hex"), &answered);
    let server = Server::start(Some(answer));
    let flags = "bolt --add-header a=new --add-header b=new --set-header c=new --remove-header gone \
                 --set-response-header d=new --remove-response-header e";
    let host = Host::one_hop("headers", flags, server.address);
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
