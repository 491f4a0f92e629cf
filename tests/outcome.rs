//! What an endpoint's answer means, by the rules of a `delivery`.

mod platform;

use asklet::core::Value;
use asklet::core::delivery::Outcome::{self, Delivered, Hold, Reject, Retry};
use asklet::core::delivery::{Reply, judge};
use platform::World;
use serde_json::json;

fn verdicts(rules: &serde_json::Value, ids: &[&str], reply: Option<(u16, &str)>) -> Vec<Outcome> {
    let delivery: Value = serde_json::from_value(rules.clone()).expect("any JSON will do");
    let reply = reply.map(|(status, text)| Reply { status, retry_after: None, text: text.into() });
    judge(&delivery, ids, reply.as_ref(), &World)
}

fn check(rules: serde_json::Value, status: u16, text: &str, expect: Outcome) {
    assert_eq!(verdicts(&rules, &["a"], Some((status, text))), [expect], "{rules} {status} {text}");
}

#[test]
fn without_rules() {
    for (status, expect) in [
        (200, Delivered),
        (204, Delivered),
        (0, Hold),
        (302, Hold),
        (401, Hold),
        (409, Reject),
        (429, Retry),
        (503, Retry),
    ] {
        check(json!({}), status, "", expect);
    }
    assert_eq!(verdicts(&json!({}), &["a"], None), [Retry]);
    assert_eq!(verdicts(&json!({}), &[], Some((200, ""))), []);
}

#[test]
fn statuses() {
    let rules = json!({ "status": [
        { "code": 409, "means": "duplicate" },
        { "code": 500, "contains": "E11000", "means": "duplicate" },
        { "code": 500, "contains": "syntax", "means": "reject" },
        { "code": 400, "means": "hold" },
        { "code": 400, "means": "reject" },
        { "code": 202, "means": "retry" },
        { "code": 404, "means": "delivered" },
    ] });
    for (status, text, expect) in [
        (409, "", Delivered),
        (500, "E11000 duplicate key", Delivered),
        (500, "e11000", Retry),
        (500, "a syntax error", Reject),
        (500, "", Retry),
        (400, "", Hold),
        (202, "", Retry),
        (404, "", Delivered),
        (201, "", Delivered),
        (422, "", Reject),
    ] {
        check(rules.clone(), status, text, expect);
    }
}

#[test]
fn of_several_a_duplicate_is_one() {
    let rules = json!({ "status": [{ "code": 409, "means": "duplicate" }, { "code": 412, "means": "delivered" }] });
    // Which one, shows when each goes alone.
    assert_eq!(verdicts(&rules, &["a", "b"], Some((409, ""))), [Reject; 2]);
    assert_eq!(verdicts(&rules, &["a", "b"], Some((412, ""))), [Delivered; 2]);
    assert_eq!(verdicts(&rules, &["a", "b"], Some((503, ""))), [Retry; 2]);
}

#[test]
fn what_one_alone_is_sent_by_has_replies_of_its_own() {
    let mut rules = json!({ "ok_if": { "path": "ok", "is": true }, "items": { "list": "items" } });
    assert_eq!(verdicts(&rules, &["a"], Some((200, "{}"))), [Hold]);
    rules["single"] = json!({ "url": "/one" });
    assert_eq!(verdicts(&rules, &["a"], Some((200, "{}"))), [Delivered]);
    assert_eq!(verdicts(&rules, &["a", "b"], Some((200, "{}"))), [Hold; 2]);
}

#[test]
fn conditions_on_the_reply() {
    let ok = |rule: serde_json::Value| {
        let mut all = json!({ "path": "data.0.state" });
        all.as_object_mut().unwrap().extend(rule.as_object().unwrap().clone());
        json!({ "ok_if": all })
    };
    let state = |state: serde_json::Value| json!({ "data": [{ "state": state }] }).to_string();
    for (rule, good, bad) in [
        (json!({ "is": true }), json!(true), json!("true")),
        (json!({ "not": "error" }), json!("stored"), json!("error")),
        (json!({ "in": ["stored", "known"] }), json!("known"), json!("lost")),
        (json!({ "contains": "or" }), json!("stored"), json!("lost")),
        (json!({ "contains": 1 }), json!([0, 1]), json!([0])),
        (json!({ "gt": 0 }), json!(1), json!(0)),
        (json!({ "gte": 1 }), json!(1), json!(0)),
        (json!({ "lt": 1 }), json!(0), json!(1)),
        (json!({ "lte": 1 }), json!(1), json!(2)),
        (json!({ "exists": true }), json!(0), json!(null)),
        (json!({ "exists": false }), json!(null), json!([])),
    ] {
        check(ok(rule.clone()), 200, &state(good), Delivered);
        check(ok(rule), 200, &state(bad), Hold);
    }
    let routed = |otherwise: &str| json!({ "ok_if": { "path": "routed", "is": true, "else": otherwise } });
    for (word, expect) in
        [("hold", Hold), ("retry", Retry), ("reject", Reject), ("duplicate", Delivered), ("delivered", Delivered)]
    {
        check(routed(word), 200, r#"{"routed":false}"#, expect);
        // What is no JSON says nothing.
        check(routed(word), 200, "<html>", expect);
        check(routed(word), 200, "", expect);
    }
    check(routed("reject"), 200, r#"{"routed":true}"#, Delivered);
    // Only what was taken is asked.
    check(routed("reject"), 503, r#"{"routed":false}"#, Retry);
    check(routed("reject"), 401, "", Hold);
    check(json!({ "ok_if": { "path": "", "contains": 1 } }), 200, "[1]", Delivered);
    // A rule for the status goes first, and one that takes a refusal is not asked further.
    let both = json!({ "status": [{ "code": 200, "means": "hold" }, { "code": 409, "means": "duplicate" }], "ok_if": { "path": "ok", "is": 1, "else": "reject" } });
    check(both.clone(), 200, r#"{"ok":1}"#, Hold);
    check(both, 409, "", Delivered);
}

#[test]
fn verdicts_of_items() {
    let check = |rules: serde_json::Value, status: u16, reply: serde_json::Value, expect: [Outcome; 3]| {
        let found = verdicts(&rules, &["a", "b", "c"], Some((status, &reply.to_string())));
        assert_eq!(found, expect, "{rules} {reply}");
    };
    let by_id = json!({
        "items": { "list": "items", "id": "create._id", "status": "create.status", "error": "create.error.type", "means": { "conflict": "duplicate", "mapping": "reject" } },
    });
    let item = |id: &str, status: u16, error: &str| {
        let error = if error.is_empty() { json!(null) } else { json!({ "type": error }) };
        json!({ "create": { "_id": id, "status": status, "error": error } })
    };
    // In any order; one that is not named comes again.
    check(
        by_id.clone(),
        200,
        json!({ "items": [item("c", 201, ""), item("a", 409, "conflict")] }),
        [Delivered, Retry, Delivered],
    );
    check(
        by_id.clone(),
        200,
        json!({ "items": [item("a", 400, "mapping"), item("b", 429, "busy"), item("c", 401, "no")] }),
        [Reject, Retry, Hold],
    );
    check(by_id.clone(), 200, json!({ "items": [] }), [Retry; 3]);
    check(by_id.clone(), 200, json!("what?"), [Retry; 3]);
    check(by_id.clone(), 503, json!({ "items": [item("a", 201, "")] }), [Retry; 3]);
    // An error beside a good status is an error.
    check(
        by_id,
        200,
        json!({ "items": [item("a", 200, "odd"), item("b", 200, "mapping"), item("c", 200, "")] }),
        [Retry, Reject, Delivered],
    );

    let by_place = json!({ "items": { "error": "error", "means": { "conflict": "duplicate" } } });
    check(
        by_place.clone(),
        201,
        json!([{ "ok": true }, { "error": "conflict" }, { "error": "other" }]),
        [Delivered, Delivered, Retry],
    );
    check(by_place.clone(), 201, json!([{}, {}]), [Delivered, Delivered, Retry]);
    for none in [json!(null), json!(""), json!(0), json!(false)] {
        check(by_place.clone(), 200, json!([{ "error": none }, { "error": none }, { "error": none }]), [Delivered; 3]);
    }
    for some in [json!({ "code": 1 }), json!(["x"]), json!(50_002), json!(true)] {
        check(by_place.clone(), 200, json!([{ "error": some }, { "error": some }, {}]), [Retry, Retry, Delivered]);
    }

    let by_number = json!({ "items": { "error": "error_code", "means": { "50002": "reject" } } });
    check(
        by_number,
        200,
        json!([{ "error_code": 50_002 }, { "error_code": 50_003 }, { "error_code": null }]),
        [Reject, Retry, Delivered],
    );

    // The rules for statuses are for those of items too, and look into the item.
    let ruled = json!({
        "status": [{ "code": 409, "means": "duplicate" }, { "code": 500, "contains": "E11000", "means": "duplicate" }],
        "items": { "list": "", "status": "code" },
    });
    check(
        ruled,
        207,
        json!([{ "code": 409 }, { "code": 500, "why": "E11000" }, { "code": 500, "why": "E1" }]),
        [Delivered, Delivered, Retry],
    );
    // A condition on the whole goes before.
    let first = json!({ "ok_if": { "path": "errors", "is": false, "else": "retry" }, "items": { "list": "items" } });
    check(first.clone(), 200, json!({ "errors": true, "items": [{}, {}, {}] }), [Retry; 3]);
    check(first, 200, json!({ "errors": false, "items": [{}, {}] }), [Delivered, Delivered, Retry]);
    // A list that is further in, by number.
    check(
        json!({ "items": { "list": "data.0.rows", "id": "id" } }),
        200,
        json!({ "data": [{ "rows": [{ "id": "b" }] }] }),
        [Retry, Delivered, Retry],
    );
}
