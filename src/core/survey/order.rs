//! The order of options.

/// The numbers below `count` in an order that `seed` decides. Each order is as likely as any other, to within what 64 random
/// bits can tell apart. (Fisher and Yates's shuffle as in Knuth, The Art of Computer Programming, 3.4.2, Algorithm P; its numbers
/// from SplitMix64: Steele, Lea and Flood 2014.)
pub fn shuffled(count: usize, mut seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        order.swap(last, (mixed % (last as u64 + 1)) as usize);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_is_as_likely() {
        let mut counts = std::collections::HashMap::new();
        for seed in 0..24_000 {
            *counts.entry(shuffled(4, seed)).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 24);
        // Each is expected 1000 times; the chi-square of 23 degrees of freedom is below 49.7 in 99.9 % of fair draws.
        let chi: f64 = counts.values().map(|count| f64::from(count - 1000).powi(2) / 1000.0).sum();
        assert!(chi < 49.7, "{chi}");
        assert!(shuffled(0, 1).is_empty());
        assert_eq!(shuffled(7, 5), shuffled(7, 5));
    }
}
