// Configs that are right, and mistakes that an editor marks.

import type {
  Answer,
  AnswerCondition,
  Audience,
  Colours,
  Config,
  EventDocument,
  ParameterCondition,
  Placement,
  Position,
  PropertyCondition,
  Question,
  ResponseDocument,
  Survey,
  Touchpoint,
} from "asklet";

const delivery = { url: "https://collect.example/responses" };

const whole: Config = {
  $schema: "asklet.schema.json",
  about: { en: "Acme", de: "Acme" },
  delivery,
  locale: "auto",
  frequency: {
    quiet: "30d",
    per_session: 1,
    shown: "1d",
    declined: "90d",
    answered: "180d",
    later: "7d",
    across: { declined: "14d", answered: "30d", later: "1d" },
  },
  privacy: { consent: "required", signals: "honour", page: "path", attributes: ["plan"], mask: ["emails", "numbers"] },
  theme: {
    scheme: "auto",
    accent: "#3557d6",
    light: { accent: "#17604a", background: "#fff", text: "#222222" },
    dark: { text: "#eee" },
    radius: ".5em",
    font: "Georgia, serif",
    density: "compact",
    spacing: "16px",
  },
  shortcut: "F8",
  surveys: [
    {
      id: "after-order",
      ask: "nps",
      placement: "popover",
      position: "top-start",
      beside: "#total",
      touchpoints: [
        {
          on: "event",
          name: "order_placed",
          where: [
            { property: "total", gte: 50 },
            { property: "country", in: ["AT", "DE"] },
            { property: "voucher", exists: false },
            { property: "coupon", matches: "^SUMMER" },
          ],
          pages: ["/thanks", "!/admin/**", { regex: "[?&]order=\\d+" }],
          nth: 3,
          after: { event: "basket_opened", within: "1d", measure: true },
          delay: "2s",
          cancel_on: ["order_cancelled"],
          stage: "purchase",
        },
      ],
      audience: {
        sample: 0.25,
        devices: ["desktop", "tablet", "mobile"],
        languages: ["en", "de-AT"],
        attributes: [{ attribute: "plan", in: ["team", "pro"] }],
        sessions: { gte: 3 },
        pages_seen: { gt: 1, lte: 100 },
        first_seen: { gte: "30d", lt: "365d" },
        referrer: ["https://*.example/**", { regex: "^https://" }],
        query: [{ parameter: "utm_source", is: "newsletter" }],
        window: {
          from: "2026-11-23",
          until: "2026-12-24",
          weekdays: ["mon", "fri"],
          hours: { from: "09:00", until: "17:30" },
          zone: "Europe/Vienna",
        },
      },
      frequency: { shown: "1d", declined: "365d", answered: "365d", later: "3d" },
      priority: -10,
    },
    {
      id: "moments",
      ask: "csat",
      touchpoints: [
        { on: "visible", selector: "#pricing", ratio: 0.8, for: "5s", every: 2 },
        { on: "scroll", percent: 75, pages: ["/blog/**"] },
        { on: "dwell", for: "30s", delay: "1s" },
        { on: "idle", for: "1m", after: { event: "searched" } },
        { on: "exit_intent", nth: 2 },
      ],
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
    { id: "feedback", ask: "csat", placement: "tab", position: "bottom", tab: { en: "Tell us" }, touchpoints: [{ on: "page" }] },
    { id: "wait", ask: "csat", placement: "modal", interrupt: true, touchpoints: [{ on: "page" }] },
    {
      id: "kinds",
      placement: "sheet",
      touchpoints: [{ on: "call" }],
      questions: [
        { id: "like", kind: "csat", look: "thumbs", low: "No", high: "Yes" },
        { id: "stars", kind: "csat", look: "stars", points: 5 },
        {
          id: "from",
          kind: "choice",
          text: "Where from?",
          options: [
            { id: "friend", text: { en: "A friend", de: "Freunde" } },
            { id: "ad", text: "{campaign|An} ad" },
          ],
          other: true,
          shuffle: true,
          required: true,
        },
        {
          id: "what",
          kind: "choice",
          text: "What?",
          options: [
            { id: "price", text: "The price" },
            { id: "size", text: "The size" },
            { id: "colour", text: "The colour" },
          ],
          several: true,
          most: 2,
          when: [{ question: "from", is: "friend" }],
        },
        { id: "why", kind: "text", when: [{ question: "what", contains: "price" }] },
        { id: "mail", kind: "email", text: "Your address?", required: true },
        {
          id: "ok",
          kind: "consent",
          text: "May we write to you?",
          label: "You may",
          link: { text: "How we keep it", url: "https://acme.example/privacy" },
          when: [{ question: "mail", answered: true }],
        },
        { id: "end", kind: "statement", link: { text: "More help", url: "https://acme.example" } },
      ],
    },
  ],
};

// Put together elsewhere.
const position: Position = "top";
const corner: Survey = { id: "c", ask: "nps", touchpoints: [{ on: "page" }], placement: "popover", position };
const plain: Survey = { id: "c", ask: "nps", touchpoints: [{ on: "page" }], beside: "#price" };
const flags = (several: boolean): Question => ({
  id: "q",
  kind: "choice",
  text: "?",
  options: [{ id: "a", text: "A" }],
  several,
});

// A config may be frozen.
const posted: Config = {
  delivery: {
    url: "https://store.example/{{config.table}}/{{id}}",
    method: "PUT",
    headers: { authorization: "Bearer {{config.key}}" },
    encode: "ndjson",
    batch: { max: 20 },
    body: { "#each": "{{records}}", as: "r", do: { id: "{{r.id}}", points: ["{{r.score|int}}", 7, true, null] } },
    status: [{ code: 409, means: "duplicate" }, { code: 500, contains: "E11000", means: "duplicate" }],
    ok_if: { path: "routed", is: true, else: "hold" },
    items: { list: "items", id: "_id", status: "status", error: "error.type", means: { conflict: "duplicate" } },
    redirect: "follow",
    single: { url: "/one", body: "{{comment}}" },
    values: { table: "responses", key: "public" },
  },
  surveys: [],
};
const handed: Config = { delivery: { send: async ({ id, score }) => (id && score ? "duplicate" : true) }, surveys: [] };
const tell = (record: ResponseDocument | EventDocument) => ("event" in record ? void record.at : void record.score);
const tallied: Config = { delivery: { events: ["shown"], send: tell }, surveys: [] };
const told: Config = { delivery: { url: "/r", events: ["shown", "dismissed"] }, surveys: [] };
// @ts-expect-error: no such event
const clicked: Config = { delivery: { url: "/r", events: ["clicked"] }, surveys: [] };
// @ts-expect-error: no such method
const got: Config = { delivery: { url: "/r", method: "GET" }, surveys: [] };
// @ts-expect-error: either
const either: Config = { delivery: { url: "/r", send: () => {} }, surveys: [] };
// @ts-expect-error: no such meaning
const meant: Config = { delivery: { url: "/r", status: [{ code: 409, means: "again" }] }, surveys: [] };
void [posted, handed, tallied, told, clicked, got, either, meant];
const frozen = { delivery, surveys: [{ id: "a", ask: "nps", touchpoints: [{ on: "page" }] }] } as const satisfies Config;

// @ts-expect-error: where do answers go?
const homeless: Config = { surveys: [] };
// @ts-expect-error: each survey has its own
const audience: Config = { delivery, surveys: [], audience: {} };
// @ts-expect-error: no such choice
const consent: Config = { delivery, surveys: [], privacy: { consent: "granted" } };
// @ts-expect-error: no such thing to mask
const mask: Config = { delivery, surveys: [], privacy: { mask: ["names"] } };
// @ts-expect-error: no survey is shown across
const across: Config = { delivery, surveys: [], frequency: { across: { shown: "1d" } } };
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
// @ts-expect-error: no such placement
const banner: Survey = { id: "s", touchpoints, ask: "nps", placement: "banner" };
// @ts-expect-error: no such edge
const left: Survey = { id: "s", touchpoints, ask: "nps", placement: "popover", position: "left" };
// @ts-expect-error: a sheet has its place
const placed: Survey = { id: "s", touchpoints, ask: "nps", placement: "sheet", position: "top" };
// @ts-expect-error: a tab is at an edge
const beside: Survey = { id: "s", touchpoints, ask: "nps", placement: "tab", beside: "#price" };
// @ts-expect-error: only a modal interrupts
const interrupt: Survey = { id: "s", touchpoints, ask: "nps", placement: "popover", interrupt: true };
// @ts-expect-error: no tab here
const label: Survey = { id: "s", touchpoints, ask: "nps", placement: "inline", tab: "Tell us" };
// @ts-expect-error: no such density
const dense: Config = { delivery, surveys: [], theme: { density: "dense" } };
// @ts-expect-error: a length has a unit
const radius: Config = { delivery, surveys: [], theme: { radius: "4" } };
// @ts-expect-error: no such unit here
const spacing: Config = { delivery, surveys: [], theme: { spacing: "10%" } };
// @ts-expect-error: a colour is #rgb or #rrggbb
const ground: Colours = { background: "white" };
// @ts-expect-error: one of the two schemes
const contrast: Config = { delivery, surveys: [], theme: { contrast: { text: "#000" } } };

// @ts-expect-error: which event?
const nameless: Touchpoint = { on: "event" };
// @ts-expect-error: which element?
const nowhere: Touchpoint = { on: "click" };
// @ts-expect-error: a selector is for clicks
const mixed: Touchpoint = { on: "page", selector: ".x" };
// @ts-expect-error: how far?
const scroll: Touchpoint = { on: "scroll" };
// @ts-expect-error: how long?
const dwell: Touchpoint = { on: "dwell" };
// @ts-expect-error: no such touchpoint
const hover: Touchpoint = { on: "hover" };
// @ts-expect-error: either, or
const counted: Touchpoint = { on: "page", nth: 2, every: 2 };
// @ts-expect-error: after which event?
const after: Touchpoint = { on: "page", after: { within: "1d" } };
// @ts-expect-error: on no page at all?
const nowhereAtAll: Touchpoint = { on: "page", pages: [] };
// @ts-expect-error: a regular expression is written as a text
const regex: Touchpoint = { on: "page", pages: [{ regex: /help/ }] };
// @ts-expect-error: show() does not wait
const waiting: Touchpoint = { on: "call", delay: "2s" };

// @ts-expect-error: a count has no duration
const visits: Audience = { sessions: { gte: "3d" } };
// @ts-expect-error: no such day of the week
const weekday: Audience = { window: { weekdays: ["monday"] } };
// @ts-expect-error: until when?
const hours: Audience = { window: { hours: { from: "09:00" } } };
// @ts-expect-error: no such device
const watch: Audience = { devices: ["watch"] };
// @ts-expect-error: which parameter?
const parameter: ParameterCondition = { property: "utm_source", is: "mail" };

// @ts-expect-error: which address, and what for?
const mail: Question = { id: "q", kind: "email" };
// @ts-expect-error: consent to what?
const blind: Question = { id: "q", kind: "consent" };
// @ts-expect-error: nothing to choose from
const empty: Question = { id: "q", kind: "choice", text: "?", options: [] };
// @ts-expect-error: an option has an id and a text
const option: Question = { id: "q", kind: "choice", text: "?", options: ["Yes", "No"] };
// @ts-expect-error: of one there is no most
const most: Question = { id: "q", kind: "choice", text: "?", options: [{ id: "a", text: "A" }], most: 2 };
// @ts-expect-error: thumbs are two
const thumbs: Question = { id: "q", kind: "csat", look: "thumbs", points: 3 };
// @ts-expect-error: no such look
const hearts: Question = { id: "q", kind: "csat", look: "hearts" };
// @ts-expect-error: an NPS scale is numbers
const stars: Question = { id: "q", kind: "nps", look: "stars" };
// @ts-expect-error: no box here
const boxless: Question = { id: "q", kind: "text", label: "Yes" };
// @ts-expect-error: links are for statements and consents
const linked: Question = { id: "q", kind: "text", link: { text: "x", url: "https://x" } };
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

export { whole, frozen, homeless, audience, consent, mask, across, fortnight, number, sepia };
// What an endpoint receives.
const response = {
  id: "0198f0a0-7c1e-7b3a-9d5e-1f2a3b4c5d6e",
  revision: 2,
  status: "complete",
  survey: "kinds",
  touchpoint: { on: "event", name: "order_placed", stage: "purchase" },
  answers: [
    { question: "like", kind: "csat", value: 2, points: 2, bucket: "satisfied" },
    { question: "from", kind: "choice", value: "other", other: "A book", shown: ["ad", "friend"] },
    { question: "what", kind: "choice", value: ["price", "size"] },
    { question: "mail", kind: "email", value: "name@acme.example" },
    { question: "ok", kind: "consent", value: false },
  ],
  metric: "csat",
  score: 2,
  shown_at: "2026-11-22T13:00:00.000Z",
  answered_at: "2026-11-22T13:00:07.412Z",
  placement: "sheet",
  visitor: { attributes: { plan: "pro", seats: 3 } },
} satisfies ResponseDocument;
const read = ({ answers }: ResponseDocument) => answers.map(({ value }) => (Array.isArray(value) ? value.join() : value));
const taken: ResponseDocument["answers"] = [];
const places: Placement[] = ["popover", "inline", "modal", "sheet", "tab"];
// @ts-expect-error: a statement takes no answer
const answered: Answer = { question: "end", kind: "statement", value: true };
// @ts-expect-error: a list of ids
const numbers: Answer = { question: "what", kind: "choice", value: [1, 2] };
// @ts-expect-error: no scale has four points
const four: Answer = { question: "like", kind: "csat", value: 2, points: 4 };

export { corner, plain, flags, banner, left, placed, beside, interrupt, label, dense, radius, spacing, ground, contrast };
export { mail, blind, empty, option, most, thumbs, hearts, stars, boxless, linked };
export { response, read, taken, places, answered, numbers, four };
export { silent, both, preset, never, visits, weekday, hours, watch, parameter };
export { nameless, nowhere, mixed, scroll, dwell, hover, counted, after, nowhereAtAll, regex, waiting };
export { points, three, eleven, must };
export { bare, between, words, bucket, event };
