//! Cases drawn at random, the same for the same number.

use serde_json::{Map, Value as Json, json};

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

const HOSTILE: &str = "\"}],{{id}} {{config.key}} <b>&amp; \\ \u{202e}\u{0} 'or 1=1-- \n%2e%2e/ =1+1 \u{1f600}";

/// Response documents: whole, bare, and hostile.
pub fn samples() -> Vec<Json> {
    let whole = json!({
        "id": "0198f0a0-7c1e-7b3a-9d5e-1f2a3b4c5d6e", "revision": 2, "status": "complete", "survey": "after-order",
        "touchpoint": { "on": "event", "name": "order_placed", "stage": "purchase" },
        "answers": [
            { "question": "score", "kind": "nps", "value": 9, "points": 11, "bucket": "promoter" },
            { "question": "reason", "kind": "text", "value": "Quick & good" },
            { "question": "from", "kind": "choice", "value": ["a", "b"], "other": "else", "shown": ["b", "a"] },
            { "question": "may", "kind": "consent", "value": false },
        ],
        "metric": "nps", "score": 9, "comment": "Quick & good",
        "shown_at": "2026-11-22T13:00:00.000Z", "answered_at": "2026-11-22T13:00:07.412Z", "seconds": 7.4,
        "page": "https://shop.example/thanks", "locale": "en", "direction": "ltr", "placement": "popover", "device": "desktop",
        "visitor": { "id": "u-17", "attributes": { "plan": "pro", "age": 33, "beta": true } }, "asklet": "0.1.0",
    });
    let bare = json!({
        "id": "0198f0a0-7c1e-7b3a-9d5e-1f2a3b4c5d6f", "revision": 1, "status": "partial", "survey": "help", "touchpoint": { "on": "call" },
        "answers": [], "shown_at": "2026-11-22T13:00:00.000Z", "answered_at": "2026-11-22T13:00:07.412Z", "seconds": 0,
    });
    let mut hostile = whole.clone();
    hostile["id"] = "0198f0a0-7c1e-7b3a-9d5e-1f2a3b4c5d70".into();
    hostile["comment"] = HOSTILE.into();
    hostile["answers"][1]["value"] = HOSTILE.into();
    hostile["visitor"]["id"] = HOSTILE.into();
    let mut formula = whole.clone();
    formula["id"] = "0198f0a0-7c1e-7b3a-9d5e-1f2a3b4c5d71".into();
    formula["comment"] = "=cmd|' /C calc'!A0".into();
    formula["visitor"]["id"] = "..".into();
    vec![whole, bare, hostile, formula]
}

const PATHS: &[&str] = &[
    "id",
    "score",
    "comment",
    "answers",
    "answers.0.value",
    "answers.reason.value",
    "answers.from.value",
    "answers.7",
    "visitor",
    "visitor.id",
    "visitor.attributes.age",
    "touchpoint.stage",
    "touchpoint.none",
    "shown_at",
    "answered_at",
    "seconds",
    "config.key",
    "config.none",
    "records",
    "records.0.id",
    "records.1.score",
    "batch.id",
    "sent_at",
    "attempt",
    "it",
    "a",
    "a.value",
    "a.question",
    "nothing",
    "constructor",
    "__proto__",
    "status.length",
    "",
];
const FILTERS: &[&str] = &[
    "iso",
    "s",
    "ms",
    "us",
    "ns",
    "str",
    "int",
    "json",
    "b64",
    "hex",
    "type",
    "count",
    "or:\"none\"",
    "or:0",
    "or:[1,{\"a\":2}]",
    "or:x",
    "cell",
    "amp",
    "nothing",
    "",
];

fn place(random: &mut Random) -> String {
    let mut place = (*random.of(PATHS)).to_string();
    while random.below(3) == 0 {
        place += "|";
        place += if random.below(12) == 0 { *random.of(FILTERS) } else { FILTERS[random.below(FILTERS.len() - 2)] };
    }
    if random.below(8) == 0 {
        place += "!";
    }
    if random.below(6) == 0 { format!("{{{{ {place} }}}}") } else { format!("{{{{{place}}}}}") }
}

fn text(random: &mut Random) -> String {
    match random.below(9) {
        0 => "plain".into(),
        1 => String::new(),
        2 => format!("{} of {}", place(random), place(random)),
        3 => format!("a {{ {} }}", place(random)),
        4 if random.below(6) == 0 => "{{id".into(),
        _ => place(random),
    }
}

fn body(random: &mut Random, depth: usize) -> Json {
    if depth == 0 {
        return text(random).into();
    }
    let some = |random: &mut Random| body(random, depth - 1);
    match random.below(12) {
        0 => (0..random.below(3)).map(|_| some(random)).collect(),
        1 => json!({ "#each": some(random), "as": "a", "do": some(random) }),
        2 => json!({ "#each": "{{answers}}", "do": some(random) }),
        3 => {
            json!({ "#map": "{{answers}}", "as": "a", "key": random.of(&["{{a.question}}", "{{a.value}}", "k"]), "value": some(random) })
        }
        4 => json!({ "#if": some(random), "then": some(random), "else": some(random) }),
        5 => {
            json!({ "#if": "{{status}}", "eq": random.of(&["complete", "{{status}}", "{{nothing}}"]), "then": some(random) })
        }
        6 => {
            json!({ "#switch": place(random), "case": { "9": some(random), "": 1, "nps": some(random) }, "else": some(random) })
        }
        7 => json!({ "#json": some(random) }),
        8 => json!({ "#merge": [some(random), some(random)] }),
        9 => json!({ "#merge": { "#each": "{{records}}", "as": "r", "do": [{ "x": "{{r.id}}" }, some(random)] } }),
        10 => random.of(&[json!(null), json!(7), json!(1.5), json!(true), json!({ "##x": 1, "#y": 2 })]).clone(),
        _ => {
            let mut map = Map::new();
            for key in ["a", "b", "c"].iter().take(random.below(4)) {
                map.insert((*key).into(), some(random));
            }
            map.into()
        }
    }
}

fn url(random: &mut Random) -> String {
    let mut url = random
        .of(&[
            "https://store.example/",
            "/r/",
            "https://{{config.host}}/",
            "http://localhost:1/a?b=",
            "https://{{id}}.example/",
            "http://store.example/",
            "https://x.example{{score}}",
            "/",
        ])
        .to_string();
    for _ in 0..random.below(3) {
        url += &if random.below(3) == 0 { "../".to_string() } else { place(random) };
        url += *random.of(&["", "/", "?q=", "#"]);
    }
    url
}

fn part(random: &mut Random, single: bool) -> Map<String, Json> {
    let mut part = Map::new();
    if !single || random.below(2) == 0 {
        let url = if random.below(3) == 0 { url(random) } else { "/r/{{batch.id}}".into() };
        part.insert("url".into(), url.into());
    }
    if random.below(2) == 0 {
        part.insert("method".into(), (*random.of(&["PUT", "PATCH", "POST"])).into());
    }
    if random.below(2) == 0 {
        let value = random.of(&[
            "{{config.key}}",
            "Bearer {{config.key}}-{{id}}",
            "{{batch.id}}",
            "{{comment}}",
            "{{shown_at|ms}}",
            "ä",
            "text/x",
        ]);
        part.insert("headers".into(), json!({ *random.of(&["X-Key", "Content-Type"]): value }));
    }
    if random.below(3) > 0 {
        part.insert("encode".into(), (*random.of(&["json", "ndjson", "form", "text"])).into());
    }
    if random.below(4) > 0 {
        let depth = random.below(4);
        part.insert("body".into(), body(random, depth));
    }
    part
}

/// A delivery and records.
pub fn template(seed: u64) -> Json {
    let random = &mut Random(seed);
    let mut delivery = part(random, false);
    delivery.insert("values".into(), json!({ "key": "k&y", "host": "store.example", "n": 7 }));
    let batch = random.below(3) == 0;
    if batch {
        delivery.insert("batch".into(), json!({ "max": 20 }));
    }
    if random.below(3) == 0 {
        delivery.insert("single".into(), part(random, true).into());
    }
    if random.below(4) == 0 {
        delivery.insert("redirect".into(), "follow".into());
        delivery.insert("ok_if".into(), json!({ "path": "ok", "is": true }));
    }
    let count = if batch { 1 + random.below(3) } else { 1 };
    let samples = samples();
    let records: Vec<&Json> = (0..count).map(|_| random.of(&samples)).collect();
    json!({ "delivery": delivery, "records": records })
}

/// A delivery's rules, and a reply.
pub fn reply(seed: u64) -> Json {
    let random = &mut Random(seed);
    let meanings = ["delivered", "duplicate", "retry", "hold", "reject"];
    let statuses = [200, 201, 204, 207, 301, 400, 401, 404, 409, 412, 429, 500, 503];
    let mut delivery = Map::new();
    if random.below(2) == 0 {
        let rule = |random: &mut Random| {
            let mut rule = json!({ "code": random.of(&statuses), "means": random.of(&meanings) });
            if random.below(2) == 0 {
                rule["contains"] = (*random.of(&["ok", "conflict", "E1"])).into();
            }
            rule
        };
        delivery.insert("status".into(), (0..1 + random.below(3)).map(|_| rule(random)).collect());
    }
    if random.below(2) == 0 {
        let (name, operand) = random
            .of(&[
                ("is", json!(true)),
                ("not", json!("x")),
                ("in", json!([1, "ok"])),
                ("contains", json!("o")),
                ("gt", json!(1)),
                ("gte", json!(2)),
                ("lt", json!(2)),
                ("lte", json!("2")),
                ("exists", json!(true)),
                ("exists", json!(false)),
            ])
            .clone();
        let mut rule = json!({ "path": random.of(&["ok", "list.0.n", "none"]), name: operand });
        if random.below(2) == 0 {
            rule["else"] = (*random.of(&meanings)).into();
        }
        delivery.insert("ok_if".into(), rule);
    }
    if random.below(2) == 0 {
        let mut items = json!({});
        for (key, places) in [
            ("list", &["list", "none"][..]),
            ("id", &["id", "deep.id"]),
            ("status", &["status", "n"]),
            ("error", &["error", "ok"]),
        ] {
            if random.below(3) > 0 {
                items[key] = (*random.of(places)).into();
            }
        }
        if random.below(2) == 0 {
            items["means"] = json!({ "conflict": random.of(&meanings), "toString": "hold", "5": "duplicate" });
        }
        delivery.insert("items".into(), items);
    }
    let item = |random: &mut Random| {
        json!({
            "id": random.of(&["a", "b", "c"]), "deep": { "id": random.of(&["a", "b"]) }, "n": random.below(3), "status": random.of(&statuses),
            "error": random.of(&[json!(null), json!(""), json!("conflict"), json!("other"), json!(0), json!(5), json!(false), json!({ "a": 1 }), json!("toString"),
                json!("constructor")]),
            "ok": random.of(&[json!(true), json!("ok"), json!("x"), json!(1), json!(2)]),
        })
    };
    let list: Vec<Json> = (0..random.below(4)).map(|_| item(random)).collect();
    let ok = random.of(&[json!(true), json!("ok"), json!("x"), json!(1), json!(2), json!(null), json!(["o"])]).clone();
    let text = match random.below(6) {
        0 => "no JSON".to_string(),
        1 => json!(list).to_string(),
        _ => json!({ "ok": ok, "list": list }).to_string(),
    };
    if random.below(4) == 0 {
        delivery.insert("single".into(), json!({}));
    }
    let ids = ["a", "b", "c"][..1 + random.below(3)].to_vec();
    json!({ "delivery": delivery, "ids": ids, "status": random.of(&statuses), "text": text })
}
