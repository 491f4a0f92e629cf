//! The one definition of the config.

use super::shape::{Kind, Shape, doc, key};

/// The metrics.
pub static METRICS: &[&str] = &["nps", "csat", "ces"];
/// The kinds of question.
pub static KINDS: &[&str] = &["nps", "csat", "ces", "text", "statement"];
/// Where a prompt can stand.
pub static PLACEMENTS: &[&str] = &["popover", "inline"];

/// The config as a whole.
pub static CONFIG: Shape = Shape {
    name: "Config",
    doc: doc("What Asklet asks, when, and where the answers go."),
    open: false,
    keys: &[
        key("$schema", Kind::Text, "Where the schema is, for editors."),
        key("about", Kind::Localized, "What is asked about: fills {about} in the presets' wording."),
        key("delivery", Kind::Object(&DELIVERY), "Where answers go.").required(),
        key("locale", Kind::Text, "The language to ask in, or \"auto\": the page's, then the browser's."),
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

static DELIVERY: Shape = Shape {
    name: "Delivery",
    doc: doc("Where answers go."),
    open: false,
    keys: &[key("url", Kind::Endpoint, "The collection endpoint, https or a path on the page's own site.").required()],
};

static FREQUENCY: Shape = Shape {
    name: "Frequency",
    doc: doc("How often a visitor may be asked."),
    open: false,
    keys: &[
        key("quiet", Kind::Duration, "After a popover came up by itself, no other does for so long. Default 30d."),
        key(
            "per_session",
            Kind::Whole(1, 100),
            "How many popovers come up in one session, which ends after half an hour without a page view. Default 1.",
        ),
        key("declined", Kind::Duration, "A survey that was closed unanswered stays away for so long. Default 90d."),
        key("answered", Kind::Duration, "A survey that was answered stays away for so long. Default 180d."),
    ],
};

static SURVEY_FREQUENCY: Shape = Shape {
    name: "SurveyFrequency",
    doc: doc("How long this survey stays away, where that differs from the others."),
    open: false,
    keys: &[
        key("declined", Kind::Duration, "After it was closed unanswered."),
        key("answered", Kind::Duration, "After it was answered."),
    ],
};

static PRIVACY: Shape = Shape {
    name: "Privacy",
    doc: doc("What a response may say of the page and the visitor."),
    open: false,
    keys: &[
        key(
            "page",
            Kind::OneOf(&["path", "full", "none"]),
            "How much of the page's address: without query and fragment (path), all, or none. Default path.",
        ),
        key("attributes", Kind::Some(&Kind::Text), "The visitor's attributes that may leave the device. Default none."),
    ],
};

static THEME: Shape = Shape {
    name: "Theme",
    doc: doc("How prompts look."),
    open: false,
    keys: &[
        key(
            "scheme",
            Kind::OneOf(&["auto", "light", "dark"]),
            "Light, dark, or as the visitor's system has it. Default auto.",
        ),
        key("accent", Kind::Colour, "The colour of what is chosen and of the button."),
    ],
};

static SURVEY: Shape = Shape {
    name: "Survey",
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
            "popover comes up over a corner of the page; inline stands in an <asklet-survey> slot. Default popover.",
        ),
        key("touchpoints", Kind::List(&Kind::Object(&TOUCHPOINT)), "When to ask; any one is enough.").required(),
        key("frequency", Kind::Object(&SURVEY_FREQUENCY), "How long it stays away."),
    ],
};

static TOUCHPOINT: Shape = Shape {
    name: "Touchpoint",
    doc: doc("A moment at which to ask."),
    open: false,
    keys: &[
        key("on", Kind::OneOf(&["event", "page", "click", "call"]), "event: track() was called; page: a page was entered; click: an element was activated; call: only show() asks.").required(),
        key("name", Kind::Text, "The event's name.").required().only("on", &["event"]),
        key("where", Kind::List(&Kind::Object(&WHERE)), "Conditions on the event's properties; all must hold.").only("on", &["event"]),
        key("selector", Kind::Text, "A CSS selector; a click inside a matching element counts.").required().only("on", &["click"]),
        key("pages", Kind::List(&Kind::Text), "Globs against the path, or the whole address if they begin with a scheme; ! excludes.").only("on", &["event", "page", "click"]),
        key("delay", Kind::Duration, "How long to wait before asking.").only("on", &["event", "page", "click"]),
        key("stage", Kind::Text, "The step of the customer journey, passed on with the response: awareness, consideration, decision, purchase, post_purchase, or your own word."),
    ],
};

static WHERE: Shape = Shape {
    name: "PropertyCondition",
    doc: doc("A comparison of one property: `property` and one operator."),
    open: false,
    keys: &[
        key("property", Kind::Text, "The property's name.").required(),
        key("is", Kind::Scalar, "Equal to this."),
        key("not", Kind::Scalar, "Not equal to this, or absent."),
        key("in", Kind::List(&Kind::Scalar), "One of these."),
        key("contains", Kind::Scalar, "A text that contains this, or a list that has it."),
        key("gt", Kind::Number, "Greater than this."),
        key("gte", Kind::Number, "This or greater."),
        key("lt", Kind::Number, "Smaller than this."),
        key("lte", Kind::Number, "This or smaller."),
        key("exists", Kind::Bool, "There (true) or absent (false)."),
    ],
};

static QUESTION: Shape = Shape {
    name: "Question",
    doc: doc("One question, one screen."),
    open: false,
    keys: &[
        key("id", Kind::Id, "Its name in answers and conditions.").required(),
        key("kind", Kind::OneOf(KINDS), "nps: 0 to 10; csat: satisfaction; ces: effort; text: free text; statement: no answer.").required(),
        key("text", Kind::Localized, "The question. Scales have the metric's published wording if it is left out; other wording is not comparable.").needed("kind", &["text", "statement"]),
        key("hint", Kind::Localized, "A line of explanation."),
        key("required", Kind::Bool, "Whether it cannot be passed over. Default true for scales, false for texts.").only("kind", &["nps", "csat", "ces", "text"]),
        key("points", Kind::OneOfWhole(&[3, 5, 7]), "How many points: csat 3, 5 (default) or 7; ces 5 or 7 (default).").only("kind", &["csat", "ces"]),
        key("low", Kind::Localized, "What the lowest point is called.").only("kind", METRICS),
        key("high", Kind::Localized, "What the highest point is called.").only("kind", METRICS),
        key("link", Kind::Object(&LINK), "A link to offer.").only("kind", &["statement"]),
        key("when", Kind::List(&Kind::Object(&WHEN)), "Conditions on earlier answers; all must hold."),
    ],
};

static LINK: Shape = Shape {
    name: "Link",
    doc: doc("A link."),
    open: false,
    keys: &[
        key("text", Kind::Localized, "What it is called.").required(),
        key("url", Kind::Link, "Where it leads: https, http, mailto or tel.").required(),
    ],
};

static WHEN: Shape = Shape {
    name: "AnswerCondition",
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
        key("contains", Kind::Scalar, "A text that contains this."),
        key("gt", Kind::Number, "Greater than this."),
        key("gte", Kind::Number, "This or greater."),
        key("lt", Kind::Number, "Smaller than this."),
        key("lte", Kind::Number, "This or smaller."),
        key("answered", Kind::Bool, "Answered (true) or skipped (false)."),
    ],
};
