use super::*;

fn close(found: f64, expect: f64, within: f64) {
    assert!((found - expect).abs() <= within, "{found}, not {expect}");
}

/// R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I, method 3.
#[test]
fn shares_as_newcombe_has_them() {
    let table = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)];
    for (hits, n, low, high) in table {
        let found = share(hits, n).expect("there are answers");
        close(found.low / 100.0, low, 0.00005);
        close(found.high / 100.0, high, 0.00005);
    }
    close(share(20, 20).expect("there are answers").high, 100.0, 0.0);
    assert_eq!(share(0, 0), None);
}

#[test]
fn promoters_less_detractors() {
    // By hand: 15 of 36 recommend, 7 do not: p' = 15.75/39, d' = 7.75/39.
    let found = nps(15, 14, 7).expect("there are answers");
    close(found.value, 22.222_222, 0.000_001);
    close(found.low, -2.983, 0.0005);
    close(found.high, 44.009, 0.0005);
    let all = nps(5, 0, 0).expect("there are answers");
    assert!(all.value == 100.0 && all.high == 100.0 && all.low < 60.0, "{all:?}");
    assert_eq!(nps(0, 0, 0), None);
}

/// Student's own data, "The Probable Error of a Mean", Biometrika 6 (1908): ten patients' additional hours of sleep; here by the sums alone.
#[test]
fn a_mean_as_student_has_it() {
    let hours = [1.2_f64, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];
    let value = hours.iter().sum::<f64>() / 10.0;
    let squares = hours.iter().map(|hour| (hour - value).powi(2)).sum();
    let found = mean(value, squares, 10);
    // As every textbook's t test of R's `sleep` prints it.
    close(found.value, 1.58, 1e-9);
    close(found.low, 0.700_114, 0.000_001);
    close(found.high, 2.459_886, 0.000_001);
}

#[test]
fn scales_and_what_does_not_fit_them() {
    let mut scores = Scores::new(Scale { metric: Metric::Ces, points: 7 });
    assert!([1, 5, 7, 7].iter().all(|point| scores.add(*point)));
    assert!(!scores.add(0) && !scores.add(8));
    assert_eq!((scores.n(), scores.counts()), (4, &[1, 0, 0, 0, 1, 0, 2][..]));
    assert_eq!(scores.buckets(), [("easy", 3), ("neutral", 0), ("hard", 1)]);
    let figures = scores.figures();
    assert_eq!(
        figures.iter().map(|figure| (figure.name, figure.value)).collect::<Vec<_>>(),
        [("ces_mean", Some(5.0)), ("ces_share", Some(75.0))]
    );
    assert!(figures[0].few());
    let mut one = Scores::new(scores.scale);
    one.add(4);
    assert_eq!(one.figures()[0], Figure::bare("ces_mean", 1, Some(4.0)));
    let none = Scores::new(Scale { metric: Metric::Nps, points: 11 });
    assert_eq!(none.figures(), [Figure::bare("nps", 0, None)]);
}

#[test]
fn spans_to_three_digits() {
    let mut spans = Spans::default();
    assert_eq!(spans.quantile(0.5), None);
    for seconds in [-3.0, 7.4, 12.34, 99.96, 86_449.0] {
        spans.add(seconds);
    }
    let quantiles = [0.0, 0.25, 0.5, 0.75, 1.0].map(|share| spans.quantile(share));
    assert_eq!(quantiles, [Some(0.0), Some(7.4), Some(12.3), Some(100.0), Some(86_400.0)]);
    assert_eq!(spans.quantile(0.125), Some(3.7));
}
