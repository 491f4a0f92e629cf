// How values read in the panel. Pure.

const UNITS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
];

/** A span of time, in its largest unit: "3 d", "90 s". Halves round up; below a second it is "0 s". */
export const span = (ms) => {
  const [size, unit] = UNITS.find(([size]) => ms >= 2 * size) ?? UNITS.at(-1);
  return `${Math.round(ms / size)} ${unit}`;
};

/** A moment on the visitor's clock; `seconds` for one of today's. */
export const moment = (at, seconds = false) =>
  new Date(at).toLocaleString("en-GB", seconds ? { timeStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" });

/** When a rule will hold: "14 Jan 2027, 09:30, in 3 d". */
export const next = (at, now) =>
  at === undefined ? "" : `${moment(at)}, ${at > now ? `in ${span(at - now)}` : "now"}`;

/** No number below this is a moment: 2001. */
const MOMENTS = 1e12;
/** Rules that want a span of time since something. */
const WAITS = /^(answered|declined|later|shown|quiet)(_across)?$/;

/** What a rule wants or found, in words. */
export const value = (rule, what) => {
  if (what === undefined || what === null) return "";
  if (typeof what === "number") return what >= MOMENTS ? moment(what) : WAITS.test(rule) ? span(what) : String(what);
  if (typeof what === "string") return what;
  if (Array.isArray(what)) return what.map((item) => value(rule, item)).join(", ");
  if (typeof what !== "object") return String(what);
  return Object.entries(what)
    .map(([key, item]) => `${key} ${value(rule, item)}`)
    .join(", ");
};

/** The rule's name, with the touchpoint that it belongs to. */
export const ruleName = ({ rule, touchpoint }) =>
  touchpoint === undefined || touchpoint === null ? rule : `touchpoints[${touchpoint}]: ${rule}`;

/** A survey's explanation in a word or two. */
export const verdict = ({ asks, rules }) => {
  const against = rules.filter(({ holds }) => !holds).length;
  return asks ? "would be asked" : `not asked: ${against} ${against === 1 ? "rule does" : "rules do"} not hold`;
};

/** What an event's detail says, for the list of events. */
export const eventSays = ({ survey, rules, reason, delay, question, value, status, message, version }) => {
  const against = rules?.filter(({ holds }) => !holds).map(ruleName);
  const parts = [
    survey,
    question && `${question} ${value}`,
    reason,
    delay ? `in ${span(delay)}` : undefined,
    against?.length ? `because of ${against.join(", ")}` : undefined,
    status,
    message,
    version,
  ];
  return parts.filter((part) => part !== undefined && part !== "").join(": ");
};

/** What the outbox holds. */
export const outboxSays = ({ waiting, parked, durable, books }) =>
  [
    `${waiting.length} waiting, ${parked.length} parked.`,
    `Of ${books.enqueued} ever: ${books.delivered} delivered, ${books.evicted} evicted.`,
    ...(durable ? [] : ["Storage is blocked: they last as long as this page."]),
  ].join(" ");
