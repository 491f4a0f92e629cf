import { question } from "./kinds.js";
import { THEMES } from "./themes.js";
import { sayIn } from "./words.js";

/** Asklet's config for what the controls say. */
export function config({ kind, placement, position, beside, scheme, lang, theme, questions }) {
  const say = sayIn(lang);
  const survey = { id: "gallery", placement, touchpoints: [{ on: "call" }] };
  if (position && position != "bottom-end") survey.position = position;
  if (beside) survey.beside = "#beside";
  survey.questions = (questions == "3" ? amidOthers(kind) : [["answer", kind]]).map(([id, kind]) => ({
    id,
    ...question(kind, say),
  }));
  if (kind == "statement" && questions != "3") survey.questions.push(NEVER);
  return {
    about: "Marrowby",
    locale: lang,
    delivery: { url: "/responses" },
    theme: { scheme, ...THEMES[theme] },
    surveys: [survey],
  };
}

// A survey has to ask something, so a statement alone is none. This comes after an answer that nobody can give.
const NEVER = { id: "never", kind: "text", when: [{ question: "answer", answered: true }] };

const amidOthers = (kind) => [
  ["before", kind == "nps" ? "csat5" : "nps"],
  ["answer", kind],
  ["after", kind == "text" ? "ces7" : "text"],
];
