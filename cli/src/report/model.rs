//! What the report says, before it is drawn.

/// The whole page.
pub struct Report {
    /// What stands at the top.
    pub title: String,
    /// The day of the first answer, `2026-01-03`; empty where none is dated.
    pub from: String,
    /// The day of the last one.
    pub to: String,
    /// When it was made.
    pub made_at: String,
    /// Responses of all surveys.
    pub responses: u64,
    /// What is to be borne in mind: bad rows.
    pub notes: Vec<String>,
    /// The surveys.
    pub surveys: Vec<Survey>,
    /// Whether it is served, and responses can be marked as replied.
    pub live: bool,
}

/// One survey.
pub struct Survey {
    /// Its id.
    pub id: String,
    /// Its responses.
    pub responses: u64,
    /// Its questions with a scale.
    pub scales: Vec<Scale>,
    /// Rates and spans of time.
    pub figures: Vec<Figure>,
    /// What became of prompts, where that was counted.
    pub asked: Option<Asked>,
    /// Comments, in the order in which they are shown.
    pub comments: Vec<Comment>,
    /// How many there are, shown or not.
    pub comments_in_all: u64,
}

/// What became of prompts.
pub struct Asked {
    /// Prompts that came up.
    pub shown: u64,
    /// Responses on the days on which prompts were counted.
    pub answered: u64,
    /// Prompts that were closed, by reason.
    pub dismissed: Vec<(String, u64)>,
}

/// A question with a scale.
pub struct Scale {
    /// Its id.
    pub question: String,
    /// `nps`, `csat` or `ces`.
    pub metric: &'static str,
    /// How many points the scale has.
    pub points: i64,
    /// The lowest point.
    pub low: i64,
    /// What the answers come to; the first is the headline.
    pub figures: Vec<Figure>,
    /// How often each point was chosen, the lowest first.
    pub counts: Vec<u64>,
    /// How many in each part of the scale, the best first.
    pub buckets: [(&'static str, u64); 3],
    /// The figures by week or month, stage, touchpoint and language.
    pub splits: Vec<Split>,
    /// What is to be borne in mind.
    pub notes: Vec<String>,
}

/// A question's figures by something.
pub struct Split {
    /// `week`, `month`, `stage`, `touchpoint` or `locale`.
    pub by: &'static str,
    /// The parts.
    pub slices: Vec<Slice>,
}

/// One part.
pub struct Slice {
    /// `2026-W03`, a stage, ...
    pub label: String,
    /// Its figures, as the whole has them.
    pub figures: Vec<Figure>,
}

/// A figure, as `asklet score` prints it.
pub use asklet::core::score::Figure;

/// What somebody wrote, and what is known of the answer.
#[derive(Clone)]
pub struct Comment {
    /// The response's id; may be empty.
    pub id: String,
    /// What was written; empty where somebody only wants to be contacted.
    pub text: String,
    /// The first point that was chosen.
    pub score: Option<i64>,
    /// `promoter` ... `hard`, or empty.
    pub bucket: &'static str,
    /// The day and minute.
    pub answered_at: String,
    /// The stage of the journey.
    pub stage: String,
    /// What asked.
    pub touchpoint: String,
    /// The language.
    pub locale: String,
    /// An address, or `allowed`; empty where nothing was said.
    pub contact: String,
    /// The day on which it was marked as replied.
    pub replied_at: Option<String>,
}
