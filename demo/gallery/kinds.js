import * as texts from "./texts.js";

const options = (say, texts) => Object.entries(texts).map(([id, text]) => ({ id, text: say(text) }));
const link = (say, text) => ({ text: say(text), url: new URL("/help", location.href).href });

/** Each kind as a config has it. Where the widget has words of its own, these are shown. */
const KINDS = {
  nps: () => ({ kind: "nps" }),
  csat3: () => ({ kind: "csat", points: 3 }),
  csat5: () => ({ kind: "csat", points: 5 }),
  csat7: () => ({ kind: "csat", points: 7 }),
  stars: () => ({ kind: "csat", look: "stars" }),
  faces: () => ({ kind: "csat", look: "faces" }),
  thumbs: () => ({ kind: "csat", look: "thumbs" }),
  ces5: () => ({ kind: "ces", points: 5 }),
  ces7: () => ({ kind: "ces", points: 7 }),
  text: () => ({ kind: "text" }),
  choice: (say) => ({
    kind: "choice",
    text: say(texts.obstacle),
    options: options(say, texts.obstacles),
    other: true,
  }),
  several: (say) => ({
    kind: "choice",
    text: say(texts.goods),
    options: options(say, texts.allGoods),
    other: true,
    several: true,
    most: 3,
  }),
  email: (say) => ({ kind: "email", text: say(texts.email), hint: say(texts.emailHint) }),
  consent: (say) => ({ kind: "consent", text: say(texts.consent), link: link(say, texts.consentLink) }),
  statement: (say) => ({ kind: "statement", link: link(say, texts.helpLink) }),
};

/** A question of that kind, without an id. `say` chooses among the languages of a text. */
export const question = (kind, say) => KINDS[kind](say);
