// Types of Asklet: the module `asklet`, and `window.asklet` of the script tag.

// --- the configuration ----------------------------------------------------------------------------------------

/** A span of time: a whole number and `s`, `m`, `h` or `d`, such as `"2s"`, `"12h"`, `"30d"`. */
export type Duration = `${number}${"s" | "m" | "h" | "d"}`;

/** A text, or the same text by language tag: `{ en: "Thank you", de: "Danke" }`. */
export type Text = string | { [language: string]: string };

/** What a condition can compare with. */
export type Scalar = string | number | boolean;

/** Exactly one of the keys of `T`. */
type One<T> = { [K in keyof T]: { [P in K]: T[P] } & { [P in Exclude<keyof T, K>]?: never } }[keyof T];

/** The comparisons that conditions share. */
interface Comparisons {
  /** Equal to this. */
  is: Scalar;
  /** Not equal to this, or not there. */
  not: Scalar;
  /** One of these. */
  in: readonly [Scalar, ...Scalar[]];
  /** A text that contains this, or a list that has it. */
  contains: Scalar;
  /** Greater than this. */
  gt: number;
  /** This or greater. */
  gte: number;
  /** Smaller than this. */
  lt: number;
  /** This or smaller. */
  lte: number;
}

/** A comparison of one of an event's properties: `{ property: "total", gte: 50 }`. */
export type PropertyCondition = {
  /** The property's name. */
  property: string;
} & One<
  Comparisons & {
    /** There (`true`) or absent (`false`). */
    exists: boolean;
  }
>;

/** The part of its scale that an answer belongs to. */
export type Bucket =
  "promoter" | "passive" | "detractor" | "satisfied" | "neutral" | "dissatisfied" | "easy" | "hard";

/** A comparison of an earlier answer: `{ question: "score", bucket: "detractor" }`. */
export type AnswerCondition = {
  /** The id of an earlier question. */
  question: string;
} & One<
  Comparisons & {
    /** The part of the scale it belongs to. */
    bucket: Bucket;
    /** Answered (`true`) or skipped (`false`). */
    answered: boolean;
  }
>;

/** The steps of the customer journey, or a word of your own. It travels with the response. */
export type Stage =
  "awareness" | "consideration" | "decision" | "purchase" | "post_purchase" | (string & {});

interface TouchpointCommon {
  /** The step of the customer journey. */
  stage?: Stage;
}

interface TouchpointOnPages extends TouchpointCommon {
  /**
   * On which pages: globs against the path, or against the whole address if they begin with a scheme. `*` is any run
   * without a slash, `**` any run, and `!` in front excludes.
   */
  pages?: readonly string[];
  /** How long to wait before asking. */
  delay?: Duration;
}

/** Asks when `track(name)` is called. */
export interface EventTouchpoint extends TouchpointOnPages {
  on: "event";
  /** The event's name. */
  name: string;
  /** Conditions on the event's properties; all must hold. */
  where?: readonly PropertyCondition[];
}

/** Asks when a page is entered: at its load, or by navigation within it. */
export interface PageTouchpoint extends TouchpointOnPages {
  on: "page";
}

/** Asks when an element is activated. */
export interface ClickTouchpoint extends TouchpointOnPages {
  on: "click";
  /** A CSS selector; a click inside a matching element counts. */
  selector: string;
}

/** Asks only when `show()` is called. */
export interface CallTouchpoint extends TouchpointCommon {
  on: "call";
}

/** A moment at which to ask. */
export type Touchpoint = EventTouchpoint | PageTouchpoint | ClickTouchpoint | CallTouchpoint;

interface QuestionCommon {
  /** Its name in answers and conditions: letters, digits, `_` and `-`. */
  id: string;
  /** A line of explanation. */
  hint?: Text;
  /** Conditions on earlier answers under which it is asked; all must hold. */
  when?: readonly AnswerCondition[];
}

interface ScaleCommon extends QuestionCommon {
  /** The question. Left out, it is the metric's published wording, which alone is comparable with others. */
  text?: Text;
  /** Whether it cannot be passed over. `true` unless told otherwise. */
  required?: boolean;
  /** What the lowest point is called. */
  low?: Text;
  /** What the highest point is called. */
  high?: Text;
}

/** Net Promoter Score: 0 to 10. */
export interface NpsQuestion extends ScaleCommon {
  kind: "nps";
}

/** Customer satisfaction. */
export interface CsatQuestion extends ScaleCommon {
  kind: "csat";
  /** How many points; 5 unless told otherwise. */
  points?: 3 | 5 | 7;
}

/** Customer effort score. */
export interface CesQuestion extends ScaleCommon {
  kind: "ces";
  /** How many points; 7 unless told otherwise. */
  points?: 5 | 7;
}

/** A free text. */
export interface TextQuestion extends QuestionCommon {
  kind: "text";
  /** The question. */
  text: Text;
  /** Whether it cannot be passed over. `false` unless told otherwise. */
  required?: boolean;
}

/** Something that is said, with a link if you like. It takes no answer. */
export interface Statement extends QuestionCommon {
  kind: "statement";
  /** What is said. */
  text: Text;
  /** A link to offer: https, http, mailto or tel. */
  link?: { text: Text; url: string };
}

/** One question, one screen. */
export type Question = NpsQuestion | CsatQuestion | CesQuestion | TextQuestion | Statement;

/** A metric, and the preset that asks for it: score, reason, thanks. */
export type Metric = "nps" | "csat" | "ces";

interface SurveyCommon {
  /** Its name in responses and in `show()`: letters, digits, `_` and `-`. */
  id: string;
  /** What this survey is about, where that differs from the others. */
  about?: Text;
  /**
   * `popover` (unless told otherwise) comes up over a corner of the page; `inline` stands in the page, in
   * `<asklet-survey survey="ID">`.
   */
  placement?: "popover" | "inline";
  /** When to ask; any one is enough. */
  touchpoints: readonly [Touchpoint, ...Touchpoint[]];
  /** How long this survey stays away, where that differs from the others. */
  frequency?: {
    /** After it was closed unanswered. */
    declined?: Duration;
    /** After it was answered. */
    answered?: Duration;
  };
}

/** Some questions, and when to ask them. */
export type Survey = SurveyCommon &
  One<{
    /** A preset in the metric's published wording: score, reason, thanks. */
    ask: Metric;
    /** The questions, one a screen. */
    questions: readonly [Question, ...Question[]];
  }>;

/** What Asklet asks, when, and where the answers go. */
export interface Config {
  /** Where the schema is, for editors. */
  $schema?: string;
  /** What is asked about: fills `{about}` in the presets' wording. */
  about?: Text;
  /** Where answers go. */
  delivery: {
    /** The collection endpoint: https, or a path on the page's own site. Everything in a config is public. */
    url: string;
  };
  /** The language to ask in, or `"auto"`: the page's, then the browser's. */
  locale?: string;
  /** How often a visitor may be asked. */
  frequency?: {
    /** After any popover was shown, none comes up for so long. 30 days unless told otherwise. */
    quiet?: Duration;
    /** How many popovers come up in one session, which ends after half an hour without a page view. 1. */
    per_session?: number;
    /** A survey that was closed unanswered stays away for so long. 90 days. */
    declined?: Duration;
    /** A survey that was answered stays away for so long. 180 days. */
    answered?: Duration;
  };
  /** What a response may say of the page and the visitor. While something is wrong here, nobody is asked. */
  privacy?: {
    /** How much of the page's address: without query and fragment (`path`, the default), all, or none. */
    page?: "path" | "full" | "none";
    /** The visitor's attributes that may leave the device. None unless named. */
    attributes?: readonly string[];
  };
  /** How prompts look. */
  theme?: {
    /** Light, dark, or as the visitor's system has it. */
    scheme?: "auto" | "light" | "dark";
    /** The colour of what is chosen and of the button: `#3557d6`. */
    accent?: `#${string}`;
  };
  /** The surveys. One that is wrong never stops the others. */
  surveys: readonly Survey[];
}

// --- events ---------------------------------------------------------------------------------------------------

/** What is known of a response on its way. */
export interface Delivery {
  /** The response's id, a UUIDv7 made on the device. */
  id: string;
  /** The survey's id. */
  survey: string;
  /** Which state of the response it is. */
  revision: number;
  /** How far the visitor came. */
  status: "complete" | "partial";
}

/** One rule of how often a visitor may be asked, and whether it lets the survey be asked now. */
export interface Verdict {
  rule: "answered" | "declined" | "quiet" | "per_session";
  holds: boolean;
  /** When it will hold, in milliseconds since 1970, where time alone decides. */
  next?: number;
}

/** What happens, by type: the `detail` of the DOM events `asklet:<type>`, which are dispatched on `document`. */
export interface Events {
  /** The widget is here and has read the config. */
  ready: { version: string };
  /** A touchpoint was met. `delay` is in milliseconds. */
  eligible: { survey: string; delay: number };
  /** A survey was not asked: because of `rules`, or for another `reason`. */
  suppressed: { survey: string; rules: Verdict[] } | { survey: string; reason: "no_slot" | "no_endpoint" | "covered" };
  /** A prompt came up. `id` is the response's, should there be one. */
  shown: {
    survey: string;
    id: string;
    placement: "popover" | "inline";
    touchpoint: { on: Touchpoint["on"]; name?: string; stage?: string };
  };
  /** A question was answered, and the answer is safe on the device (or in memory, where storage is blocked). */
  answered: { survey: string; id: string; question: string; value: Scalar };
  /** Every question that was due was answered or passed over. */
  completed: { survey: string };
  /** A prompt was closed before that: by its button, by Escape, or by `close()`. */
  dismissed: { survey: string; id: string; reason: "close" | "escape" | "done" | "call" | "gone" };
  /** A response waits in the outbox. */
  queued: Delivery;
  /** The endpoint has it. */
  delivered: Delivery;
  /** The endpoint refuses it, or it failed while others got through, or it is too old. It is kept on the device and not tried again. */
  parked: Delivery;
  /** It had to give way, since too many waited. */
  evicted: Delivery;
  /** Something is wrong with the page's use of Asklet, and said once on the console too. */
  error: {
    message: string;
    /** What is wrong in the config, each with its place: `surveys[0].touchpoints[1].delay`. */
    problems?: { path: string; message: string }[];
  };
}

// --- the outbox -----------------------------------------------------------------------------------------------

/** What waits on this device. Times are milliseconds since 1970. */
export interface Outbox {
  /** Responses that are still to be sent; `due` is when the next attempt is, `attempts` counts those made. */
  waiting: (Delivery & { at: number; due: number; attempts: number })[];
  /** Responses that the endpoint refuses: why, and the HTTP status of its answer. */
  parked: { id: string; survey: string; reason: string; status: number; at: number }[];
  /** Whether answers outlive the browser. `false` where storage is blocked. */
  durable: boolean;
  /** Counts of all time on this device: `enqueued` is the sum of the others. */
  books: Record<"enqueued" | "delivered" | "waiting" | "parked" | "evicted", number>;
}

// --- methods --------------------------------------------------------------------------------------------------

/** What an event's properties and a visitor's attributes can be. */
export type Properties = { [name: string]: unknown };

/** Starts Asklet, or starts it anew with another configuration. What is wrong in it is reported, never thrown. */
export function configure(config: Config): void;
/** Says that something happened: `track("order_placed", { total: 99 })`. Touchpoints listen. */
export function track(name: string, properties?: Properties): void;
/** Says who the visitor is. The id leaves with responses; of the attributes only those that the config names. */
export function identify(id: string, attributes?: Properties): void;
/** Adds to what is known of the visitor. */
export function set(attributes: Properties): void;
/** Forgets who the visitor is: for sign-out. */
export function reset(): void;
/**
 * Asks now, because the visitor asked to be asked: how often they may be asked does not count, and the focus moves
 * into the prompt. Rejects if the widget cannot be loaded.
 */
export function show(survey: string): Promise<void>;
/** Closes the prompt that is open over the page. */
export function close(): void;
/** What waits on this device. `undefined` after `destroy()`. Rejects if the widget cannot be loaded. */
export function outbox(): Promise<Outbox | undefined>;
/** Tries now to send what waits. Resolves when all was tried. Rejects if the widget cannot be loaded. */
export function flush(): Promise<void>;
/** Calls `listener` at each event of this type; returns a function that stops it. */
export function on<Type extends keyof Events>(type: Type, listener: (detail: Events[Type]) => void): () => void;
/**
 * Takes everything back: nodes, listeners, timers. What waits on the device stays there. After that every method does
 * nothing, until `configure()` is called.
 */
export function destroy(): void;
/** Makes calls written as lists, `["track", "order_placed"]`: what a page does before the script has loaded. */
export function push(...calls: Call[]): void;
/** Asklet's version. */
export const version: string;

/** The methods of `window.asklet`. */
export interface Asklet {
  configure: typeof configure;
  track: typeof track;
  identify: typeof identify;
  set: typeof set;
  reset: typeof reset;
  show: typeof show;
  close: typeof close;
  outbox: typeof outbox;
  flush: typeof flush;
  on: typeof on;
  destroy: typeof destroy;
  push: typeof push;
  readonly version: string;
}

/** A call written as a list: the method's name, then its arguments. */
export type Call =
  | { [M in Exclude<keyof Asklet, "version" | "on" | "push">]: [method: M, ...args: Parameters<Asklet[M]>] }[Exclude<
      keyof Asklet,
      "version" | "on" | "push"
    >]
  | { [T in keyof Events]: [method: "on", type: T, listener: (detail: Events[T]) => void] }[keyof Events];

declare global {
  interface Window {
    /**
     * Asklet; before its script has loaded, the list of calls that it is to make:
     * `(window.asklet ||= []).push(["track", "order_placed"])`. That line works after loading too.
     */
    asklet?: Asklet | Call[];
  }

  interface DocumentEventMap extends EventsOnDocument {}
}

/** The same events for `document.addEventListener("asklet:shown", ...)`. */
type EventsOnDocument = { [T in keyof Events as `asklet:${T}`]: CustomEvent<Events[T]> };
