//! The one definition of the config.

use super::shape::{ABSENT, Kind, Shape, doc, key};
use crate::core::delivery::EVENTS;

/// The metrics.
pub const METRICS: &[&str] = &["nps", "csat", "ces"];
/// The kinds of question.
pub const KINDS: &[&str] = &["nps", "csat", "ces", "text", "choice", "email", "consent", "statement"];
/// Where a prompt can stand.
pub static PLACEMENTS: &[&str] = &["popover", "inline", "modal", "sheet", "tab"];
/// What a page can be looked at on.
pub static DEVICES: &[&str] = &["desktop", "tablet", "mobile"];
/// At which edge or corner of the window.
static POSITIONS: &[&str] = &["bottom-end", "bottom", "bottom-start", "top-end", "top", "top-start"];

/// The config as a whole.
pub static CONFIG: Shape = Shape {
    name: doc("Config"),
    doc: doc("What Asklet asks, when, and where the answers go."),
    open: false,
    keys: &[
        key("$schema", Kind::Text, "Where the schema is, for editors."),
        key("about", Kind::Localized, "What is asked about: fills {about} in the presets' wording."),
        key("delivery", Kind::Object(&DELIVERY), "Where answers go.").required(),
        key("locale", Kind::Text, "The language to ask in, or \"auto\": the page's, then the browser's."),
        key(
            "shortcut",
            Kind::Text,
            "The key that goes into an open prompt and back, as KeyboardEvent.key has it. Default F6.",
        ),
        key("frequency", Kind::Object(&FREQUENCY), "How often a visitor may be asked."),
        key(
            "privacy",
            Kind::Object(&PRIVACY),
            "What a response may say. While something is wrong here, nobody is asked.",
        ),
        key("theme", Kind::Object(&THEME), "How prompts look."),
        key("surveys", Kind::Some(&Kind::Object(&SURVEY)), "The surveys. A wrong one never stops the others.")
            .required(),
    ],
};

/// A kind that the wasm takes as it comes: what is wrong in it shows when a request is made, and costs no answer.
const fn native(kind: Kind) -> Kind {
    if cfg!(target_arch = "wasm32") { Kind::Any } else { kind }
}

static DELIVERY: Shape = Shape {
    name: doc("Delivery"),
    doc: doc("Where answers go, and in which form."),
    open: false,
    keys: &[
        key("url", Kind::Endpoint, "The collection endpoint, https or a path on the page's own site. A template."),
        // A function stands there, which no file can have: the page hands over `true` for it.
        #[cfg(target_arch = "wasm32")]
        key("send", Kind::Any, ""),
        key("method", native(Kind::OneOf(METHODS)), "The request's method. Default POST."),
        key("headers", Kind::MapOf(&Kind::Text), "Headers; templates of what the owner wrote, ids and times."),
        key("encode", native(Kind::OneOf(ENCODINGS)), "How the body is written. Default json."),
        key("batch", native(Kind::Object(&BATCH)), "Has several responses go in one request."),
        key("body", Kind::Any, "The body, a template. Default the response document, in a batch the list of them."),
        key(
            "status",
            native(Kind::List(&Kind::Object(&STATUS))),
            "What statuses mean here; the first that fits counts.",
        ),
        key("ok_if", native(Kind::Object(&OK_IF)), "What a reply with a status of 2xx must say to count."),
        key(
            "items",
            native(Kind::Object(&ITEMS)),
            "Where a reply with a status of 2xx has a verdict for each response.",
        ),
        key("redirect", native(Kind::OneOf(&["manual", "follow"])), "Whether a redirect is followed. Default manual."),
        key("single", native(Kind::Object(&SINGLE)), "How one response alone is sent, where that differs."),
        key(
            "events",
            native(Kind::Some(&Kind::OneOf(EVENTS))),
            "What is sent beside the responses, to be counted: that a prompt came up, that it was closed before it was complete. Default none.",
        ),
        key(
            "values",
            Kind::MapOf(&Kind::Scalar),
            "The owner's own values, `config.*` in templates. Every visitor can read them.",
        ),
    ],
};

static METHODS: &[&str] = &["POST", "PUT", "PATCH"];
static ENCODINGS: &[&str] = &["json", "ndjson", "form", "text"];

static BATCH: Shape = Shape {
    name: doc("DeliveryBatch"),
    doc: doc("Several responses in one request."),
    open: false,
    keys: &[key("max", Kind::Whole(2, 100), "How many at most.").required()],
};

static STATUS: Shape = Shape {
    name: doc("DeliveryStatus"),
    doc: doc("What a status means."),
    open: false,
    keys: &[
        key("code", Kind::Whole(200, 599), "The status.").required(),
        key("contains", Kind::Text, "Only where the reply's text contains this."),
        key("means", Kind::OneOf(MEANINGS), "What it means for the response.").required(),
    ],
};

static MEANINGS: &[&str] = &["delivered", "duplicate", "retry", "hold", "reject"];

static OK_IF: Shape = Shape {
    name: doc("DeliveryOkIf"),
    doc: doc("A condition on the reply's JSON."),
    open: false,
    keys: &[
        key("path", Kind::Text, "The place in the reply: keys and indices with dots between.").required(),
        key("is", Kind::Scalar, "Equal."),
        key("not", Kind::Scalar, "There, and not equal."),
        key("in", Kind::List(&Kind::Scalar), "One of these."),
        key("contains", Kind::Scalar, "A text or a list that contains this."),
        key("gt", Kind::Number, "Greater."),
        key("gte", Kind::Number, "Greater or equal."),
        key("lt", Kind::Number, "Smaller."),
        key("lte", Kind::Number, "Smaller or equal."),
        key("exists", Kind::Bool, "There, or not there."),
        key("else", Kind::OneOf(MEANINGS), "What it means if the reply does not say so. Default hold."),
    ],
};

static ITEMS: Shape = Shape {
    name: doc("DeliveryItems"),
    doc: doc("Where the verdicts are; places are keys and indices with dots between."),
    open: false,
    keys: &[
        key("list", Kind::Text, "The place of the list in the reply. Without it the reply is the list."),
        key("id", Kind::Text, "The place of the response's id in an item. Without it items count by their order."),
        key("status", Kind::Text, "The place of a status in an item."),
        key("error", Kind::Text, "The place of an error in an item: where something is there, the item failed."),
        key(
            "means",
            Kind::MapOf(&Kind::OneOf(MEANINGS)),
            "What errors mean, by their text. An error that is not named is a retry.",
        ),
    ],
};

static SINGLE: Shape = Shape {
    name: doc("DeliverySingle"),
    doc: doc("How one response alone is sent. What is left out is as for several."),
    open: false,
    keys: &[
        key("url", Kind::Endpoint, "The endpoint. A template."),
        key("method", Kind::OneOf(METHODS), "The request's method."),
        key("headers", Kind::MapOf(&Kind::Text), "Headers."),
        key("encode", Kind::OneOf(ENCODINGS), "How the body is written."),
        key("body", Kind::Any, "The body, a template of the response's own members."),
    ],
};

static FREQUENCY: Shape = Shape {
    name: doc("Frequency"),
    doc: doc("How often a visitor may be asked."),
    open: false,
    keys: &[
        key("quiet", Kind::Duration, "After a popover came up by itself, no other does for so long. Default 30d."),
        key(
            "per_session",
            Kind::Whole(1, 100),
            "How many popovers come up in one session, which ends after half an hour without a page view. Default 1.",
        ),
        key(
            "shown",
            Kind::Duration,
            "A survey that was shown stays away for so long, whatever came of it. Default 0s.",
        ),
        key("declined", Kind::Duration, "A survey that was closed unanswered stays away for so long. Default 90d."),
        key("answered", Kind::Duration, "A survey that was answered stays away for so long. Default 180d."),
        key("later", Kind::Duration, "A survey put off with \"Ask me later\" stays away for so long. Default 7d."),
        key(
            "across",
            Kind::Object(&ACROSS),
            "How long every survey stays away after something happened with any of them.",
        ),
    ],
};

static ACROSS: Shape = Shape {
    name: doc("FrequencyAcross"),
    doc: doc("How long every survey stays away after something happened with any of them."),
    open: false,
    keys: &[
        key("declined", Kind::Duration, "After one was closed unanswered. Default 0s."),
        key("answered", Kind::Duration, "After one was answered. Default 0s."),
        key("later", Kind::Duration, "After one was put off with \"Ask me later\". Default 0s."),
    ],
};

static SURVEY_FREQUENCY: Shape = Shape {
    name: doc("SurveyFrequency"),
    doc: doc("How long this survey stays away, where that differs from the others."),
    open: false,
    keys: &[
        key("shown", Kind::Duration, "After it was shown, whatever came of it."),
        key("declined", Kind::Duration, "After it was closed unanswered."),
        key("answered", Kind::Duration, "After it was answered."),
        key("later", Kind::Duration, "After it was put off with \"Ask me later\"."),
    ],
};

static PRIVACY: Shape = Shape {
    name: doc("Privacy"),
    doc: doc("What is kept and sent, and whether the visitor is asked first."),
    open: false,
    keys: &[
        key(
            "consent",
            Kind::OneOf(&["not_needed", "required"]),
            "required: nothing is stored and nobody is asked before consent(\"granted\"). Default not_needed.",
        ),
        key(
            "signals",
            Kind::OneOf(&["honour", "ignore"]),
            "honour: under Global Privacy Control or Do Not Track a response carries no visitor. Default honour.",
        ),
        key(
            "page",
            Kind::OneOf(&["path", "full", "none"]),
            "How much of the page's address: without query and fragment (path), all, or none. Default path.",
        ),
        key("attributes", Kind::Some(&Kind::Text), "The visitor's attributes that may leave the device. Default none."),
        key(
            "mask",
            Kind::Some(&Kind::OneOf(&["emails", "numbers"])),
            "What is blotted out of free text before it is stored: e-mail addresses, numbers of 7 or more digits.",
        ),
    ],
};

static THEME: Shape = Shape {
    name: doc("Theme"),
    doc: doc("How prompts look."),
    open: false,
    keys: &[
        key(
            "scheme",
            Kind::OneOf(&["auto", "light", "dark"]),
            "Light, dark, or as the visitor's system has it. Default auto.",
        ),
        key("accent", Kind::Colour, "The colour of what is chosen and of the button."),
        key("light", Kind::Object(&COLOURS), "The colours of the light scheme."),
        key("dark", Kind::Object(&COLOURS), "The colours of the dark scheme."),
        key("radius", Kind::Length, "How round the corners are. Default .75em."),
        key("font", Kind::Text, "The font families, as in CSS. Default system-ui, sans-serif."),
        key(
            "density",
            Kind::OneOf(&["comfortable", "compact"]),
            "How much room there is between things. Default comfortable.",
        ),
        key("spacing", Kind::Length, "How much room there is inside the edge. Default 1.25em."),
    ],
};

static COLOURS: Shape = Shape {
    name: doc("Colours"),
    doc: doc("Colours of one scheme. What cannot be read is corrected when a prompt is drawn."),
    open: false,
    keys: &[
        key("accent", Kind::Colour, "The colour of what is chosen and of the button."),
        key("background", Kind::Colour, "The ground."),
        key("text", Kind::Colour, "The text; lines are mixed from it and the ground."),
    ],
};

static SURVEY: Shape = Shape {
    name: doc("Survey"),
    doc: doc("Some questions, and when to ask them."),
    open: false,
    keys: &[
        key("id", Kind::Id, "Its name in responses and in show().").required(),
        key("about", Kind::Localized, "What this one is about, where that differs."),
        key("ask", Kind::OneOf(METRICS), "A preset: score, reason and thanks in the metric's published wording."),
        key("questions", Kind::List(&Kind::Object(&QUESTION)), "Instead of a preset: the questions, one a screen."),
        key(
            "placement",
            Kind::OneOf(PLACEMENTS),
            "popover comes up over an edge of the page; inline stands in an <asklet-survey> slot; modal makes the page wait; sheet covers the lower edge; tab waits behind a button. Default popover.",
        ),
        key("position", Kind::OneOf(POSITIONS), "At which edge or corner of the window. Default bottom-end.").only(&("placement", &["popover", "tab", ABSENT])),
        key("beside", Kind::Text, "A CSS selector: beside that element, where it is in the page.").only(&("placement", &["popover", ABSENT])),
        key("interrupt", Kind::Bool, "Whether it may come up as a modal although the visitor did nothing that asked for it. Otherwise it is a popover then. Default false.").only(&("placement", &["modal"])),
        key("tab", Kind::Localized, "What the button says. Default \"Feedback\".").only(&("placement", &["tab"])),
        key("touchpoints", Kind::List(&Kind::Object(&TOUCHPOINT)), "When to ask; any one is enough.").required(),
        key("audience", Kind::Object(&AUDIENCE), "Whom to ask; all of it must fit."),
        key("frequency", Kind::Object(&SURVEY_FREQUENCY), "How long it stays away."),
        key(
            "priority",
            Kind::Whole(-100, 100),
            "Of several surveys whose moment has come the highest goes first; the others wait. Default 0.",
        ),
    ],
};

/// The kinds of touchpoint.
pub static ON: &[&str] = &["event", "page", "click", "visible", "scroll", "dwell", "idle", "exit_intent", "call"];
/// Those that come from something seen on a page.
const SEEN: &[&str] = &["event", "page", "click", "visible", "scroll", "dwell", "idle", "exit_intent"];

static TOUCHPOINT: Shape = Shape {
    name: doc("Touchpoint"),
    doc: doc("A moment at which to ask."),
    open: false,
    keys: &[
        key("on", Kind::OneOf(ON), "event: track() was called; page: a page was entered; click: an element was activated; visible: an element came into view; scroll: so far down the page; dwell: so long on the page; idle: so long without input; exit_intent: about to leave; call: only show() asks.").required(),
        key("name", Kind::Text, "The event's name.").required().only(&("on", &["event"])),
        key("where", Kind::List(&Kind::Object(&WHERE)), "Conditions on the event's properties; all must hold.").only(&("on", &["event"])),
        key("selector", Kind::Text, "A CSS selector. click: a click inside a matching element counts; visible: any matching element.").required().only(&("on", &["click", "visible"])),
        key("ratio", Kind::Fraction, "How much of the element must be in view, of it or of the window if it is larger. Default 0.5.").only(&("on", &["visible"])),
        key("for", Kind::Duration, "How long: in view at a stretch (visible, default 1s), on the page while it can be seen (dwell), without any input (idle).").needed(&("on", &["dwell", "idle"])).only(&("on", &["visible", "dwell", "idle"])),
        key("percent", Kind::Whole(1, 100), "How far down the page, in percent of its height.").required().only(&("on", &["scroll"])),
        key("pages", Kind::List(&PAGE), "On which pages: globs against the path, or the whole address if they begin with a scheme; ! excludes; or { \"regex\": ... } against the whole address.").only(&("on", SEEN)),
        key("nth", Kind::Whole(1, 1000), "Only the so-manieth time, counted on this device.").only(&("on", SEEN)),
        key("every", Kind::Whole(1, 1000), "Each so-manieth time, counted on this device.").only(&("on", SEEN)),
        key("after", Kind::Object(&AFTER), "Only after another event.").only(&("on", SEEN)),
        key("delay", Kind::Duration, "How long to wait before asking; goes on through navigation within the site.").only(&("on", SEEN)),
        key("cancel_on", Kind::List(&Kind::Text), "Events after which it is not asked any more, while it waits.").only(&("on", SEEN)),
        key("stage", Kind::Text, "The step of the customer journey, passed on with the response: awareness, consideration, decision, purchase, post_purchase, or your own word."),
    ],
};

static PAGE: Kind = Kind::Glob(&REGEX);

static REGEX: Shape = Shape {
    name: doc("Regex"),
    doc: doc("A regular expression instead of a glob."),
    open: false,
    keys: &[key("regex", Kind::Regex, "As in JavaScript; held against the whole address.").required()],
};

static AFTER: Shape = Shape {
    name: doc("After"),
    doc: doc("Another event that must have come before."),
    open: false,
    keys: &[
        key("event", Kind::Text, "Its name. One sighting serves one time.").required(),
        key("within", Kind::Duration, "At most so long before. Default: any time."),
        key(
            "measure",
            Kind::Bool,
            "Whether the time between is in the response, as turnaround_seconds. Default false.",
        ),
    ],
};

/// A condition on the value that `subject` names: that key, and the operators.
macro_rules! condition {
    ($name:literal, $doc:literal, $subject:literal, $of:literal) => {
        Shape {
            name: doc($name),
            doc: doc($doc),
            open: false,
            keys: &[
                key($subject, Kind::Text, $of).required(),
                key("is", Kind::Scalar, "Equal to this."),
                key("not", Kind::Scalar, "Not equal to this, or absent."),
                key("in", Kind::List(&Kind::Scalar), "One of these."),
                key("contains", Kind::Scalar, "A text that contains this, or a list that has it."),
                key("matches", Kind::Regex, "A text in which this regular expression finds something."),
                key("gt", Kind::Number, "Greater than this."),
                key("gte", Kind::Number, "This or greater."),
                key("lt", Kind::Number, "Smaller than this."),
                key("lte", Kind::Number, "This or smaller."),
                key("exists", Kind::Bool, "There (true) or absent (false)."),
            ],
        }
    };
}

static WHERE: Shape = condition!(
    "PropertyCondition",
    "A comparison of one property: `property` and one operator.",
    "property",
    "The property's name."
);
static ATTRIBUTE: Shape = condition!(
    "AttributeCondition",
    "A comparison of one attribute: `attribute` and one operator.",
    "attribute",
    "The attribute's name."
);
static PARAMETER: Shape = condition!(
    "ParameterCondition",
    "A comparison of one query parameter, a text: `parameter` and one operator.",
    "parameter",
    "The parameter's name."
);

static AUDIENCE: Shape = Shape {
    name: doc("Audience"),
    doc: doc("Whom to ask; all of it must fit."),
    open: false,
    keys: &[
        key("sample", Kind::Fraction, "The share of visitors. Each is drawn once for each survey: 0 never, 1 always."),
        key("devices", Kind::List(&Kind::OneOf(DEVICES)), "On which kinds of device."),
        key("languages", Kind::List(&Kind::Text), "The visitor's first language begins with one of these tags."),
        key(
            "attributes",
            Kind::List(&Kind::Object(&ATTRIBUTE)),
            "Conditions on what identify() and set() said; all must hold.",
        ),
        key("sessions", Kind::Object(&COUNT), "The number of this session on this device."),
        key("pages_seen", Kind::Object(&COUNT), "How many pages were seen on this device."),
        key("first_seen", Kind::Object(&AGO), "How long ago this device was first seen."),
        key(
            "referrer",
            Kind::List(&PAGE),
            "Where the visitor came from: globs against the whole address, or { \"regex\": ... }.",
        ),
        key(
            "query",
            Kind::List(&Kind::Object(&PARAMETER)),
            "Conditions on the address's query parameters; all must hold.",
        ),
        key("window", Kind::Object(&WINDOW), "At which time: days, weekdays, hours."),
    ],
};

static COUNT: Shape = Shape {
    name: doc("Count"),
    doc: doc("Bounds on a count; all must hold."),
    open: false,
    keys: &[
        key("is", Kind::Whole(0, 1_000_000), "Exactly this."),
        key("gt", Kind::Whole(0, 1_000_000), "More than this."),
        key("gte", Kind::Whole(0, 1_000_000), "This or more."),
        key("lt", Kind::Whole(0, 1_000_000), "Less than this."),
        key("lte", Kind::Whole(0, 1_000_000), "This or less."),
    ],
};

static AGO: Shape = Shape {
    name: doc("Ago"),
    doc: doc("Bounds on how long ago; all must hold."),
    open: false,
    keys: &[key("gte", Kind::Duration, "So long ago, or longer."), key("lt", Kind::Duration, "Less long ago.")],
};

static WINDOW: Shape = Shape {
    name: doc("Window"),
    doc: doc("When to ask: days, weekdays and hours on the clock of a time zone."),
    open: false,
    keys: &[
        key("from", Kind::Day, "The first day."),
        key("until", Kind::Day, "The last day."),
        key("weekdays", Kind::List(&Kind::OneOf(WEEKDAYS)), "On which weekdays."),
        key("hours", Kind::Object(&HOURS), "At which time of day."),
        key("zone", Kind::Zone, "Whose clock: a time zone of the IANA database. Default: the visitor's."),
    ],
};

/// The days of the week, as a config writes them.
pub static WEEKDAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

static HOURS: Shape = Shape {
    name: doc("Hours"),
    doc: doc("A time of day; past midnight if it ends before it begins."),
    open: false,
    keys: &[
        key("from", Kind::Time, "When it begins.").required(),
        key("until", Kind::Time, "When it is over.").required(),
    ],
};

static QUESTION: Shape = Shape {
    name: doc("Question"),
    doc: doc("One question, one screen."),
    open: false,
    keys: &[
        key("id", Kind::Id, "Its name in answers and conditions.").required(),
        key("kind", Kind::OneOf(KINDS), "nps: 0 to 10; csat: satisfaction; ces: effort; text: free text; choice: one of some options, or several; email: an address; consent: a box to tick; statement: no answer.").required(),
        key("text", Kind::Localized, "The question. Scales have the metric's published wording if it is left out; other wording is not comparable. A text then asks why, a statement thanks.").needed(&("kind", &["choice", "email", "consent"])),
        key("hint", Kind::Localized, "A line of explanation."),
        key("required", Kind::Bool, "Whether it cannot be passed over. Default true for scales, false for the others.").only(&("kind", &["nps", "csat", "ces", "text", "choice", "email", "consent"])),
        key("points", Kind::OneOfWhole(&[3, 5, 7]), "How many points: csat 3, 5 (default) or 7; ces 5 or 7 (default).").only(&("kind", &["csat", "ces"])),
        key("look", Kind::OneOf(&["numbers", "stars", "faces", "thumbs"]), "What the points look like; thumbs are two. Default numbers.").only(&("kind", &["csat"])),
        key("low", Kind::Localized, "What the lowest point is called.").only(&("kind", METRICS)),
        key("high", Kind::Localized, "What the highest point is called.").only(&("kind", METRICS)),
        key("options", Kind::List(&Kind::Object(&OPTION)), "What there is to choose from.").required().only(&("kind", &["choice"])),
        key("several", Kind::Bool, "Whether more than one can be chosen. Default false.").only(&("kind", &["choice"])),
        key("most", Kind::Whole(2, 30), "How many can be chosen at most.").only(&("kind", &["choice"])),
        key("other", Kind::Bool, "Whether there is a last option with a field to write in. Default false.").only(&("kind", &["choice"])),
        key("shuffle", Kind::Bool, "Whether each visitor sees the options in an order of their own; the response has it. Default false.").only(&("kind", &["choice"])),
        key("label", Kind::Localized, "What stands beside the box. Default \"Yes, I agree.\"").only(&("kind", &["consent"])),
        key("link", Kind::Object(&LINK), "A link to offer.").only(&("kind", &["statement", "consent"])),
        key("when", Kind::List(&Kind::Object(&WHEN)), "Conditions on earlier answers; all must hold."),
    ],
};

static OPTION: Shape = Shape {
    name: doc("Option"),
    doc: doc("Something to choose."),
    open: false,
    keys: &[
        key("id", Kind::Id, "Its name in answers and conditions.").required(),
        key("text", Kind::Localized, "What it is called.").required(),
    ],
};

static LINK: Shape = Shape {
    name: doc("Link"),
    doc: doc("A link."),
    open: false,
    keys: &[
        key("text", Kind::Localized, "What it is called.").required(),
        key("url", Kind::Link, "Where it leads: https, http, mailto or tel.").required(),
    ],
};

static WHEN: Shape = Shape {
    name: doc("AnswerCondition"),
    doc: doc("A comparison of one earlier answer: `question` and one operator."),
    open: false,
    keys: &[
        key("question", Kind::Id, "The id of an earlier question.").required(),
        key(
            "bucket",
            Kind::OneOf(&["promoter", "passive", "detractor", "satisfied", "neutral", "dissatisfied", "easy", "hard"]),
            "The part of the scale it belongs to.",
        ),
        key("is", Kind::Scalar, "Equal to this."),
        key("not", Kind::Scalar, "Not equal to this, or skipped."),
        key("in", Kind::List(&Kind::Scalar), "One of these."),
        key("contains", Kind::Scalar, "A text that contains this, or several options among which this is."),
        key("gt", Kind::Number, "Greater than this."),
        key("gte", Kind::Number, "This or greater."),
        key("lt", Kind::Number, "Smaller than this."),
        key("lte", Kind::Number, "This or smaller."),
        key("answered", Kind::Bool, "Answered (true) or skipped (false)."),
    ],
};
