//! A made-up year of a shop's responses, as `asklet export` writes them: `cargo xtask year [--seed N] [--responses N] [--until 2026-11-22]`.
//!
//! The same seed makes the same year. There are weeks in spring in which deliveries went wrong, a busy November, four languages, repeats, revisions,
//! answers that stop half-way, and comments that try to be markup.

use std::io::{BufWriter, Write, stdout};

use asklet::core::Value;
use asklet::core::delivery::{check_document, uuid7};
use asklet::core::survey::{Metric, Scale};
use asklet::core::time::{DAY, HOUR, Millis, day, iso};
use serde_json::{Value as Json, json};

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[(self.unit() * of.len() as f64) as usize]
    }

    /// Roughly normal, mean 0 and deviation 1.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    fn id(&mut self, at: Millis) -> String {
        let (a, b) = (self.next().to_le_bytes(), self.next().to_le_bytes());
        uuid7(at, std::array::from_fn(|index| if index < 8 { a[index] } else { b[index - 8] }))
    }
}

/// A survey: id, metric, points, question, touchpoint, stage, how good it is (0 to 1), how often it is asked.
type Survey = (&'static str, Metric, i64, &'static str, &'static str, &'static str, f64, f64);

const SURVEYS: [Survey; 5] = [
    ("after-order", Metric::Nps, 11, "score", "order_placed", "purchase", 0.80, 0.36),
    ("after-delivery", Metric::Nps, 11, "score", "parcel_arrived", "post_purchase", 0.74, 0.24),
    ("help", Metric::Csat, 5, "satisfied", "help_read", "decision", 0.66, 0.18),
    ("checkout", Metric::Ces, 7, "easy", "checkout_done", "purchase", 0.76, 0.14),
    ("browse", Metric::Csat, 5, "satisfied", "catalogue_seen", "consideration", 0.70, 0.08),
];

const GOOD: [&[&str]; 4] = [
    &["Fast delivery", "Lovely paper", "Easy to order", "The pens are great", "Friendly help"],
    &["Schnelle Lieferung", "Sehr schönes Papier", "Einfach zu bestellen", "Nette Beratung"],
    &["Livraison rapide", "Très beau papier", "Commande facile"],
    &["توصيل سريع", "ورق جميل", "الطلب سهل"],
];
const BAD: [&[&str]; 4] = [
    &[
        "The parcel came late",
        "Box was damaged",
        "Shipping is too dear",
        "I could not find the size",
        "Nobody answered my mail",
    ],
    &["Paket kam zu spät", "Karton beschädigt", "Versand zu teuer", "Keine Antwort auf meine Mail"],
    &["Colis en retard", "Carton abîmé", "Livraison trop chère"],
    &["وصل الطرد متأخرا", "العلبة تالفة"],
];
const HOSTILE: [&str; 4] = [
    "<script>alert(1)</script>",
    "\"quoted\", and a 'comma'; = 1+1",
    "\u{202e}right to left\u{202c} & back 🙂",
    "</p></li><img src=x onerror=alert(2)>",
];

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (mut seed, mut responses, mut until) = (7u64, 12_000u64, "2026-11-22".to_string());
    for pair in arguments.chunks(2) {
        let wrong = || format!("{pair:?}: write --seed N, --responses N or --until 2026-11-22");
        let [flag, value] = pair else { return Err(wrong()) };
        match flag.as_str() {
            "--seed" => seed = value.parse().map_err(|_| wrong())?,
            "--responses" => responses = value.parse().map_err(|_| wrong())?,
            "--until" => until.clone_from(value),
            _ => return Err(wrong()),
        }
    }
    let end = day(&until).ok_or_else(|| format!("--until {until}: write a day such as 2026-11-22"))?;
    let mut random = Random(seed);
    let mut to = BufWriter::new(stdout());
    for index in 0..responses {
        // In the order of time; November is busy.
        let share = index as f64 / responses as f64;
        let date = end - 365 + (365.0 * (1.0 - (1.0 - share).powf(1.15))) as i64;
        showing(&mut random, date, &mut |document| {
            let value: Value = serde_json::from_value(document.clone()).map_err(|error| error.to_string())?;
            let problems = check_document(&value);
            if let Some(problem) = problems.first() {
                return Err(format!("{problem}: {document}"));
            }
            writeln!(to, "{document}").map_err(|error| format!("cannot write: {error}"))
        })?;
    }
    to.flush().map_err(|error| format!("cannot write: {error}"))
}

/// Some prompts that nobody answered, and one that somebody did.
fn showing(random: &mut Random, date: i64, write: &mut dyn FnMut(Json) -> Result<(), String>) -> Result<(), String> {
    let mut draw = random.unit();
    let survey = SURVEYS.iter().find(|survey| {
        draw -= survey.7;
        draw < 0.0
    });
    let &(id, metric, points, question, name, stage, quality, _) = survey.unwrap_or(&SURVEYS[0]);
    let touchpoint = json!({ "on": "event", "name": name, "stage": stage });
    let device = *random.one(&["mobile", "mobile", "desktop", "desktop", "tablet"]);
    let language = *random.one(&[0, 0, 0, 1, 1, 1, 1, 2, 3]);
    let locale = ["en", "de", "fr", "ar"][language];
    let hour = (13.0 + random.normal() * 3.5).clamp(0.0, 23.0) as i64;
    let shown = date * DAY + hour * HOUR + (random.unit() * HOUR as f64) as Millis;

    let mut event = |random: &mut Random, event: &str, reason: Option<&str>| {
        let at = shown - shown.rem_euclid(HOUR);
        let mut document = json!({
            "id": random.id(at), "event": event, "survey": id, "touchpoint": touchpoint, "at": iso(at), "locale": locale,
            "placement": "popover", "device": device, "asklet": "0.1.0",
        });
        if let Some(reason) = reason {
            document["reason"] = reason.into();
        }
        write(document)
    };
    event(random, "shown", None)?;
    for _ in 0..(random.unit() * 7.0) as u32 {
        event(random, "shown", None)?;
        if random.unit() < 0.6 {
            let reason = *random.one(&["close", "close", "escape", "later", "never"]);
            event(random, "dismissed", Some(reason))?;
        }
    }

    // Six weeks of late parcels, a third of the year in.
    let slump = (date - 20_779 + 365).rem_euclid(365);
    let mood = if (120..162).contains(&slump) && stage == "post_purchase" { quality - 0.3 } else { quality };
    let mood = mood + [0.0, -0.04, -0.02, 0.05][language] + random.normal() * 0.2;
    let scale = Scale { metric, points };
    let point =
        (scale.low() as f64 + mood * points as f64).floor().clamp(scale.low() as f64, scale.high() as f64) as i64;
    let bucket = scale.bucket(point);
    let bad = ["detractor", "dissatisfied", "hard"].contains(&bucket);
    let skipped = random.unit() < 0.03;
    let complete = random.unit() < 0.85;
    let answered = shown + (3_000.0 + random.unit() * 40_000.0) as Millis;

    let mut answers = Vec::new();
    if !skipped {
        answers.push(
            json!({ "question": question, "kind": metric.name(), "value": point, "points": points, "bucket": bucket }),
        );
    }
    let phrases = if bad { BAD[language] } else { GOOD[language] };
    let comment = match random.unit() {
        draw if draw < 0.002 => Some((*random.one(&HOSTILE)).to_string()),
        draw if draw < if bad { 0.6 } else { 0.25 } => {
            Some(format!("{}. {}.", random.one(phrases), random.one(phrases)))
        }
        _ => None,
    };
    if let Some(comment) = comment.as_ref().filter(|_| complete) {
        answers.push(json!({ "question": "reason", "kind": "text", "value": comment }));
    }
    let contact = complete && id == "help" && random.unit() < 0.3;
    if contact {
        answers.push(json!({ "question": "contact", "kind": "consent", "value": true }));
        if random.unit() < 0.7 {
            let email = format!("visitor{}@mail.example", random.next() % 100_000);
            answers.push(json!({ "question": "email", "kind": "email", "value": email }));
        }
    }
    if answers.is_empty() {
        answers.push(json!({ "question": "reason", "kind": "text", "value": *random.one(phrases) }));
    }
    let mut document = json!({
        "id": random.id(shown), "revision": 1, "status": if complete { "complete" } else { "partial" }, "survey": id,
        "touchpoint": touchpoint, "answers": answers, "shown_at": iso(shown), "answered_at": iso(answered),
        "seconds": ((answered - shown) / 100) as f64 / 10.0, "page": "https://shop.example/thanks", "locale": locale,
        "direction": if locale == "ar" { "rtl" } else { "ltr" }, "placement": "popover", "device": device, "asklet": "0.1.0",
        "received_at": iso(answered + 400),
    });
    if !skipped {
        document["metric"] = metric.name().into();
        document["score"] = point.into();
    }
    if let Some(comment) = comment.filter(|_| complete) {
        document["comment"] = comment.into();
    }
    if stage == "post_purchase" {
        let days = (0.9 + random.normal() * 0.5).exp().clamp(0.5, 20.0);
        document["turnaround_seconds"] = ((days * 864_000.0).round() / 10.0).into();
    }
    if random.unit() < 0.4 {
        document["visitor"] = json!({ "attributes": { "plan": *random.one(&["free", "free", "pro", "team"]) } });
    }
    if (contact || bad && complete) && random.unit() < 0.65 {
        document["replied_at"] = iso(answered + (random.unit().powi(2) * 6.0 * DAY as f64) as Millis + HOUR).into();
    }
    let draw = random.unit();
    if draw < 0.02 {
        // It was gone on with: an earlier state arrived first.
        let mut early = document.clone();
        early["status"] = "partial".into();
        write(early)?;
        document["revision"] = 2.into();
    }
    write(document.clone())?;
    if draw > 0.99 { write(document) } else { Ok(()) }
}
