//! The core's figures against those of Python's statistics packages: `tests/score/oracle.py` made the table.

use asklet::core::score::{Estimate, Scores, Spans, nps, share};
use asklet::core::survey::{Metric, Scale};
use serde_json::Value;

fn cases(kind: &str) -> Vec<Value> {
    let table: Value = serde_json::from_str(include_str!("tables/score.json")).expect("a table");
    let cases = table[kind].as_array().expect("cases").clone();
    assert!(cases.len() >= 30, "{kind}: {}", cases.len());
    cases
}

fn whole(case: &Value) -> Vec<u64> {
    case["given"].as_array().expect("a list").iter().map(|count| count.as_u64().expect("a count")).collect()
}

fn close(found: f64, expect: &Value, case: &Value) {
    let expect = expect.as_f64().expect("a number");
    assert!((found - expect).abs() <= 1e-9 * expect.abs().max(1.0), "{found}, not {expect}: {case}");
}

fn same(found: Option<Estimate>, case: &Value) {
    let found = found.expect("an estimate");
    close(found.value, &case["value"], case);
    close(found.low, &case["low"], case);
    close(found.high, &case["high"], case);
}

#[test]
fn promoters_less_detractors() {
    for case in cases("nps") {
        let given = whole(&case);
        same(nps(given[0], given[1], given[2]), &case);
    }
}

#[test]
fn shares() {
    for case in cases("share") {
        let given = whole(&case);
        same(share(given[0], given[1]), &case);
    }
}

#[test]
fn means() {
    for case in cases("mean") {
        let given = whole(&case);
        let mut scores = Scores::new(Scale { metric: Metric::Ces, points: given.len() as i64 });
        for (count, point) in given.iter().zip(1..) {
            (0..*count).for_each(|_| assert!(scores.add(point)));
        }
        let figure = scores.figures()[0];
        assert_eq!(figure.name, "ces_mean");
        let part = |part: Option<f64>| part.expect("a number");
        same(Some(Estimate { value: part(figure.value), low: part(figure.low), high: part(figure.high) }), &case);
    }
}

#[test]
fn medians_and_ninetieth_percentiles() {
    for case in cases("spans") {
        let mut spans = Spans::default();
        case["given"].as_array().expect("a list").iter().for_each(|span| spans.add(span.as_f64().expect("a number")));
        close(spans.quantile(0.5).expect("a median"), &case["median"], &case);
        close(spans.quantile(0.9).expect("a percentile"), &case["p90"], &case);
    }
}
