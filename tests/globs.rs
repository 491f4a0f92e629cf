//! The globs of `pages`, from the table that the loader's tests read too.

use asklet::core::Value;
use asklet::core::touchpoint::Pages;

#[test]
fn globs_as_in_the_shared_table() {
    let table: Value = serde_json::from_str(include_str!("tables/globs.json")).unwrap();
    assert!(table.list().len() >= 40);
    for row in table.list() {
        let pages = row.get("pages").list().iter().map(|glob| glob.text().unwrap().into()).collect();
        let url = row.get("url").text().unwrap();
        assert_eq!(Some(Pages(pages).allow(url)), row.get("match").bool(), "{row:?}");
    }
}
