//! The three intervals.

use super::Estimate;

/// The normal distribution's 97.5th percentile.
const Z: f64 = 1.959_963_984_540_054;

/// Net Promoter Score: 100 x (promoters - detractors) / n, from -100 to 100; `None` without an answer.
///
/// The interval is the adjusted Wald one that kept its level best of those tried in B. Rocks, "Interval Estimation for the 'Net Promoter
/// Score'", The American Statistician 70 (2016): 3 is added to n, 3/4 to promoters and to detractors. It lies around the adjusted
/// score, and so is closer to 0 than the score, the more the fewer have answered; it never leaves -100 to 100.
pub fn nps(promoters: u64, passives: u64, detractors: u64) -> Option<Estimate> {
    let n = (promoters + passives + detractors) as f64;
    if n == 0.0 {
        return None;
    }
    let (up, down) = ((promoters as f64 + 0.75) / (n + 3.0), (detractors as f64 + 0.75) / (n + 3.0));
    let center = up - down;
    let half = Z * ((up + down - center * center) / (n + 3.0)).sqrt();
    Some(Estimate {
        value: 100.0 * (promoters as f64 - detractors as f64) / n,
        low: (100.0 * (center - half)).max(-100.0),
        high: (100.0 * (center + half)).min(100.0),
    })
}

/// The share of `hits` in `n`, in percent; `None` without an answer.
///
/// The interval is the score interval of E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927), without
/// a correction for continuity.
pub fn share(hits: u64, n: u64) -> Option<Estimate> {
    if n == 0 {
        return None;
    }
    let (share, n) = (hits as f64 / n as f64, n as f64);
    let center = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt() / (1.0 + Z * Z / n);
    Some(Estimate {
        value: 100.0 * share,
        low: (100.0 * (center - half)).max(0.0),
        high: (100.0 * (center + half)).min(100.0),
    })
}

/// A mean with Student's t interval. `squares`: the sum of the squared distances from it; `n` from 2.
pub fn mean(value: f64, squares: f64, n: u64) -> Estimate {
    let half = student(n - 1) * (squares / (n - 1) as f64 / n as f64).sqrt();
    Estimate { value, low: value - half, high: value + half }
}

/// The 97.5th percentile of Student's t with `degrees` of freedom, from 1.
fn student(degrees: u64) -> f64 {
    // Abramowitz and Stegun, 26.7.5, whose fifth term would be below 1e-11 here.
    if degrees > 300 {
        let (z, v) = (Z, degrees as f64);
        let terms = [
            (z.powi(3) + z) / 4.0,
            (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0,
            (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0,
            (79.0 * z.powi(9) + 776.0 * z.powi(7) + 1482.0 * z.powi(5) - 1920.0 * z.powi(3) - 945.0 * z) / 92_160.0,
        ];
        return terms.iter().rev().fold(0.0, |sum, term| (sum + term) / v) + z;
    }
    let (mut low, mut high) = (1.9, 13.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if within(middle, degrees) < 0.95 { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// The probability that Student's t lies between -t and t. (Abramowitz and Stegun, 26.7.3 and 26.7.4.)
fn within(t: f64, degrees: u64) -> f64 {
    let angle = (t / (degrees as f64).sqrt()).atan();
    let (sine, cosine) = angle.sin_cos();
    let even = degrees.is_multiple_of(2);
    let (mut term, mut sum) = if even { (1.0, 1.0) } else { (cosine, cosine) };
    let mut step = if even { 2 } else { 3 };
    while step < degrees {
        term *= (step - 1) as f64 / step as f64 * cosine * cosine;
        sum += term;
        step += 2;
    }
    match (even, degrees) {
        (true, _) => sine * sum,
        (_, 1) => 2.0 / std::f64::consts::PI * angle,
        _ => 2.0 / std::f64::consts::PI * (angle + sine * sum),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// W. S. Gosset's table, as every textbook prints it.
    #[test]
    fn student_as_printed() {
        let table = [
            (1, 12.706),
            (2, 4.303),
            (3, 3.182),
            (4, 2.776),
            (5, 2.571),
            (10, 2.228),
            (29, 2.045),
            (30, 2.042),
            (60, 2.000),
            (120, 1.980),
            (1_000_000_000, 1.960),
        ];
        for (degrees, expect) in table {
            assert!((student(degrees) - expect).abs() < 0.0005, "{degrees}: {}", student(degrees));
        }
        // Both ways meet where one hands over to the other.
        assert!((student(300) - student(301)).abs() < 3e-5 && student(300) > student(301));
    }
}
