//! How many requests one client may make.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Clients remembered at a time. Further ones share one allowance, so memory stays bounded.
const CLIENTS: usize = 65_536;

/// Stands for those further ones. No client's key: the lower half of those is 0.
const SHARED: IpAddr = IpAddr::V6(Ipv6Addr::from_bits(u128::MAX));

/// How much of its allowance a client may use at once, in seconds' worth.
const BURST: u32 = 10;

/// A rate for each client address.
///
/// One moment is kept for each client: when its allowance will be whole again (the generic cell rate
/// algorithm). An IPv6 client is its /64, since one visitor has all of it.
pub struct Rate {
    each: Duration,
    local: Duration,
    clients: Mutex<Clients>,
}

struct Clients {
    whole_at: HashMap<IpAddr, Instant>,
    swept: Instant,
}

impl Rate {
    /// `rate` requests a second for each client, `local` for each on this machine.
    pub fn new(rate: u32, local: u32, now: Instant) -> Self {
        let each = |rate| Duration::from_secs(1) / rate;
        let clients = Mutex::new(Clients { whole_at: HashMap::new(), swept: now });
        Rate { each: each(rate), local: each(local), clients }
    }

    /// Counts a request of `client`; the error is how long it has to wait.
    pub fn count(&self, client: IpAddr, now: Instant) -> Result<(), Duration> {
        let client = client.to_canonical();
        let each = if client.is_loopback() { self.local } else { self.each };
        let allowance = Duration::from_secs(BURST.into());
        // A holder that panicked left a map that is still good.
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let whole_at = clients.of(key(client), now);
        let next = (*whole_at).max(now) + each;
        let over = next.duration_since(now).saturating_sub(allowance);
        if over > Duration::ZERO {
            return Err(over);
        }
        *whole_at = next;
        Ok(())
    }
}

impl Clients {
    fn of(&mut self, client: IpAddr, now: Instant) -> &mut Instant {
        let full = self.whole_at.len() >= CLIENTS && !self.whole_at.contains_key(&client);
        // At most once a second: a sweep looks at all of them.
        if full && now.duration_since(self.swept) >= Duration::from_secs(1) {
            self.whole_at.retain(|_, whole_at| *whole_at > now);
            self.swept = now;
        }
        let full = full && self.whole_at.len() >= CLIENTS;
        let client = if full { SHARED } else { client };
        self.whole_at.entry(client).or_insert(now)
    }
}

fn key(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_burst_then_the_rate() {
        let start = Instant::now();
        let rate = Rate::new(2, 100, start);
        let client = address("192.0.2.1");
        for _ in 0..20 {
            assert_eq!(rate.count(client, start), Ok(()));
        }
        assert_eq!(rate.count(client, start), Err(Duration::from_millis(500)));
        assert_eq!(rate.count(client, start + Duration::from_millis(400)), Err(Duration::from_millis(100)));
        assert_eq!(rate.count(client, start + Duration::from_millis(500)), Ok(()));
        assert_eq!(rate.count(client, start + Duration::from_millis(500)), Err(Duration::from_millis(500)));
        assert_eq!(rate.count(address("192.0.2.2"), start), Ok(()), "another client has its own");
    }

    #[test]
    fn addresses_that_are_one_client() {
        let start = Instant::now();
        let table = [
            ("2001:db8::1", "2001:db8::ffff:1", true),
            ("2001:db8::1", "2001:db8:0:1::1", false),
            ("192.0.2.1", "::ffff:192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false),
        ];
        for (first, second, same) in table {
            let rate = Rate::new(1, 1, start);
            while rate.count(address(first), start).is_ok() {}
            assert_eq!(rate.count(address(second), start).is_err(), same, "{first} {second}");
        }
    }

    #[test]
    fn this_machine_has_a_rate_of_its_own() {
        let start = Instant::now();
        for local in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            let rate = Rate::new(1, 3, start);
            let passed = (0..100).take_while(|_| rate.count(address(local), start).is_ok()).count();
            assert_eq!(passed, 30, "{local}");
        }
    }

    #[test]
    fn memory_is_bounded_and_full_allowances_are_forgotten() {
        let start = Instant::now();
        let rate = Rate::new(1, 1, start);
        let nth = |n: u32| IpAddr::V4((n + (10 << 24)).into());
        for n in 0..CLIENTS as u32 {
            assert!(rate.count(nth(n), start).is_ok());
        }
        // The next ones share one allowance of ten.
        let passed = (0..50).filter(|n| rate.count(nth(CLIENTS as u32 + n), start).is_ok()).count();
        assert_eq!(passed, 10);
        assert_eq!(rate.clients.lock().expect("unpoisoned").whole_at.len(), CLIENTS + 1);
        // Once those before are whole again they are forgotten.
        let later = start + Duration::from_secs(60);
        assert!(rate.count(nth(CLIENTS as u32 + 1), later).is_ok());
        assert_eq!(rate.clients.lock().expect("unpoisoned").whole_at.len(), 1);
    }
}
