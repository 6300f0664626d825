use super::*;

fn parse(json: &str) -> Result<Config, String> {
    Config::parse(json.as_bytes()).map_err(|refusal| refusal.to_string())
}

#[track_caller]
fn refused(json: &str, wanted: &str) {
    assert_eq!(parse(json).unwrap_err(), wanted);
}

#[test]
fn nothing_is_needed() {
    assert_eq!(parse(""), Ok(Config::default()));
    assert_eq!(parse(" \n"), Ok(Config::default()));
    assert_eq!(parse("{}"), Ok(Config::default()));
}

#[test]
fn every_key_is_heard() {
    let config = parse(
        r#"{"max_frame": 1000, "on_bad_frame": "close", "access_log": "info", "service": "s",
            "method": ["m", "n"], "max_calls": 2, "max_names": 0,
            "deny": [{"service": "a", "method": "b"}, {"method": "c"}],
            "on_denied": "close", "route": {"clusters": {"a": "blue"}, "hold": 500},
            "protocol": {"zone": "z1"}}"#,
    );
    let some = |text: &str| Some(text.to_owned());
    let wanted = Config {
        max_frame: 1000,
        fails_closed: true,
        access_log: Some(Level::Info),
        service: Some(vec!["s".to_owned()]),
        method: Some(vec!["m".to_owned(), "n".to_owned()]),
        max_calls: 2,
        max_names: 0,
        deny: vec![
            Rule {
                service: some("a"),
                method: some("b"),
            },
            Rule {
                service: None,
                method: some("c"),
            },
        ],
        denies_softly: false,
        route: Some(Route {
            clusters: [("a".to_owned(), "blue".to_owned())].into(),
            hold: 500,
        }),
        protocol: [("zone".to_owned(), "z1".to_owned())].into(),
    };
    assert_eq!(config, Ok(wanted));
}

#[test]
fn errors_name_the_key() {
    refused(
        r#"{"max_frame": -1}"#,
        "configuration key `max_frame`: `-1` is not an integer from 1 to 16777216",
    );
    refused(
        r#"{"max_calls": 1.5}"#,
        "configuration key `max_calls`: `1.5` is not an integer from 1 to 65536",
    );
    refused(
        r#"{"on_bad_frame": "drop"}"#,
        "configuration key `on_bad_frame`: `\"drop\"` is not one of `pass`, `close`",
    );
    refused(
        r#"{"service": ["a", 1]}"#,
        "configuration key `service[1]`: `1` is not a non-empty string",
    );
    refused(
        r#"{"deny": [{"service": "a"}, {"methode": "b"}]}"#,
        "configuration key `deny[1].methode`: unknown key, expected one of `service`, `method`",
    );
    refused(
        r#"{"deny": [{}]}"#,
        "configuration key `deny[0]`: needs a `service` or a `method`",
    );
    refused(
        r#"{"deny": [{"service": "a "}]}"#,
        "configuration key `deny[0]`: `service` has surrounding white space",
    );
    refused(
        r#"{"deny": {}}"#,
        "configuration key `deny`: `{}` is not a list of objects",
    );
    refused(
        r#"{"route": {"clusters": {"a": ""}}}"#,
        "configuration key `route.clusters.a`: `\"\"` is not a non-empty string",
    );
    refused(
        r#"{"protocol": {"zone": 1}}"#,
        "configuration key `protocol.zone`: `1` is not a non-empty string",
    );
    refused(
        r#"{"route": {}}"#,
        "configuration key `route`: needs `clusters`",
    );
}

#[test]
fn rules_close_what_they_cannot_judge() {
    let fails_closed = |json: &str| parse(json).map(|config| config.fails_closed);
    assert_eq!(fails_closed(r#"{"deny": []}"#), Ok(false));
    assert_eq!(
        fails_closed(r#"{"deny": [], "on_bad_frame": "pass"}"#),
        Ok(false)
    );
    assert_eq!(fails_closed(r#"{"deny": [{"method": "a"}]}"#), Ok(true));
    refused(
        r#"{"deny": [{"method": "a"}], "on_bad_frame": "pass"}"#,
        "configuration key `on_bad_frame`: `pass` would forward calls that `deny` cannot check; remove it \
         or use `close`",
    );
}

#[test]
fn a_rule_about_what_no_header_names_is_refused() {
    let refused = |json: &str, service: &[&str], method: &[&str]| {
        let keys = Keys::new(service, method);
        let refusal = parse(json).unwrap().rules_apply("x-acme", &keys);
        refusal.err().map(|refusal| refusal.to_string())
    };
    let rules = r#"{"deny": [{"method": "a"}, {"service": "b", "method": "c"}]}"#;
    assert_eq!(refused(rules, &["s"], &["m"]), None);
    assert_eq!(
        refused(rules, &[], &["m"]).unwrap(),
        "configuration key `deny[1].service`: no header of x-acme is declared for it; name one with \
         the key `service`"
    );
    assert!(
        refused(rules, &["s"], &[])
            .unwrap()
            .contains("`deny[0].method`")
    );
    assert_eq!(refused("{}", &[], &[]), None);
}

#[test]
fn what_is_no_object_is_refused() {
    refused("[]", "configuration: `[]` is not an object");
    assert!(parse("{").unwrap_err().starts_with("configuration: "));
    assert!(Config::parse(b"\xff").is_err());
    let deep = "[".repeat(100_000);
    assert!(parse(&deep).is_err());
}
