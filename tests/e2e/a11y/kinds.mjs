// What the accessibility suite asks: every kind of question, in every placement, in two directions.

/** How a text of the owner's is written: by default in the two languages of the two directions. */
const both = (en, ar) => ({ en, ar });

const option = (words) => (id, en, ar) => ({ id, text: words(en, ar) });

/** Every kind of question. */
export const kinds = (words = both) => {
  const link = { text: words("Our privacy policy", "سياسة الخصوصية"), url: "https://acme.example/privacy" };
  const options = [
    ["price", "The price", "السعر"],
    ["delivery", "How fast it was delivered, and in which state", "سرعة التوصيل وحالة الطلب عند وصوله"],
    ["range", "The range", "تنوع المنتجات"],
    ["advice", "Advice", "المشورة"],
  ].map((row) => option(words)(...row));
  const satisfied = words("How satisfied are you with Acme?", "ما مدى رضاك عن أكمي؟");
  const easy = words("Acme made it easy for me to handle my issue.", "سهّلت أكمي عليّ حل مشكلتي.");
  return {
    nps: { kind: "nps", text: words("How likely is it that you would recommend Acme?", "ما مدى احتمال أن توصي بأكمي؟") },
    csat3: { kind: "csat", points: 3, text: satisfied },
    csat5: { kind: "csat", points: 5, text: satisfied },
    csat7: { kind: "csat", points: 7, text: satisfied },
    stars: { kind: "csat", look: "stars", text: satisfied },
    faces: { kind: "csat", look: "faces", text: satisfied },
    thumbs: { kind: "csat", look: "thumbs", text: satisfied },
    ces5: { kind: "ces", points: 5, text: easy },
    ces7: { kind: "ces", points: 7, text: easy },
    text: { kind: "text", text: words("What is the main reason?", "ما السبب الرئيسي؟"), hint: words("In a few words.", "باختصار.") },
    choice: { kind: "choice", options, other: true, text: words("What mattered most?", "ما الأهم بالنسبة لك؟") },
    several: { kind: "choice", several: true, most: 3, options, other: true, text: words("What did you like?", "ما الذي أعجبك؟") },
    email: { kind: "email", text: words("Where may we write to you?", "أين يمكننا مراسلتك؟") },
    consent: { kind: "consent", link, text: words("May we quote you?", "هل يمكننا الاقتباس منك؟") },
    statement: { kind: "statement", link, text: words("Thank you for your time.", "شكرًا على وقتك.") },
  };
};

export const PLACEMENTS = ["popover", "inline", "modal", "sheet", "tab"];

/**
 * Every kind, and what comes up on the way: `survey` to ask, and what to do (`reach`) until the screen is there. A statement
 * follows on something.
 */
export const screens = [
  ...Object.keys(kinds()).map((kind) => ({ name: kind, survey: kind, reach: kind == "statement" ? ["choose", "go"] : [] })),
  { name: "choice, other", survey: "choice", reach: ["other"] },
  { name: "nps, left empty", survey: "nps", reach: ["go"] },
  { name: "several, left empty", survey: "several-required", reach: ["go"] },
  { name: "email, left empty", survey: "email-required", reach: ["go"] },
  { name: "choice, second of three", survey: "choice-second", reach: ["choose", "go"] },
  { name: "text, second of three", survey: "text-second", reach: ["choose", "go"] },
];

/** The surveys of these screens. */
export const surveys = (placement, words = both) => {
  const first = { id: "first", kind: "csat", points: 3, text: words("Well?", "حسنًا؟") };
  const last = { id: "last", kind: "text" };
  return [...new Set(screens.map(({ survey }) => survey))].map((id) => {
    const [kind, more] = id.split("-");
    const question = { id: "q", ...kinds(words)[kind], ...(more == "required" && { required: true }) };
    const questions = { statement: [first, question], second: [first, question, last] }[more ?? kind] ?? [question];
    return { id, placement, touchpoints: [{ on: "call" }], questions };
  });
};

/** A survey of one kind, required, and a word of thanks; its touchpoints are still to come. */
export const asked = (kind) => {
  const required = !["text", "email", "consent"].includes(kind);
  const last = { id: "last", kind: "statement", text: "That was all." };
  return { id: kind, questions: [{ id: "q", ...kinds()[kind], ...(required && { required }) }, last] };
};

/** A config with these surveys, which asks as often as it is told to. */
export const config = (surveys, more = {}) => ({
  about: "Acme",
  delivery: { url: "/responses" },
  frequency: { quiet: "1s", per_session: 100 },
  surveys,
  ...more,
});
