//! The built-in texts.

/// Every text that is built into a prompt, in one language.
///
/// Places in braces are filled when the text is shown.
pub struct Wording {
    /// The language, a BCP 47 tag.
    pub language: &'static str,
    /// Names the prompt's region.
    pub region: &'static str,
    /// Read out when a prompt comes up. `{question}`.
    pub announcement: &'static str,
    /// Names the close button.
    pub close: &'static str,
    /// The button that goes on to another question.
    pub next: &'static str,
    /// The button that gives the last answer.
    pub submit: &'static str,
    /// The button that closes the prompt at the end.
    pub done: &'static str,
    /// The button that passes over a question.
    pub skip: &'static str,
    /// The button that puts off the questions.
    pub ask_later: &'static str,
    /// The button that refuses every question, for good.
    pub ask_never: &'static str,
    /// What is said when the prompt was closed.
    pub closed: &'static str,
    /// What is said when the questions were put off.
    pub later: &'static str,
    /// What is said when every question was refused.
    pub never: &'static str,
    /// The button that takes a close, a putting off or a refusal back.
    pub undo: &'static str,
    /// Read out after one of those.
    pub undo_key: &'static str,
    /// Describes a scale. `{low}`, `{low_label}`, `{high}`, `{high_label}`.
    pub range: &'static str,
    /// What to do when a scale was left empty. `{low}`, `{high}`.
    pub choose: &'static str,
    /// What to do when a text that is required was left empty.
    pub write: &'static str,
    /// The answer is being stored.
    pub saving: &'static str,
    /// The answer is safe on this device, or at the endpoint.
    pub saved: &'static str,
    /// The answer is safe on this device and will be sent.
    pub kept: &'static str,
    /// The answer has reached the endpoint.
    pub sent: &'static str,
    /// The answer is in this page's memory only.
    pub unsaved: &'static str,
    /// Nothing is stored: this is a preview.
    pub preview: &'static str,
    /// The NPS question. `{about}`.
    pub nps: &'static str,
    /// The CSAT question. `{about}`.
    pub csat: &'static str,
    /// The CES question. `{about}`.
    pub ces: &'static str,
    /// Asks why, after a score.
    pub reason: &'static str,
    /// The end.
    pub thanks: &'static str,
    /// The ends of the NPS scale.
    pub likely: [&'static str; 2],
    /// The points of the CSAT scale of 7; those of 5 and 3 are chosen from them.
    pub satisfied: [&'static str; 7],
    /// The points of the CES scale of 7; those of 5 are chosen from them.
    pub agree: [&'static str; 7],
}

/// English. The questions are those that define the metrics: NPS as in Reichheld, "The One Number You
/// Need to Grow" (2003), CES 2.0 as published by CEB (2013).
pub static ENGLISH: Wording = Wording {
    language: "en",
    region: "Feedback",
    announcement: "Feedback question: {question} Press F6 to answer.",
    close: "Close feedback",
    next: "Next",
    submit: "Submit",
    done: "Done",
    skip: "Skip",
    ask_later: "Ask me later",
    ask_never: "Don't ask again",
    closed: "Feedback closed.",
    later: "You will be asked another time.",
    never: "You will not be asked again.",
    undo: "Undo",
    undo_key: "Press F6 to undo.",
    range: "{low} is {low_label}, {high} is {high_label}.",
    choose: "Choose a number from {low} to {high}.",
    write: "Write an answer, or close the question.",
    saving: "Saving your answer …",
    saved: "Your answer is saved.",
    kept: "Your answer is saved on this device and will be sent when the connection is back.",
    sent: "Your answer has been sent.",
    unsaved: "Your answer could not be saved on this device. Keep this page open until it has been sent.",
    preview: "Preview: nothing is saved or sent.",
    nps: "How likely is it that you would recommend {about} to a friend or colleague?",
    csat: "How satisfied are you with {about}?",
    ces: "To what extent do you agree or disagree: {about} made it easy for me to handle my issue.",
    reason: "What is the main reason for your answer?",
    thanks: "Thank you for your answer.",
    likely: ["Not at all likely", "Extremely likely"],
    satisfied: [
        "Very dissatisfied",
        "Dissatisfied",
        "Somewhat dissatisfied",
        "Neither satisfied nor dissatisfied",
        "Somewhat satisfied",
        "Satisfied",
        "Very satisfied",
    ],
    agree: [
        "Strongly disagree",
        "Disagree",
        "Somewhat disagree",
        "Neither agree nor disagree",
        "Somewhat agree",
        "Agree",
        "Strongly agree",
    ],
};
