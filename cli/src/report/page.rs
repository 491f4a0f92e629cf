//! The page. Whatever comes from outside goes through [`safe`]: visitors write it.

use super::charts::{self, WIDTHS};
use super::model::{Comment, Figure, Report, Scale, Split, Survey};
use crate::score::words;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
/// What the page's own policy lets run, and nothing else: the SHA-256 of the two above. A test says what to write here.
const STYLE_HASH: &str = "wlENln/AANqDXIaYCg39k0MtjP20p1GvSPNA0enUkOU=";
const SCRIPT_HASH: &str = "2lZ/RKjcBOJCDITBtR+NVSvkOYPXA0ltBsinqMpFKdg=";

/// The report as HTML.
pub fn page(report: &Report) -> String {
    let Report { title, from, to, made_at, responses, notes, surveys, live } = report;
    let title = safe(title);
    let links: String = surveys
        .iter()
        .enumerate()
        .map(|(index, survey)| format!("<a href=\"#s{index}\">{}</a>", name(survey)))
        .collect();
    let period = if from.is_empty() { String::new() } else { format!(" from {} to {}", safe(from), safe(to)) };
    let body: String = surveys.iter().enumerate().map(|(index, survey)| section(index, survey, *live)).collect();
    let nothing = if surveys.is_empty() { "<p>Nobody has answered yet.</p>" } else { "" };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; script-src 'sha256-{SCRIPT_HASH}'; form-action 'self'; base-uri 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n\
         <p class=\"soft\">{responses} responses{period}. Made {made_at}. Intervals are of 95 %; moments are UTC unless a zone was asked for.</p>\n\
         <nav aria-label=\"Surveys\">{links}</nav>\n</header>\n<main>\n{}{nothing}{body}</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        all_notes(notes)
    )
}

/// `text` as HTML, in an element or in an attribute between double quotes.
fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\0' => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

fn name(survey: &Survey) -> String {
    if survey.id.is_empty() { "Responses".into() } else { safe(&survey.id) }
}

fn all_notes(notes: &[String]) -> String {
    notes.iter().map(|note| format!("<p class=\"note\">{}</p>\n", safe(note))).collect()
}

fn section(index: usize, survey: &Survey, live: bool) -> String {
    let scales: String = survey.scales.iter().map(|one| scale(survey, one)).collect();
    let figures = match survey.figures.is_empty() {
        true => String::new(),
        false => format!("<h3>Rates and times</h3>\n{}{}", numbers(&survey.figures, false), asked(survey)),
    };
    format!(
        "<section id=\"s{index}\" data-survey=\"{}\" aria-labelledby=\"t{index}\">\n<h2 id=\"t{index}\">{}</h2>\n<p class=\"soft\">{} responses</p>\n\
         {scales}{figures}{}</section>\n",
        safe(&survey.id),
        name(survey),
        survey.responses,
        comments(index, survey, live)
    )
}

/// What a test, or a program, finds a figure by.
fn data(figure: &Figure) -> String {
    let number =
        |name: &str, value: Option<f64>| value.map_or(String::new(), |value| format!(" data-{name}=\"{value}\""));
    let Figure { name, n, value, low, high } = *figure;
    format!(
        "data-figure=\"{name}\" data-n=\"{n}\"{}{}{}",
        number("value", value),
        number("low", low),
        number("high", high)
    )
}

fn numbers(figures: &[Figure], head: bool) -> String {
    let one = |(index, figure): (usize, &Figure)| {
        let (name, n, of) = (words::title(figure.name), figure.n, words::of_what(figure.name));
        let (class, value, more) = match figure.value {
            Some(_) if figure.few() => ("few", "Too few to say anything".into(), String::new()),
            Some(value) => ("", words::value(figure.name, value), words::interval(figure)),
            None => ("few", "Not known".into(), "more answers than prompts were counted".into()),
        };
        let class = if head && index == 0 { format!("head {class}") } else { class.into() };
        let more = if more.is_empty() { more } else { format!("{more}, ") };
        format!(
            "<div class=\"{class}\" {}><dt>{name}</dt><dd><b>{value}</b> <span class=\"soft\">{more}n = {n} {of}</span></dd></div>\n",
            data(figure)
        )
    };
    format!("<dl class=\"figures\">\n{}</dl>\n", figures.iter().enumerate().map(one).collect::<String>())
}

fn scale(survey: &Survey, scale: &Scale) -> String {
    // What a table is called has to be its own in the page.
    let of = format!("{}, {}, {} {}", name(survey), safe(&scale.question), scale.metric, scale.points);
    let question = if scale.question.is_empty() {
        "The score".into()
    } else {
        format!("Question “{}”", safe(&scale.question))
    };
    let points = format!("{}, {} points", scale.metric.to_uppercase(), scale.points);
    let splits: String = scale.splits.iter().map(|split| by(&of, scale, split)).collect();
    format!(
        "<section data-question=\"{}\" data-points=\"{}\">\n<h3>{question} <span class=\"soft\">({points})</span></h3>\n{}{}{}{splits}</section>\n",
        safe(&scale.question),
        scale.points,
        numbers(&scale.figures, true),
        all_notes(&scale.notes),
        distribution(&of, scale)
    )
}

fn distribution(of: &str, scale: &Scale) -> String {
    let all: u64 = scale.counts.iter().sum();
    // Where there are too few for a score their shares would tell it all the same.
    let few = scale.figures[0].few();
    let share =
        |count: u64| if few { "-".into() } else { format!("{:.1} %", 100.0 * count as f64 / all.max(1) as f64) };
    let rows: String = scale
        .counts
        .iter()
        .zip(scale.low..)
        .map(|(count, point)| {
            format!("<tr><th scope=\"row\">{point}</th><td>{count}</td><td>{}</td></tr>\n", share(*count))
        })
        .collect();
    let parts: Vec<String> = scale
        .buckets
        .iter()
        .map(
            |(name, count)| if few { format!("{name} {count}") } else { format!("{name} {count} ({})", share(*count)) },
        )
        .collect();
    let parts = parts.join(", ");
    figure(
        &format!("How the points were chosen: {parts}."),
        &format!("Bars, one for each point: {parts}"),
        |width| charts::distribution(&scale.counts, scale.low, width),
        &table(of, "How the points were chosen", &["Point", "Answers", "Share"], &rows),
    )
}

fn by(of: &str, scale: &Scale, split: &Split) -> String {
    // One part is the whole.
    if split.slices.len() < 2 {
        return String::new();
    }
    let time = ["week", "month"].contains(&split.by);
    let title = words::split(split.by);
    let head = scale.figures[0].name;
    let rows: String = split
        .slices
        .iter()
        .flat_map(|slice| {
            slice.figures.iter().map(|figure| {
                let value = figure.value.map_or("-".into(), |value| words::value(figure.name, value));
                let few = if figure.few() { "too few" } else { "" };
                format!(
                    "<tr data-by=\"{}\" data-key=\"{}\"><th scope=\"row\">{}</th><td>{}</td><td {}>{value}</td><td>{}</td><td>{}</td><td>{few}</td></tr>\n",
                    split.by,
                    safe(&slice.label),
                    label(&slice.label),
                    words::title(figure.name),
                    data(figure),
                    words::interval(figure),
                    figure.n
                )
            })
        })
        .collect();
    let parts: Vec<(String, Figure)> = split
        .slices
        .iter()
        .map(|slice| (if slice.label.is_empty() { "not known".into() } else { slice.label.clone() }, slice.figures[0]))
        .collect();
    let enough = parts.iter().filter(|(_, figure)| !figure.few() && figure.value.is_some());
    let finding: Vec<String> = enough
        .map(|(label, figure)| format!("{label} {}", words::value(head, figure.value.unwrap_or_default())))
        .collect();
    let finding = match (finding.len(), time) {
        (0, _) => "each part has too few answers to say anything".into(),
        (count, true) if count > 6 => format!("{}; ...; {}", finding[0], finding[count - 1]),
        _ => finding.join("; "),
    };
    let bounds = words::bounds(head, scale.points);
    let note = if split.by == "locale" {
        "<p class=\"note\">Languages are not to be compared: how people use a scale differs with language and culture.</p>\n"
    } else {
        ""
    };
    let chart = figure(
        &format!("{}, each with its interval. Faint: too few answers to say anything.", words::title(head)),
        &safe(&format!("{title}: {finding}")),
        |width| {
            if time { charts::over_time(&parts, bounds, width) } else { charts::side_by_side(&parts, bounds, width) }
        },
        &table(of, title, &["", "Figure", "Value", "95 % interval", "n", "Note"], &rows),
    );
    format!("<h4>{title}</h4>\n{note}{chart}")
}

fn label(label: &str) -> String {
    if label.is_empty() { "not known".into() } else { safe(label) }
}

/// A chart in both widths, with the table behind it. `caption` and `label` are HTML.
fn figure(caption: &str, label: &str, draw: impl Fn(u32) -> String, table: &str) -> String {
    let picture = |(class, width): (&str, u32)| {
        let role = format!("<svg class=\"{class}\" role=\"img\" aria-label=\"{label}\" ");
        draw(width).replacen("<svg ", &role, 1)
    };
    let pictures: String = WIDTHS.into_iter().map(picture).collect();
    format!(
        "<figure>\n{pictures}<figcaption>{caption}</figcaption>\n<details><summary>As a table</summary>\n{table}</details>\n</figure>\n"
    )
}

fn table(of: &str, caption: &str, names: &[&str], rows: &str) -> String {
    let names: String = names
        .iter()
        .map(|name| if name.is_empty() { "<td></td>".into() } else { format!("<th scope=\"col\">{name}</th>") })
        .collect();
    format!(
        "<div class=\"scroll\" role=\"region\" aria-label=\"{of}: {caption}, table\" tabindex=\"0\"><table><caption>{caption}</caption><thead><tr>{names}</tr></thead>\
         <tbody>\n{rows}</tbody></table></div>\n"
    )
}

fn asked(survey: &Survey) -> String {
    let Some(asked) = &survey.asked else { return String::new() };
    let closed: Vec<String> = asked
        .dismissed
        .iter()
        .map(|(reason, count)| format!("{} {count}", if reason.is_empty() { "closed" } else { reason }))
        .collect();
    let closed = if closed.is_empty() { "none were counted".into() } else { closed.join(", ") };
    format!(
        "<p>{} prompts came up, and {} responses came of them. Closed before the end: {}.</p>\n",
        asked.shown,
        asked.answered,
        safe(&closed)
    )
}

fn comments(index: usize, survey: &Survey, live: bool) -> String {
    if survey.comments.is_empty() {
        return String::new();
    }
    let (shown, all) = (survey.comments.len(), survey.comments_in_all);
    let count = if all > shown as u64 { format!("The newest {shown} of {all}") } else { format!("{shown}") };
    let items: String = survey.comments.iter().map(|one| comment(one, live)).collect();
    format!(
        "<div>\n<h3>Comments</h3>\n<p class=\"soft\">{count}, of the dissatisfied first.</p>\n<form class=\"search\" role=\"search\" aria-label=\"Comments of {}\" hidden>\
         <label for=\"q{index}\">Search</label> <input type=\"search\" id=\"q{index}\"> \
         <label><input type=\"checkbox\"> without a reply only</label></form>\n<p role=\"status\" class=\"soft\"></p>\n<ol class=\"comments\">\n{items}</ol>\n</div>\n",
        name(survey)
    )
}

fn comment(comment: &Comment, live: bool) -> String {
    let Comment { id, text, score, bucket, answered_at, stage, touchpoint, locale, contact, replied_at } = comment;
    let score = score.map_or(String::new(), |score| format!("{score}, {bucket}"));
    let contact = match &**contact {
        "" => String::new(),
        "allowed" => "may be contacted".into(),
        address => format!("contact: {address}"),
    };
    let replied = replied_at.as_ref().map_or(String::new(), |at| format!("replied {at}"));
    let known = [&score, answered_at, stage, touchpoint, locale, &contact, &replied];
    let known: Vec<String> = known.into_iter().filter(|text| !text.is_empty()).map(|text| safe(text)).collect();
    let text = if text.is_empty() { "<span class=\"soft\">No comment.</span>".into() } else { safe(text) };
    let (undo, button) = match replied_at {
        Some(_) => ("<input type=\"hidden\" name=\"undo\" value=\"1\">", "Not replied after all"),
        None => ("", "Mark as replied"),
    };
    let form = match live && !id.is_empty() {
        true => format!(
            "<form method=\"post\" action=\"report/replied\"><input type=\"hidden\" name=\"id\" value=\"{}\">{undo}<button>{button}</button></form>",
            safe(id)
        ),
        false => String::new(),
    };
    let marked = if replied_at.is_some() { " data-replied" } else { "" };
    let anchor = if id.is_empty() { String::new() } else { format!(" id=\"r-{}\"", safe(id)) };
    format!(
        "<li{anchor}{marked} data-bucket=\"{bucket}\"><p dir=\"auto\">{text}</p><div class=\"soft\">{}</div>{form}</li>\n",
        known.join(" · ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::process::{Command, Stdio};

    /// By OpenSSL, which every machine has that can fetch anything.
    fn hash(text: &str) -> String {
        let mut openssl = Command::new("sh")
            .args(["-c", "openssl dgst -sha256 -binary | openssl base64 -A"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        openssl.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("it reads");
        String::from_utf8(openssl.wait_with_output().expect("it ends").stdout).expect("text")
    }

    #[test]
    fn the_policy_names_what_is_there() {
        for (name, text, expect) in [("STYLE_HASH", STYLE, STYLE_HASH), ("SCRIPT_HASH", SCRIPT, SCRIPT_HASH)] {
            assert_eq!(hash(text), expect, "{name}");
        }
    }

    #[test]
    fn what_visitors_write_stays_text() {
        assert_eq!(safe("<script>'&\"\0"), "&lt;script&gt;&#39;&amp;&quot;\u{fffd}");
        let hostile = Comment {
            id: "\"><script>alert(1)</script>".into(),
            text: "</p></li><script>alert(2)</script>".into(),
            score: Some(0),
            bucket: "detractor",
            answered_at: "<i>".into(),
            stage: "<i>".into(),
            touchpoint: "<i>".into(),
            locale: "<i>".into(),
            contact: "<i>@example.org".into(),
            replied_at: None,
        };
        let html = comment(&hostile, true);
        assert!(!html.contains("<script") && !html.contains("<i>"), "{html}");
    }
}
