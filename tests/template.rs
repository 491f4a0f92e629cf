//! The request that a `delivery` makes of response documents.

mod platform;

use asklet::core::Value;
use asklet::core::config::{Problem, decode};
use asklet::core::delivery::{Request, request};
use asklet::core::time::Millis;
use asklet::core::value::map;
use platform::World;
use serde_json::json;

/// 2026-11-22T13:05:00.000Z
const NOW: Millis = 1_795_352_700_000;

fn value(json: serde_json::Value) -> Value {
    serde_json::from_value(json).expect("any JSON will do")
}

fn record() -> Value {
    value(json!({
        "id": "0198f0a0-7c1e-7b3a-9d5e-1f2a3b4c5d6e",
        "revision": 2,
        "survey": "after-order",
        "answers": [
            { "question": "score", "kind": "nps", "value": 9, "points": 11, "bucket": "promoter" },
            { "question": "reason", "kind": "text", "value": "Quick & <good>" },
            { "question": "better", "kind": "choice", "value": ["price", "help"] },
        ],
        "score": 9,
        "comment": "=A1 ü",
        "shown_at": "2026-11-22T13:00:00.000Z",
        "answered_at": "2026-11-22T13:00:07.412Z",
        "seconds": 7.4,
        "page": "https://shop.example/a b?c=d&e",
        "visitor": { "attributes": { "plan": "pro", "since": 1_795_352_407_412_i64, "vip": true, "dots": "..", "evil": "{{id}}\r\nx" } },
    }))
}

/// The same with other ids.
fn records(count: usize) -> Vec<Value> {
    let numbered = |index| {
        let mut record = record();
        *record.at("id") = format!("id-{index}").into();
        record
    };
    (0..count).map(numbered).collect()
}

/// The request, or the fault as a line.
fn made(delivery: serde_json::Value, records: &[Value]) -> Result<Request, String> {
    let records: Vec<&Value> = records.iter().collect();
    let fault = |fault: asklet::core::delivery::template::Fault| format!("{} {}", fault.path, fault.message);
    request(&value(delivery), &records, 3, NOW, &World).map_err(fault)
}

/// What a body comes to: as it is sent, or the fault.
fn check(body: serde_json::Value, expect: &str) {
    let delivery = json!({ "url": "/r", "body": body, "values": { "table": "t", "n": 5, "no": false } });
    let found = made(delivery, &[record()]).map_or_else(|fault| fault, |request| request.body);
    assert_eq!(found, expect, "{body}");
}

/// The same for what stands under a key `x`; absent is `{}`.
fn check_x(template: serde_json::Value, expect: &str) {
    let expect = if expect.is_empty() { "{}".into() } else { format!("{{\"x\":{expect}}}") };
    check(json!({ "x": template }), &expect);
}

#[test]
fn texts() {
    let table = [
        ("plain", r#""plain""#),
        ("{{score}}", "9"),
        ("{{ score }}", "9"),
        ("a {{score}}", r#""a 9""#),
        ("{{score}}{{score}}", r#""99""#),
        ("{{answers.reason.value}}", r#""Quick & <good>""#),
        ("{{answers.1.question}}", r#""reason""#),
        ("{{answers.9.question}}", ""),
        ("{{answers.nobody.value}}", ""),
        ("{{answers.better.value.1}}", r#""help""#),
        ("{{answers.better.value}}", r#"["price","help"]"#),
        ("{{answers.better.value}}.", r#""[\"price\",\"help\"].""#),
        ("{{visitor.attributes.vip}}", "true"),
        ("{{visitor.attributes.vip}}!", r#""true!""#),
        ("{{visitor.id}}", ""),
        ("{{nothing.at.all}}", ""),
        ("{{score.deeper}}", ""),
        ("by {{visitor.id}}", r#""by ""#),
        // Two absent ones are still a text; of one absent and one number the number is written out.
        ("{{visitor.id}}{{nothing}}", r#""""#),
        ("{{visitor.id}}{{score}}", r#""9""#),
        ("{{config.table}}", r#""t""#),
        ("{{config.n}}", "5"),
        ("{{config.no}}", "false"),
        ("{{sent_at}}", r#""2026-11-22T13:05:00.000Z""#),
        ("{{attempt}}", "3"),
        ("{{records.0.score}}", "9"),
        ("{{records|count}}", "1"),
        // What is filled in is not looked at again.
        ("{{visitor.attributes.evil}}", r#""{{id}}\r\nx""#),
        ("{{visitor.attributes.evil}}.", r#""{{id}}\r\nx.""#),
        ("}} {", r#""}} {""#),
        ("{ {score} }", r#""{ {score} }""#),
        ("{{score!}}", "9"),
        ("{{score!}} {{revision !}}", r#""9 2""#),
    ];
    for (template, expect) in table {
        check_x(json!(template), expect);
    }
    for (template, fault) in [
        ("{{visitor.id!}}", "body.x has nothing where something is required"),
        ("a {{ visitor.id | str ! }}", "body.x has nothing where something is required"),
        ("{{score", "body.x has a {{ without its }}"),
        ("{{score}} {{", "body.x has a {{ without its }}"),
        ("{{score|nope}}", "body.x has a filter that does not exist"),
        ("{{score|}}", "body.x has a filter that does not exist"),
    ] {
        check(json!({ "x": template }), fault);
    }
    check(json!([1, ["{{visitor.id!}}"]]), "body[1][0] has nothing where something is required");
    check(json!({ "a": [{ "b": "{{x!}}" }] }), "body.a[0].b has nothing where something is required");
}

#[test]
fn filters() {
    let table = [
        ("answered_at|iso", r#""2026-11-22T13:00:07.412Z""#),
        ("answered_at|s", "1795352407"),
        ("answered_at|ms", "1795352407412"),
        ("answered_at|us", "1795352407412000"),
        ("answered_at|ns", r#""1795352407412000000""#),
        ("visitor.attributes.since|iso", r#""2026-11-22T13:00:07.412Z""#),
        ("visitor.attributes.since|s", "1795352407"),
        ("sent_at|s|str", r#""1795352700""#),
        ("comment|s", ""),
        ("answers|ms", ""),
        ("visitor.id|iso", ""),
        ("score|str", r#""9""#),
        ("comment|str", r#""=A1 ü""#),
        ("answers.better.value|str", r#""[\"price\",\"help\"]""#),
        ("seconds|int", "7"),
        ("visitor.attributes.plan|int", ""),
        ("visitor.attributes.vip|int", ""),
        ("score|json", r#""9""#),
        ("comment|json", r#""\"=A1 ü\"""#),
        ("answers.better.value|json", r#""[\"price\",\"help\"]""#),
        ("visitor.id|json", ""),
        ("visitor.attributes.plan|b64", r#""cHJv""#),
        ("answers.better.value.1|b64", r#""aGVscA==""#),
        ("comment|b64", r#""PUExIMO8""#),
        ("config.table|b64", r#""dA==""#),
        ("comment|hex", r#""3d413120c3bc""#),
        ("score|hex", r#""39""#),
        ("score|type", r#""number""#),
        ("comment|type", r#""text""#),
        ("visitor.attributes.vip|type", r#""boolean""#),
        ("answers|type", r#""list""#),
        ("visitor|type", r#""object""#),
        ("visitor.id|type", ""),
        ("answers|count", "3"),
        ("comment|count", "5"),
        ("visitor|count", "1"),
        ("score|count", "0"),
        ("visitor.id|or:\"nobody\"", r#""nobody""#),
        ("visitor.id|or:0", "0"),
        ("visitor.id|or:[1,{}]", "[1,{}]"),
        ("visitor.id|or:", ""),
        ("visitor.id|or:nobody", ""),
        ("score|or:0", "9"),
        ("config.no|or:true", "false"),
        ("visitor.id|or:\"a: b!\"", r#""a: b!""#),
        ("visitor.id|or:\"x\"|hex!", r#""78""#),
        ("comment|cell", r#""'=A1 ü""#),
        ("visitor.attributes.plan|cell", r#""pro""#),
        ("score|cell", r#""9""#),
        ("answers.reason.value|amp", r#""Quick &amp; &lt;good&gt;""#),
        (" answers.reason.value | amp | count ", "24"),
    ];
    for (place, expect) in table {
        check_x(json!(format!("{{{{{place}}}}}")), expect);
    }
    for begin in ["=", "+", "-", "@", "\t", "\r"] {
        let delivery = json!({ "url": "/r", "encode": "text", "body": "{{comment|cell}}" });
        let mut record = record();
        *record.at("comment") = format!("{begin}1").into();
        assert_eq!(made(delivery, &[record]).unwrap().body, format!("'{begin}1"));
    }
    // No number is too large for a moment.
    let mut record = record();
    *record.at("score") = 1e300.into();
    for unit in ["iso", "s", "ms", "us", "ns"] {
        let delivery = json!({ "url": "/r", "body": format!("{{{{score|{unit}}}}}") });
        assert!(made(delivery, &[record.clone()]).is_ok(), "{unit}");
    }
}

#[test]
fn operators() {
    let each = |subject: &str, make: serde_json::Value| json!({ "#each": subject, "as": "a", "do": make });
    let table = [
        (each("{{answers}}", json!("{{a.question}}")), r#"["score","reason","better"]"#),
        (each("{{answers}}", json!("{{a.bucket}}")), r#"["promoter"]"#),
        (
            each("{{answers}}", json!({ "q": "{{a.question}}", "b": "{{a.bucket}}" })),
            r#"[{"b":"promoter","q":"score"},{"q":"reason"},{"q":"better"}]"#,
        ),
        (
            each("{{answers.better.value}}", json!("{{a}} of {{survey}}")),
            r#"["price of after-order","help of after-order"]"#,
        ),
        (each("{{visitor.id}}", json!("{{a}}")), "[]"),
        (each("{{score}}", json!("{{a}}")), "[]"),
        (json!({ "#each": "{{answers.better.value}}", "do": "{{it}}" }), r#"["price","help"]"#),
        (json!({ "#each": [1, "{{score}}", "{{visitor.id}}"], "do": "{{it}}" }), "[1,9]"),
        // One within the other; the inner name hides the outer one, and a member of the record.
        (
            json!({ "#each": [[1, 2], [3]], "as": "a", "do": { "#each": "{{a}}", "as": "b", "do": ["{{a|count}}", "{{b}}"] } }),
            "[[[2,1],[2,2]],[[1,3]]]",
        ),
        (json!({ "#each": [[1], [2]], "as": "a", "do": { "#each": "{{a}}", "as": "a", "do": "{{a}}" } }), "[[1],[2]]"),
        (
            each("{{answers}}", json!({ "#each": "{{a.value}}", "as": "score", "do": "{{score}}" })),
            r#"[[],[],["price","help"]]"#,
        ),
        (
            json!({ "#map": "{{answers}}", "as": "a", "key": "{{a.question}}", "value": "{{a.value|str}}" }),
            r#"{"score":"9","reason":"Quick & <good>","better":"[\"price\",\"help\"]"}"#,
        ),
        (
            json!({ "#map": "{{answers}}", "as": "a", "key": "{{a.bucket}}", "value": "{{a.points}}" }),
            r#"{"promoter":11}"#,
        ),
        (json!({ "#map": "{{answers}}", "as": "a", "key": "{{a.points}}", "value": 1 }), r#"{"11":1}"#),
        (json!({ "#map": "{{visitor.id}}", "key": "k", "value": "v" }), "{}"),
        (json!({ "#if": "{{score}}", "then": "yes", "else": "no" }), r#""yes""#),
        (json!({ "#if": "{{visitor.id}}", "then": "yes", "else": "no" }), r#""no""#),
        (json!({ "#if": "{{config.no}}", "then": "yes", "else": "no" }), r#""no""#),
        (json!({ "#if": "{{visitor.id}}", "then": "yes" }), ""),
        (json!({ "#if": "{{visitor.id}}", "else": "no" }), r#""no""#),
        (json!({ "#if": "{{score}}", "eq": 9, "then": "yes", "else": "no" }), r#""yes""#),
        (json!({ "#if": "{{score}}", "eq": "9", "then": "yes", "else": "no" }), r#""no""#),
        (json!({ "#if": "{{config.no}}", "eq": false, "then": "yes" }), r#""yes""#),
        (json!({ "#if": "{{revision}}", "eq": "{{answers.better.value|count}}", "then": "{{score}}" }), "9"),
        // The other branch is not looked at.
        (json!({ "#if": true, "then": 1, "else": "{{visitor.id!}}" }), "1"),
        (json!({ "#switch": "{{survey}}", "case": { "after-order": 1, "other": 2 }, "else": 3 }), "1"),
        (json!({ "#switch": "{{score}}", "case": { "9": "nine" } }), r#""nine""#),
        (json!({ "#switch": "{{score}}", "case": { "8": "eight" } }), ""),
        (json!({ "#switch": "{{visitor.id}}", "case": { "8": "eight" }, "else": "none" }), r#""none""#),
        (json!({ "#json": { "a": "{{score}}", "b": ["{{visitor.id}}", "\""] } }), r#""{\"a\":9,\"b\":[\"\\\"\"]}""#),
        (json!({ "#json": { "#json": "{{comment}}" } }), r#""\"\\\"=A1 ü\\\"\"""#),
        (json!({ "#merge": [{ "a": 1, "b": 1 }, { "b": 2 }, "{{visitor.attributes.plan}}"] }), r#"{"a":1,"b":2}"#),
        (
            json!({ "#merge": [{ "id": 1 }, "{{answers.1}}"] }),
            r#"{"id":1,"kind":"text","question":"reason","value":"Quick & <good>"}"#,
        ),
        (json!({ "#merge": [[1], "{{answers.better.value}}", [[2]]] }), r#"[1,"price","help",[2]]"#),
        (
            json!({ "#merge": each("{{answers}}", json!(["{{a.question}}", 0])) }),
            r#"["score",0,"reason",0,"better",0]"#,
        ),
        (json!({ "#merge": ["{{visitor.id}}"] }), ""),
        (json!({ "##each": 1, "###": "{{score}}", "#other": 2 }), r###"{"##":9,"#each":1,"other":2}"###),
        (
            json!({ "a": "{{visitor.id}}", "b": ["{{visitor.id}}", { "c": "{{visitor.id}}" }], "d": null }),
            r#"{"b":[{}]}"#,
        ),
        (json!([true, 1.5, -3, "x"]), r#"[true,1.5,-3,"x"]"#),
        // Keys are not filled in.
        (json!({ "{{score}}": 1 }), r#"{"{{score}}":1}"#),
    ];
    for (template, expect) in table {
        check_x(template, expect);
    }
    let required = "{{visitor.id!}}";
    let nothing = "has nothing where something is required";
    for (template, path) in [
        (json!({ "#each": required, "do": 1 }), "body.#each"),
        (each("{{answers}}", json!({ "k": required })), "body.do.k"),
        (json!({ "#if": 1, "then": required }), "body.then"),
        (json!({ "#if": 1, "eq": required, "then": 1 }), "body.eq"),
        (json!({ "#switch": "a", "case": { "a": [required] } }), "body.case.a[0]"),
        (json!({ "#switch": "b", "else": required, "case": {} }), "body.else"),
        (json!({ "#map": [1], "key": required, "value": 1 }), "body.key"),
        (json!({ "#map": [1], "key": 1, "value": required }), "body.value"),
        (json!({ "#merge": [{}, required] }), "body.#merge[1]"),
    ] {
        check(template, &format!("{path} {nothing}"));
    }
    for nothing in [json!({ "#if": "{{visitor.id}}", "then": 1 }), json!("{{visitor.id}}"), json!({ "#merge": [] })] {
        check(nothing, "body makes nothing that can be sent");
    }
}

#[test]
fn budgets() {
    let deep = |levels: usize| (1..levels).fold(json!("x"), |inner, _| json!([inner]));
    let sound = |body: serde_json::Value| made(json!({ "url": "/r", "body": body }), &[record()]).is_ok();
    assert!(sound(deep(33)));
    assert!(!sound(deep(34)));
    assert!(made(json!({ "url": "/r", "body": deep(34) }), &[record()]).unwrap_err().ends_with("] makes too much"));
    // The list is one of them.
    assert!(sound(json!(vec![0; 19_999])));
    assert!(!sound(json!(vec![0; 20_000])));
    // What one makes of another counts as well.
    let squared = json!({ "#each": vec![0; 200], "do": { "#each": vec![0; 200], "do": 1 } });
    assert!(!sound(squared));
}

/// The address, or the fault.
fn check_url(url: &str, expect: &str) {
    let values = json!({ "host": "https://a.example", "bare": "a.example", "path": "v1/x y", "root": "/", "port": 8443, "plain": "http://a.example",
        "user": "me@", "key": "a%20b" });
    let found = made(json!({ "url": url, "values": values }), &[record()]);
    assert_eq!(found.map_or_else(|fault| fault, |request| request.url), expect, "{url}");
}

#[test]
fn addresses() {
    let nothing = "url has nothing for a part of the address";
    let origin = "url lets an answer reach the origin";
    let place = "url would leave its place in the address";
    let none = "url is no https URL (http only for localhost) and no path";
    let table = [
        ("https://a.example/{{id}}", "https://a.example/0198f0a0-7c1e-7b3a-9d5e-1f2a3b4c5d6e"),
        ("/{{survey}}/{{score}}?p={{page}}", "/after-order/9?p=https%3A%2F%2Fshop.example%2Fa%20b%3Fc%3Dd%26e"),
        ("/{{comment}}", "/%3DA1%20%C3%BC"),
        ("/{{visitor.attributes.evil}}", "/%7B%7Bid%7D%7D%0D%0Ax"),
        ("/{{answers.better.value}}", "/%5B%22price%22%2C%22help%22%5D"),
        ("/{{comment|hex}}", "/3d413120c3bc"),
        ("{{config.host}}/{{batch.id}}", "https://a.example/56cb0d6d2f9a4b41"),
        ("https://{{config.bare}}:{{config.port}}/{{attempt}}", "https://a.example:8443/3"),
        ("{{config.root}}{{id|hex}}", "/30313938663061302d376331652d376233612d396435652d316632613362346335643665"),
        // The owner's own are as they are written.
        ("/{{config.key}}", "/a%20b"),
        ("/{{config.path}}", none),
        ("https://a.example?{{survey}}", "https://a.example?after-order"),
        ("/{{visitor.id}}", nothing),
        ("/{{config.none}}", nothing),
        ("/{{visitor.id|or:\"x\"}}", "/x"),
        ("https://{{survey}}", origin),
        ("https://a.example{{survey}}", origin),
        ("https://a.{{survey}}.example/", origin),
        ("https://a.example:{{score}}/", origin),
        ("{{config.host}}{{survey}}", origin),
        ("{{survey}}", origin),
        ("{{page}}", origin),
        ("/{{visitor.attributes.dots}}", place),
        ("/{{visitor.attributes.dots}}/x", place),
        ("/a/{{visitor.attributes.dots}}?x", place),
        ("/.{{visitor.attributes.dots|or:1}}", "/..."),
        ("/x{{visitor.attributes.dots}}", "/x.."),
        ("/?q={{visitor.attributes.dots}}", "/?q=.."),
        ("/?{{visitor.attributes.dots}}", "/?.."),
        ("{{config.plain}}/x", none),
        ("https://{{config.user}}a.example/", none),
        ("//{{survey}}", none),
        ("/a b", none),
        ("/{{survey", "url has a {{ without its }}"),
    ];
    for (url, expect) in table {
        let expect = if url.contains("batch.id") {
            &made(json!({ "url": "/{{batch.id}}" }), &[record()]).unwrap().url.replacen('/', "https://a.example/", 1)
        } else {
            expect
        };
        check_url(url, expect);
    }
    // Half of a segment each.
    let mut record = record();
    *record.at("comment") = ".".into();
    for (url, fine) in [("/{{comment}}{{comment}}/x", false), ("/{{comment}}", false), ("/a{{comment}}", true)] {
        assert_eq!(made(json!({ "url": url }), &[record.clone()]).is_ok(), fine, "{url}");
    }
}

#[test]
fn headers() {
    let values = json!({ "key": "abc", "two": "a\r\nb: c", "far": "ü" });
    let check = |name: &str, template: &str, expect: &str| {
        let delivery = json!({ "url": "/r", "headers": { name: template }, "values": values });
        let found = made(delivery, &[record()]).map_or_else(
            |fault| fault,
            |request| request.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect(),
        );
        assert_eq!(found, expect, "{template}");
    };
    let json = "content-type: application/json\n";
    check("Authorization", "Bearer {{config.key}}", &format!("{json}authorization: Bearer abc\n"));
    check(
        "x-id",
        "{{id}}.{{revision}} {{survey}}",
        &format!("{json}x-id: 0198f0a0-7c1e-7b3a-9d5e-1f2a3b4c5d6e.2 after-order\n"),
    );
    check("x-at", "{{sent_at|s}} {{attempt}} {{shown_at|ms}}", &format!("{json}x-at: 1795352700 3 1795352400000\n"));
    check("x-none", "{{config.none}}", &format!("{json}x-none: \n"));
    check("Content-Type", "application/cloudevents+json", "content-type: application/cloudevents+json\n");
    check("x", "{{config.key!}}", &format!("{json}x: abc\n"));
    check("x", "{{config.none!}}", "headers.x has nothing where something is required");
    for member in [
        "comment",
        "page",
        "score",
        "status",
        "visitor.id",
        "answers.reason.value",
        "records.0.comment",
        "metric",
        "locale",
    ] {
        check("x", &format!("{{{{{member}}}}}"), "headers.x lets an answer reach a header");
    }
    for name in ["two", "far"] {
        check("x", &format!("{{{{config.{name}}}}}"), "headers.x has a character that no header can have");
    }
}

#[test]
fn encodings() {
    let check = |encode: &str, body: serde_json::Value, kind: &str, expect: &str| {
        let request = made(json!({ "url": "/r", "encode": encode, "body": body }), &[record()]);
        let found =
            request.map_or_else(|fault| (String::new(), fault), |request| (request.headers[0].1.clone(), request.body));
        assert_eq!(found, (kind.into(), expect.into()), "{encode} {body}");
    };
    let (lines, form, text) = ("application/x-ndjson", "application/x-www-form-urlencoded", "text/plain;charset=UTF-8");
    check("json", json!({ "a": "{{comment}}" }), "application/json", r#"{"a":"=A1 ü"}"#);
    check("json", json!("{{comment}}"), "application/json", r#""=A1 ü""#);
    check("ndjson", json!({ "a": 1 }), lines, "{\"a\":1}\n");
    check("ndjson", json!([{ "a": "\n" }, 2, []]), lines, "{\"a\":\"\\n\"}\n2\n[]\n");
    check("form", json!({ "a b": "{{comment}}&=", "n": 9, "t": true }), form, "a%20b=%3DA1%20%C3%BC%26%3D&n=9&t=true");
    check(
        "form",
        json!({ "x": "{{answers.better.value}}", "o": { "a": [1] }, "none": "{{visitor.id}}" }),
        form,
        "o=%7B%22a%22%3A%5B1%5D%7D&x=price&x=help",
    );
    check("form", json!({ "a": "\u{0}\r\n+%" }), form, "a=%00%0D%0A%2B%25");
    check("form", json!({}), form, "");
    for body in [json!([1]), json!("{{comment}}"), json!({ "#each": "{{answers}}", "do": { "a": 1 } })] {
        check("form", body, "", "body makes nothing that can be sent");
    }
    check("text", json!("{{survey}}: {{score}}\n"), text, "after-order: 9\n");
    check("text", json!({ "a": "{{score}}" }), text, r#"{"a":9}"#);
    check("text", json!("{{score}}"), text, "9");
}

#[test]
fn what_is_not_written_has_its_default() {
    let request = made(json!({ "url": "/r" }), &[record()]).unwrap();
    assert_eq!((request.method.as_str(), request.follow, request.reads), ("POST", false, false));
    assert_eq!(request.headers, [("content-type".to_string(), "application/json".to_string())]);
    assert_eq!(request.body, serde_json::to_string(&record()).unwrap());
    let written = json!({ "url": "/r", "method": "PUT", "redirect": "follow", "ok_if": { "path": "ok", "is": true } });
    let request = made(written, &[record()]).unwrap();
    assert_eq!((request.method.as_str(), request.follow, request.reads), ("PUT", true, true));
}

#[test]
fn a_batch_and_one_alone() {
    let batch = json!({ "url": "/all", "batch": { "max": 20 } });
    let two = records(2);
    let body = |request: Result<Request, String>| request.map_or_else(|fault| fault, |request| request.body);
    assert_eq!(body(made(batch.clone(), &two)), serde_json::to_string(&two).unwrap());
    // One in a batch is a batch of one, unless there is a form for it.
    assert_eq!(body(made(batch.clone(), &two[..1])), serde_json::to_string(&two[..1]).unwrap());
    let mut own = batch.clone();
    own["body"] = json!({ "ids": { "#each": "{{records}}", "as": "r", "do": "{{r.id}}" }, "id": "{{id}}" });
    assert_eq!(body(made(own.clone(), &two)), r#"{"ids":["id-0","id-1"]}"#);
    own["headers"] = json!({ "x": "{{batch.id}}", "y": "{{id}}" });
    own["single"] =
        json!({ "url": "/one/{{id}}", "method": "PUT", "body": { "id": "{{id}}", "n": "{{records|count}}" } });
    let alone = made(own.clone(), &two[..1]).unwrap();
    assert_eq!(
        (alone.method.as_str(), alone.url.as_str(), alone.body.as_str()),
        ("PUT", "/one/id-0", r#"{"id":"id-0","n":1}"#)
    );
    // What it leaves out is as for several.
    assert_eq!(alone.headers[2], ("y".to_string(), "id-0".to_string()));
    let all = made(own.clone(), &two).unwrap();
    assert_eq!((all.method.as_str(), all.url.as_str()), ("POST", "/all"));
    assert_eq!(all.headers[2], ("y".to_string(), String::new()));
    own["single"] = json!({ "url": "/one/{{visitor.id}}", "body": "{{visitor.id!}}" });
    assert_eq!(body(made(own.clone(), &two[..1])), "single.url has nothing for a part of the address");
    own["single"]["url"] = json!("/one");
    assert_eq!(body(made(own, &two[..1])), "single.body has nothing where something is required");
    let lines = json!({ "url": "/r", "batch": { "max": 2 }, "encode": "ndjson" });
    assert_eq!(body(made(lines, &two)).lines().count(), 2);
}

#[test]
fn the_id_of_a_batch() {
    let id = |records: &[Value]| {
        made(json!({ "url": "/r", "batch": { "max": 9 }, "body": "{{batch.id}}" }), records).unwrap().body
    };
    let three = records(3);
    let turned: Vec<Value> = three.iter().rev().cloned().collect();
    assert_eq!(id(&three), id(&turned));
    // As text: 128 bits in hexadecimal digits, in quotes.
    assert_eq!(id(&three).len(), 34);
    let mut newer = three.clone();
    *newer[1].at("revision") = 3.0.into();
    let others = [id(&three[..2]), id(&newer), id(&three[..1]), id(&records(4))];
    assert!(!others.contains(&id(&three)), "{others:?}");
    assert_eq!(others.iter().collect::<std::collections::HashSet<_>>().len(), 4);
}

/// What `decode` says of a delivery: codes with their places.
fn problems(delivery: serde_json::Value) -> Vec<String> {
    let (_, problems) = decode(&map([("delivery", value(delivery))]));
    let own = |problem: &&Problem| problem.path.starts_with("delivery");
    problems.iter().filter(own).map(|problem| format!("{} {}", problem.code, problem.path)).collect()
}

#[test]
fn problems_before_anything_is_sent() {
    let body = |body: serde_json::Value| json!({ "url": "/r", "body": body });
    let batch = |body: serde_json::Value| json!({ "url": "/r", "batch": { "max": 5 }, "body": body });
    let url = |url: &str| json!({ "url": url, "values": { "host": "https://a.example", "bad": "http://a.example" } });
    let header = |name: &str, value: &str| json!({ "url": "/r", "headers": { name: value } });
    let table = [
        (json!({ "body": 1 }), "missing-key delivery.url"),
        (body(json!("{{score")), "wrong-template delivery.body"),
        (body(json!({ "a": ["{{scroe}}"] })), "unknown-path delivery.body.a[0]"),
        (body(json!("{{config.table}}")), "unknown-path delivery.body"),
        (body(json!("{{score|sr}}")), "unknown-filter delivery.body"),
        (body(json!({ "#eahc": 1 })), "unknown-operator delivery.body.#eahc"),
        (body(json!({ "#each": "{{answers}}" })), "missing-key delivery.body.do"),
        (body(json!({ "#each": "{{answers}}", "as": "a", "do": "{{b.value}}" })), "unknown-path delivery.body.do"),
        (body(json!({ "#each": "{{a.x}}", "as": "a", "do": 1 })), "unknown-path delivery.body.#each"),
        (body(json!({ "#if": 1, "esle": 1, "then": 1 })), "unknown-key delivery.body.esle"),
        (body(json!({ "#if": 1 })), "missing-key delivery.body.then"),
        (body(json!({ "#json": 1, "#merge": [] })), "one-operator delivery.body"),
        (body(json!({ "#switch": 1, "case": { "a": "{{x}}" } })), "unknown-path delivery.body.case.a"),
        (body(json!({ "{{score}}": 1 })), "wrong-template delivery.body.{{score}}"),
        (batch(json!("{{score}}")), "unknown-path delivery.body"),
        (url("https://{{survey}}/"), "answer-in-origin delivery.url"),
        (url("https://a{{survey}}/"), "answer-in-origin delivery.url"),
        (url("{{survey}}"), "wrong-value delivery.url"),
        (url("{{config.host}}{{survey}}"), "answer-in-origin delivery.url"),
        (url("{{config.bad}}/x"), "wrong-value delivery.url"),
        (url("{{config.non}}/x"), "unknown-path delivery.url"),
        (header("x", "{{comment}}"), "answer-in-header delivery.headers.x"),
        (header("x", "{{coment}}"), "unknown-path delivery.headers.x"),
        (header("x y", "z"), "wrong-value delivery.headers.x y"),
        (json!({ "url": "/r", "encode": "form", "batch": { "max": 2 } }), "wrong-template delivery.body"),
        (json!({ "url": "/r", "encode": "form", "body": [] }), "wrong-template delivery.body"),
        (json!({ "url": "/r", "single": { "body": "{{nope}}" } }), "unknown-path delivery.single.body"),
        (json!({ "url": "/r", "ok_if": { "path": "a" } }), "one-operator delivery.ok_if"),
        (json!({ "url": "/r", "ok_if": { "path": "a", "is": 1, "gt": 2 } }), "one-operator delivery.ok_if"),
    ];
    for (delivery, expect) in table {
        let found = problems(delivery.clone());
        assert!(found.contains(&expect.to_string()) && found.len() <= 2, "{delivery}: {found:?}");
    }
    let fine = [
        json!({ "url": "/r" }),
        json!({ "url": "/{{id}}", "headers": { "x-id": "{{id}}", "y": "{{config.key}}" }, "values": { "key": "k" } }),
        json!({ "url": "{{config.host}}/x", "values": { "host": "http://localhost:8080" } }),
        json!({ "url": "/r", "body": { "a": "{{config.stage|or:\"x\"}}", "b": { "#if": "{{score}}", "else": 1 } } }),
        json!({ "url": "/r", "encode": "form", "body": { "#merge": [{ "a": 1 }, "{{visitor.attributes}}"] } }),
        json!({ "url": "/r", "batch": { "max": 5 }, "body": { "#each": "{{records}}", "as": "r", "do": "{{r.id}}" }, "single": { "body": "{{id}}" } }),
        json!({ "url": "/r", "ok_if": { "path": "a.b", "exists": true, "else": "retry" } }),
    ];
    for delivery in fine {
        assert_eq!(problems(delivery.clone()), [""; 0], "{delivery}");
    }
}
