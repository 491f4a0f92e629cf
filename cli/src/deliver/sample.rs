//! The response that is sent where none is given.

use asklet::core::Value;

/// The page whose example it is.
const PAGE: &str = include_str!("../../../docs/deliver.md");

/// The example of a whole response document.
pub fn response() -> Value {
    let chapter = PAGE.split("\n## The response document\n").nth(1).unwrap_or_default();
    let block = chapter.split("```json\n").nth(1).and_then(|rest| rest.split("```").next());
    serde_json::from_str(block.unwrap_or_default()).unwrap_or_default()
}

/// The same with another id, the `index`-th after its own.
pub fn renumbered(response: &Value, index: u64) -> Value {
    let mut other = response.clone();
    if index == 0 {
        return other;
    }
    let id = response.get("id").text().unwrap_or_default();
    // The last twelve digits of a UUID.
    let (head, tail) = id.rsplit_once('-').unwrap_or((id, ""));
    let number = u64::from_str_radix(tail, 16).unwrap_or_default();
    *other.at("id") = format!("{head}-{:012x}", number.wrapping_add(index) & 0xffff_ffff_ffff).into();
    other
}

#[cfg(test)]
mod tests {
    use super::*;
    use asklet::core::delivery::check_response;

    #[test]
    fn the_example_is_a_response_with_all_there_can_be() {
        let example = response();
        assert_eq!(check_response(&example), []);
        for key in asklet::core::delivery::RESPONSE.keys {
            assert!(!example.get(key.name).is_null(), "{}", key.name);
        }
        assert_eq!(renumbered(&example, 0), example);
        assert_eq!(renumbered(&example, 2).get("id").text(), Some("0198f0a0-7c1e-7b3a-9d5e-1f2a3b4c5d70"));
    }
}
