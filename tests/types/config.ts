// Configs that are right, and mistakes that an editor marks.

import type { AnswerCondition, Config, PropertyCondition, Question, Survey, Touchpoint } from "asklet";

const delivery = { url: "https://collect.example/responses" };

const whole: Config = {
  $schema: "asklet.schema.json",
  about: { en: "Acme", de: "Acme" },
  delivery,
  locale: "auto",
  frequency: { quiet: "30d", per_session: 1, declined: "90d", answered: "180d" },
  privacy: { page: "path", attributes: ["plan"] },
  theme: { scheme: "auto", accent: "#3557d6" },
  surveys: [
    {
      id: "after-order",
      ask: "nps",
      placement: "popover",
      touchpoints: [
        {
          on: "event",
          name: "order_placed",
          where: [
            { property: "total", gte: 50 },
            { property: "country", in: ["AT", "DE"] },
            { property: "voucher", exists: false },
          ],
          pages: ["/thanks", "!/admin/**"],
          delay: "2s",
          stage: "purchase",
        },
      ],
      frequency: { declined: "365d" },
    },
    {
      id: "help",
      about: "this page",
      placement: "inline",
      touchpoints: [{ on: "page", pages: ["/help/**"] }, { on: "click", selector: ".was-this-helpful" }],
      questions: [
        { id: "score", kind: "csat", points: 3, low: "Bad", high: { en: "Good", de: "Gut" } },
        { id: "effort", kind: "ces", points: 5, required: false },
        { id: "again", kind: "nps", text: "Would you come back?" },
        {
          id: "why",
          kind: "text",
          text: "What was missing?",
          hint: "One sentence is enough.",
          required: true,
          when: [
            { question: "score", bucket: "dissatisfied" },
            { question: "effort", lte: 3 },
          ],
        },
        { id: "thanks", kind: "statement", text: "Thank you.", link: { text: "More help", url: "https://acme.example" } },
      ],
    },
    { id: "button", ask: "ces", touchpoints: [{ on: "call", stage: "support" }] },
  ],
};

// A config may be frozen.
const frozen = { delivery, surveys: [{ id: "a", ask: "nps", touchpoints: [{ on: "page" }] }] } as const satisfies Config;

// @ts-expect-error: where do answers go?
const homeless: Config = { surveys: [] };
// @ts-expect-error: an unknown key
const audience: Config = { delivery, surveys: [], audience: {} };
// @ts-expect-error: no such duration
const fortnight: Config = { delivery, surveys: [], frequency: { quiet: "2w" } };
// @ts-expect-error: a number is no duration
const number: Config = { delivery, surveys: [], frequency: { quiet: 30 } };
// @ts-expect-error: no such scheme
const sepia: Config = { delivery, surveys: [], theme: { scheme: "sepia" } };

const touchpoints: [Touchpoint] = [{ on: "page" }];
// @ts-expect-error: asks nothing
const silent: Survey = { id: "s", touchpoints };
// @ts-expect-error: a preset or questions, not both
const both: Survey = { id: "s", touchpoints, ask: "nps", questions: [{ id: "q", kind: "nps" }] };
// @ts-expect-error: no such preset
const preset: Survey = { id: "s", touchpoints, ask: "nsp" };
// @ts-expect-error: never asked
const never: Survey = { id: "s", touchpoints: [], ask: "nps" };
// @ts-expect-error: no such placement in this version
const modal: Survey = { id: "s", touchpoints, ask: "nps", placement: "modal" };

// @ts-expect-error: which event?
const nameless: Touchpoint = { on: "event" };
// @ts-expect-error: which element?
const nowhere: Touchpoint = { on: "click" };
// @ts-expect-error: a selector is for clicks
const mixed: Touchpoint = { on: "page", selector: ".x" };
// @ts-expect-error: no such touchpoint in this version
const scroll: Touchpoint = { on: "scroll" };
// @ts-expect-error: show() does not wait
const waiting: Touchpoint = { on: "call", delay: "2s" };

// @ts-expect-error: a text needs its text
const text: Question = { id: "q", kind: "text" };
// @ts-expect-error: no such number of points
const points: Question = { id: "q", kind: "csat", points: 4 };
// @ts-expect-error: ces has 5 or 7
const three: Question = { id: "q", kind: "ces", points: 3 };
// @ts-expect-error: an NPS scale has 11
const eleven: Question = { id: "q", kind: "nps", points: 11 };
// @ts-expect-error: nothing to require
const must: Question = { id: "q", kind: "statement", text: "Hello", required: true };

// @ts-expect-error: no operator
const bare: PropertyCondition = { property: "total" };
// @ts-expect-error: two operators; write two conditions
const between: PropertyCondition = { property: "total", gt: 1, lt: 5 };
// @ts-expect-error: greater than a text?
const words: PropertyCondition = { property: "total", gt: "1" };
// @ts-expect-error: no such bucket
const bucket: AnswerCondition = { question: "score", bucket: "promotor" };
// @ts-expect-error: events have no buckets
const event: PropertyCondition = { property: "total", bucket: "promoter" };

export { whole, frozen, homeless, audience, fortnight, number, sepia, silent, both, preset, never, modal };
export { nameless, nowhere, mixed, scroll, waiting, text, points, three, eleven, must };
export { bare, between, words, bucket, event };
