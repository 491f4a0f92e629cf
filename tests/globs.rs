//! The rules of `pages`, from the table that the loader's tests read too.

mod platform;

use asklet::core::Value;
use asklet::core::touchpoint::allow;
use platform::World;

#[test]
fn pages_as_in_the_shared_table() {
    let table: Value = serde_json::from_str(include_str!("tables/globs.json")).unwrap();
    assert!(table.list().len() >= 70);
    for row in table.list() {
        let url = row.get("url").text().unwrap();
        assert_eq!(Some(allow(row.get("pages"), url, &World)), row.get("match").bool(), "{row:?}");
    }
}

/// What no page can match because it is not understood matches none; it takes nothing from the others.
#[test]
fn a_broken_rule_matches_nothing() {
    let rules: Value = serde_json::from_str(r#"[{"regex": "("}, "/help"]"#).unwrap();
    assert!(allow(&rules, "https://shop.example/help", &World));
    assert!(!allow(&rules, "https://shop.example/(", &World));
}
