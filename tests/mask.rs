//! What is blotted out of free text.

mod platform;

use asklet::core::Value;
use asklet::core::delivery::mask;
use platform::World;

#[test]
fn addresses_and_long_numbers() {
    let table = [
        ("Write to jo.doe+shop@mail.example.org.", "Write to [email]."),
        ("(jo@mail.example) or @jo", "([email]) or @jo"),
        ("ask jo@localhost", "ask jo@localhost"),
        ("zoë@exämple.org, a@b.co", "[email], [email]"),
        ("Call +43 (1) 234-56 78 now", "Call [number] now"),
        ("(01) 234 56 78!", "[number]!"),
        ("4111 1111 1111 1111", "[number]"),
        ("Order 1234567.", "Order [number]."),
        ("It took 123456 s, 10 of 10", "It took 123456 s, 10 of 10"),
        ("٠١٢٣٤٥٦٧", "[number]"),
        ("Great!", "Great!"),
        ("", ""),
    ];
    let list = |names: &[&str]| Value::List(names.iter().map(|name| (*name).into()).collect());
    for (text, expect) in table {
        assert_eq!(mask(text, &list(&["emails", "numbers"]), &World), expect);
    }
    let text = "a@b.co 1234567";
    assert_eq!(mask(text, &Value::Null, &World), text);
    assert_eq!(mask(text, &list(&["emails"]), &World), "[email] 1234567");
    assert_eq!(mask(text, &list(&["numbers"]), &World), "a@b.co [number]");
}
