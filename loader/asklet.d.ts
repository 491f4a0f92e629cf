// Types of Asklet: the module `asklet`, and `window.asklet` of the script tag.

// --- the configuration ----------------------------------------------------------------------------------------

/** A span of time: a whole number and `s`, `m`, `h` or `d`, such as `"2s"`, `"12h"`, `"30d"`. */
export type Duration = `${number}${"s" | "m" | "h" | "d"}`;

/** A day: `"2026-11-22"`. */
export type Day = `${number}-${number}-${number}`;

/** A time of day: `"09:00"`. */
export type Time = `${number}:${number}`;

/**
 * A text, or the same text by language tag: `{ en: "Thank you", de: "Danke" }`. `{about}` in it stands for what is asked about,
 * `{since|a while}` for the visitor's attribute `since`, or else for what is written after the bar.
 */
export type Text = string | { [language: string]: string };

/** A colour: `"#rgb"` or `"#rrggbb"`. */
export type Colour = `#${string}`;

/** A CSS length: `"4px"`, `".5em"`, `"1rem"`, `"0"`. */
export type Length = "0" | `${number}${"px" | "em" | "rem"}`;

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

/** The comparisons of what a page says: `exists` and `matches` too. */
type PageComparison = One<
  Comparisons & {
    /** A text in which this regular expression finds something. */
    matches: string;
    /** There (`true`) or absent (`false`). */
    exists: boolean;
  }
>;

/** A comparison of one of an event's properties: `{ property: "total", gte: 50 }`. */
export type PropertyCondition = {
  /** The property's name. */
  property: string;
} & PageComparison;

/** A comparison of one of the visitor's attributes, as `identify()` and `set()` said: `{ attribute: "plan", is: "pro" }`. */
export type AttributeCondition = {
  /** The attribute's name. */
  attribute: string;
} & PageComparison;

/** A comparison of one of the address's query parameters, which are texts: `{ parameter: "utm_source", is: "mail" }`. */
export type ParameterCondition = {
  /** The parameter's name. */
  parameter: string;
} & PageComparison;

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
    /** Answered (`true`) or skipped (`false`). A box that is not ticked is an answer. */
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

/**
 * A glob against the path, or against the whole address if it begins with a scheme: `*` is any run without a slash, `**`
 * any run, and `!` in front excludes. Or a regular expression as in JavaScript, against the whole address, fragment
 * included.
 */
export type PageRule = string | { regex: string };

/** Another event that must have come before. */
export interface After {
  /** Its name. One sighting serves one time. */
  event: string;
  /** At most so long before. Any time unless told. */
  within?: Duration;
  /** Whether the time between is in the response, as `turnaround_seconds`. `false` unless told otherwise. */
  measure?: boolean;
}

type TouchpointOnPages = TouchpointCommon & {
  /** On which pages the signal counts: some rule fits, if there is any but excludes, and no exclude does. */
  pages?: readonly [PageRule, ...PageRule[]];
  /** Only after another event. */
  after?: After;
  /** How long to wait before asking. It goes on through navigation within the site. */
  delay?: Duration;
  /** Events after which it is not asked any more, while it waits. */
  cancel_on?: readonly [string, ...string[]];
} & (
    | {
        /** Only the n-th time, counted on this device: 1 to 1000. */
        nth?: number;
        every?: never;
      }
    | {
        nth?: never;
        /** Each n-th time, counted on this device: 1 to 1000. */
        every?: number;
      }
  );

/** Asks when `track(name)` is called. */
export type EventTouchpoint = TouchpointOnPages & {
  on: "event";
  /** The event's name. */
  name: string;
  /** Conditions on the event's properties; all must hold. */
  where?: readonly [PropertyCondition, ...PropertyCondition[]];
};

/** Asks when a page is entered: at its load, or by navigation within it. */
export type PageTouchpoint = TouchpointOnPages & {
  on: "page";
};

/** Asks when an element is activated. */
export type ClickTouchpoint = TouchpointOnPages & {
  on: "click";
  /** A CSS selector; a click inside a matching element counts. */
  selector: string;
};

/** Asks when an element has come into view. */
export type VisibleTouchpoint = TouchpointOnPages & {
  on: "visible";
  /** A CSS selector; any matching element counts. */
  selector: string;
  /** How much of it must be in view, 0 to 1, of it or of the window if it is larger. 0.5 unless told otherwise. */
  ratio?: number;
  /** For how long at a stretch, while the tab can be seen. `"1s"` unless told otherwise. */
  for?: Duration;
};

/** Asks when the visitor has scrolled so far down the page. */
export type ScrollTouchpoint = TouchpointOnPages & {
  on: "scroll";
  /** In percent of its height: 1 to 100. */
  percent: number;
};

/** Asks when the page has been looked at for so long. */
export type DwellTouchpoint = TouchpointOnPages & {
  on: "dwell";
  /** For how long, all in all; in a hidden tab no time passes. */
  for: Duration;
};

/** Asks when the visitor has done nothing for so long. */
export type IdleTouchpoint = TouchpointOnPages & {
  on: "idle";
  /** For how long, at a stretch, while the tab can be seen. */
  for: Duration;
};

/** Asks when the mouse leaves the window by its upper edge; on touch screens, at a fast scroll upwards. */
export type ExitIntentTouchpoint = TouchpointOnPages & {
  on: "exit_intent";
};

/** Asks only when `show()` is called. */
export interface CallTouchpoint extends TouchpointCommon {
  on: "call";
}

/** A moment at which to ask. */
export type Touchpoint =
  | EventTouchpoint
  | PageTouchpoint
  | ClickTouchpoint
  | VisibleTouchpoint
  | ScrollTouchpoint
  | DwellTouchpoint
  | IdleTouchpoint
  | ExitIntentTouchpoint
  | CallTouchpoint;

/** Bounds on a count; all that are given must hold. */
export interface Count {
  /** Exactly this. */
  is?: number;
  /** More than this. */
  gt?: number;
  /** This or more. */
  gte?: number;
  /** Less than this. */
  lt?: number;
  /** This or less. */
  lte?: number;
}

/** When to ask: days, weekdays and hours on the clock of a time zone. */
export interface TimeWindow {
  /** The first day. */
  from?: Day;
  /** The last day. */
  until?: Day;
  /** On which weekdays. */
  weekdays?: readonly [Weekday, ...Weekday[]];
  /** From a time of day until another, at which it is over; past midnight if that is the earlier one. */
  hours?: { from: Time; until: Time };
  /** Whose clock: an IANA time zone, such as `"Europe/Vienna"`. The visitor's own unless told. */
  zone?: string;
}

/** A day of the week. */
export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/** Whom to ask; all of it must fit. */
export interface Audience {
  /** The share of visitors, each drawn once for each survey: 0 never, 1 always. */
  sample?: number;
  /** On what. */
  devices?: readonly [Device, ...Device[]];
  /** The visitor's first language begins with one of these tags. */
  languages?: readonly [string, ...string[]];
  /** Conditions on what `identify()` and `set()` said; all must hold. */
  attributes?: readonly [AttributeCondition, ...AttributeCondition[]];
  /** The number of this session on this device; 1 is the first. */
  sessions?: Count;
  /** How many pages were seen on this device, this one included. */
  pages_seen?: Count;
  /** How long ago this device was first seen. */
  first_seen?: {
    /** So long ago, or longer. */
    gte?: Duration;
    /** Less long ago. */
    lt?: Duration;
  };
  /** The page that led here: globs against its whole address, or regular expressions. */
  referrer?: readonly [PageRule, ...PageRule[]];
  /** Conditions on the address's query parameters; all must hold. */
  query?: readonly [ParameterCondition, ...ParameterCondition[]];
  /** When. */
  window?: TimeWindow;
}

/** A kind of device. */
export type Device = "desktop" | "tablet" | "mobile";

interface QuestionCommon {
  /** Its name in answers and conditions: letters, digits, `_` and `-`. Each once in a survey. */
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
export type CsatQuestion = ScaleCommon & { kind: "csat" } & (
    | {
        /** How many points; 5 unless told otherwise. */
        points?: 3 | 5 | 7;
        /** What the points look like; `numbers` unless told otherwise. */
        look?: "numbers" | "stars" | "faces";
      }
    | {
        /** Two thumbs: down is 1, up is 2. */
        look: "thumbs";
        points?: never;
      }
  );

/** Customer effort score. */
export interface CesQuestion extends ScaleCommon {
  kind: "ces";
  /** How many points; 7 unless told otherwise. */
  points?: 5 | 7;
}

/** A free text. */
export interface TextQuestion extends QuestionCommon {
  kind: "text";
  /** The question. Left out, it asks for the main reason. */
  text?: Text;
  /** Whether it cannot be passed over. `false` unless told otherwise. */
  required?: boolean;
}

/** Something to choose. */
export interface ChoiceOption {
  /** Its name in answers and conditions: letters, digits, `_` and `-`; not `other`. Each once in a question. */
  id: string;
  /** What it is called. */
  text: Text;
}

/** One of some options, or several. */
export type ChoiceQuestion = QuestionCommon & {
  kind: "choice";
  /** The question. */
  text: Text;
  /** Whether it cannot be passed over. `false` unless told otherwise. */
  required?: boolean;
  /** What there is to choose from. */
  options: readonly [ChoiceOption, ...ChoiceOption[]];
  /** Whether there is a last option, with the id `other`, that has a field to write in. `false` unless told otherwise. */
  other?: boolean;
  /** Whether each visitor sees the options in an order of their own; the response has it. `false` unless told otherwise. */
  shuffle?: boolean;
} & (
    | {
        /** Whether more than one can be chosen. `false` unless told otherwise. */
        several?: false;
        most?: never;
      }
    | {
        several: true;
        /** How many at most: 2 to 30. All unless told. */
        most?: number;
      }
  );

/** An e-mail address. */
export interface EmailQuestion extends QuestionCommon {
  kind: "email";
  /** The question: say what the address is for. */
  text: Text;
  /** Whether it cannot be passed over. `false` unless told otherwise. */
  required?: boolean;
}

/** A box to tick. The answer is `true` or `false`. */
export interface ConsentQuestion extends QuestionCommon {
  kind: "consent";
  /** What it is about. */
  text: Text;
  /** What stands beside the box: "Yes, I agree." unless told otherwise. */
  label?: Text;
  /** Whether one has to tick it to go on. `false` unless told otherwise. */
  required?: boolean;
  /** Where to read more. */
  link?: Link;
}

/** A link that opens in a new tab. */
export interface Link {
  /** What it is called. */
  text: Text;
  /** Where it leads: https, http, mailto or tel. */
  url: string;
}

/** Something that is said, with a link if you like. It takes no answer. */
export interface Statement extends QuestionCommon {
  kind: "statement";
  /** What is said. Left out, it says thanks. */
  text?: Text;
  /** A link to offer. What happy visitors are offered, the others must be offered too. */
  link?: Link;
}

/** One question, one screen. */
export type Question =
  | NpsQuestion
  | CsatQuestion
  | CesQuestion
  | TextQuestion
  | ChoiceQuestion
  | EmailQuestion
  | ConsentQuestion
  | Statement;

/** A metric, and the preset that asks for it: score, reason, thanks. */
export type Metric = "nps" | "csat" | "ces";

/** Where a prompt can stand. */
export type Placement = "popover" | "inline" | "modal" | "sheet" | "tab";

/** At which edge or corner of the window; start is where lines begin. */
export type Position = "bottom-end" | "bottom" | "bottom-start" | "top-end" | "top" | "top-start";

/** Where a survey stands, and what belongs to that. */
type Placed =
  | {
      /** It comes up over a corner of the page, unless told otherwise; on a narrow screen as a sheet. */
      placement?: "popover";
      /** `bottom-end` unless told otherwise. */
      position?: Position;
      /** A CSS selector: beside that element, where it is in the page; else at `position`. */
      beside?: string;
      interrupt?: never;
      tab?: never;
    }
  | {
      /** `inline` stands in the page, in `<asklet-survey survey="ID">`; `sheet` covers the lower edge of the window. */
      placement: "inline" | "sheet";
      position?: never;
      beside?: never;
      interrupt?: never;
      tab?: never;
    }
  | {
      /** It makes the page wait. It follows a click or `show()`; what comes up by itself is a popover. */
      placement: "modal";
      /** Whether it may be a modal although the visitor did nothing that asked for it. `false` unless told otherwise. */
      interrupt?: boolean;
      position?: never;
      beside?: never;
      tab?: never;
    }
  | {
      /** It waits behind a button at the edge of the window. The pauses of `frequency` do not count for it, but its own do. */
      placement: "tab";
      /** Where that button stands. `bottom-end` unless told otherwise. */
      position?: Position;
      /** What the button says: "Feedback", in the language of the survey, unless told otherwise. */
      tab?: Text;
      beside?: never;
      interrupt?: never;
    };

interface SurveyCommon {
  /** Its name in responses and in `show()`: letters, digits, `_` and `-`. */
  id: string;
  /** What this survey is about, where that differs from the others. */
  about?: Text;
  /** When to ask; any one is enough. */
  touchpoints: readonly [Touchpoint, ...Touchpoint[]];
  /** Whom to ask; all of it must fit. */
  audience?: Audience;
  /** How long this survey stays away, where that differs from the others. */
  frequency?: {
    /** After it was shown, whatever came of it. */
    shown?: Duration;
    /** After it was closed unanswered. */
    declined?: Duration;
    /** After it was answered. */
    answered?: Duration;
    /** After it was put off with "Ask me later". */
    later?: Duration;
  };
  /** Of several surveys that are due the highest goes first, and the others wait: -100 to 100, 0 unless told otherwise. */
  priority?: number;
}

/** Some questions, and when to ask them. */
export type Survey = SurveyCommon &
  Placed &
  One<{
    /** A preset in the metric's published wording: score, reason, thanks. */
    ask: Metric;
    /** The questions, one a screen. */
    questions: readonly [Question, ...Question[]];
  }>;

/** Colours of one scheme. What cannot be read is corrected when a prompt is drawn. */
export interface Colours {
  /** The colour of what is chosen and of the button, where that differs from the other scheme's. */
  accent?: Colour;
  /** The ground. */
  background?: Colour;
  /** The text; lines are mixed from it and the ground. */
  text?: Colour;
}

/**
 * A template: JSON in whose texts `{{path|filter}}` stands for something of a response, and in which an object with a key such as `#each`
 * stands for what that makes.
 */
export type Template = string | number | boolean | null | readonly Template[] | { readonly [key: string]: Template };

/** What an endpoint's answer means for a response. */
export type Meaning = "delivered" | "duplicate" | "retry" | "hold" | "reject";

/** How a request is made. */
interface RequestOptions {
  /** The collection endpoint: https, or a path on the page's own site. A template, but for where it leads. */
  url: string;
  /** `POST` unless told otherwise. */
  method?: "POST" | "PUT" | "PATCH";
  /** Headers; templates of `config.*`, ids and times. */
  headers?: { readonly [name: string]: string };
  /** How the body is written. `json` unless told otherwise. */
  encode?: "json" | "ndjson" | "form" | "text";
  /** The body. The response document unless told otherwise; in a batch the list of them. */
  body?: Template;
}

/** Where answers go, and in which form. */
export type DeliveryOptions =
  | (RequestOptions & {
      /** Has several responses go in one request: how many at most, 2 to 100. Templates then see `records`. */
      batch?: { max: number };
      /** What statuses mean here; the first that fits counts. */
      status?: readonly {
        /** The status, 200 to 599. */
        code: number;
        /** Only where the reply's text contains this. */
        contains?: string;
        means: Meaning;
      }[];
      /** What a reply with a status of 2xx must say to count; `else`: what it means otherwise, `hold` unless told. */
      ok_if?: { path: string; else?: Meaning } & One<Comparisons & { exists: boolean }>;
      /** Where a reply with a status of 2xx has a verdict for each response. Places are keys and indices with dots between. */
      items?: {
        /** The list. Without it the reply is the list. */
        list?: string;
        /** The response's id in an item. Without it items count by their order. */
        id?: string;
        /** A status in an item. */
        status?: string;
        /** An error in an item: where something is there, the item failed. */
        error?: string;
        /** What errors mean, by their text. One that is not named is a retry. */
        means?: { readonly [error: string]: Meaning };
      };
      /** Whether a redirect is followed. `manual`, which is not, unless told otherwise. */
      redirect?: "manual" | "follow";
      /** How one response alone is sent, where that differs. */
      single?: Partial<RequestOptions>;
      /** What is sent beside the responses, to be counted: an `EventDocument` each. None unless told. */
      events?: readonly ("shown" | "dismissed")[];
      /** The owner's own values, `config.*` in templates. Every visitor can read them. */
      values?: { readonly [name: string]: Scalar };
      send?: never;
    })
  | {
      /**
       * Sends a response in place of all this. What it returns, or resolves to, is what became of it: nothing stands for `delivered`.
       * Where it throws, or rejects, it is called again later. Only for `configure()`: JSON has no functions.
       */
      send: (record: ResponseDocument) => void | true | Meaning | Promise<void | true | Meaning>;
      events?: undefined;
      url?: never;
    }
  | {
      /** The same, where events are sent too: they have an `event`. */
      send: (record: ResponseDocument | EventDocument) => void | true | Meaning | Promise<void | true | Meaning>;
      events: readonly ("shown" | "dismissed")[];
      url?: never;
    };

/** What Asklet asks, when, and where the answers go. */
export interface Config {
  /** Where the schema is, for editors. */
  $schema?: string;
  /** What is asked about: fills `{about}` in the presets' wording. */
  about?: Text;
  /** Where answers go, and in which form. Everything in a config is public. */
  delivery: DeliveryOptions;
  /** The language to ask in, or `"auto"`: the page's, then the browser's. */
  locale?: string;
  /** The key that goes into an open prompt and back, as `KeyboardEvent.key` has it. `"F6"` unless told otherwise. */
  shortcut?: string;
  /** How often a visitor may be asked. */
  frequency?: {
    /** After a prompt came up over the page by itself, no other does for so long. 30 days unless told otherwise. */
    quiet?: Duration;
    /** How many come up in one session, which ends after half an hour without a page view. 1. */
    per_session?: number;
    /** A survey that was shown stays away for so long, whatever came of it. Not at all unless told. */
    shown?: Duration;
    /** A survey that was closed unanswered stays away for so long. 90 days. */
    declined?: Duration;
    /** A survey that was answered stays away for so long. 180 days. */
    answered?: Duration;
    /** A survey that was put off with "Ask me later" stays away for so long. 7 days. */
    later?: Duration;
    /** How long every survey stays away after something happened with any of them. Not at all unless told. */
    across?: {
      /** After one was closed unanswered. */
      declined?: Duration;
      /** After one was answered. */
      answered?: Duration;
      /** After one was put off. */
      later?: Duration;
    };
  };
  /** What is kept and sent, and whether the visitor is asked first. While something is wrong here, nobody is asked. */
  privacy?: {
    /**
     * `required`: nothing is stored and nobody is asked before `consent("granted")`. Anything else than `not_needed`, the
     * default, counts as that.
     */
    consent?: "not_needed" | "required";
    /** Whether Global Privacy Control and Do Not Track keep the visitor's id and attributes out of responses. `honour`. */
    signals?: "honour" | "ignore";
    /** How much of the page's address: without query and fragment (`path`, the default), all, or none. */
    page?: "path" | "full" | "none";
    /** The visitor's attributes that may leave the device. None unless named. */
    attributes?: readonly string[];
    /** What is blotted out of free text before it is stored: e-mail addresses, numbers of 7 or more digits. */
    mask?: readonly ("emails" | "numbers")[];
  };
  /** How prompts look. */
  theme?: {
    /** Light, dark, or as the visitor's system has it. */
    scheme?: "auto" | "light" | "dark";
    /** The colour of what is chosen and of the button: `#3557d6`. */
    accent?: Colour;
    /** The colours of the light scheme. */
    light?: Colours;
    /** The colours of the dark scheme. */
    dark?: Colours;
    /** How round the corners are. `".75em"` unless told otherwise. */
    radius?: Length;
    /** The font families, as in CSS. The system's unless told. */
    font?: string;
    /** How much room there is between things; `comfortable` unless told otherwise. */
    density?: "comfortable" | "compact";
    /** How much room there is inside the edge. `"1.25em"` unless told otherwise. */
    spacing?: Length;
  };
  /** The surveys. One that is wrong never stops the others. */
  surveys: readonly Survey[];
}

// --- the response ---------------------------------------------------------------------------------------------

/**
 * What was answered: a point of a scale; a text or an address; the id of an option, or a list of them; whether a box was
 * ticked.
 */
export type AnswerValue = number | string | boolean | string[];

/** The answer to one question. */
export interface Answer {
  /** The question's id. */
  question: string;
  /** Its kind. */
  kind: Exclude<Question["kind"], "statement">;
  value: AnswerValue;
  /** How many points the scale had; 2 are thumbs. */
  points?: 2 | 3 | 5 | 7 | 11;
  /** The part of the scale that it belongs to. */
  bucket?: Bucket;
  /** What was written into the field of the option `other`. */
  other?: string;
  /** The ids of the options in the order in which they were shown, where that was shuffled. */
  shown?: string[];
}

/** What is posted to the endpoint. Members without a value are left out, and a later version may have more. */
export interface ResponseDocument {
  /** A UUIDv7 made on the device: the key by which a repeat is dropped. */
  id: string;
  /** Counts the states of this response, from 1; keep the highest. */
  revision: number;
  /** `complete`, or `partial` where the visitor stopped before the end. */
  status: "complete" | "partial";
  /** The survey's id. */
  survey: string;
  /** What asked. */
  touchpoint?: { on: Touchpoint["on"]; name?: string; stage?: Stage };
  /** In the order of the questions. Empty where all were taken back. */
  answers: Answer[];
  /** The metric of the first scale that was answered, and its answer. */
  metric?: Metric;
  score?: number;
  /** The first free text. */
  comment?: string;
  /** When the prompt came up, when the last answer was given (ISO 8601, UTC), and the time between. */
  shown_at: string;
  answered_at: string;
  seconds?: number;
  /** The time from the event that the touchpoint measures from. */
  turnaround_seconds?: number;
  /** Where it was asked. */
  page?: string;
  /** The language it was asked in. */
  locale?: string;
  direction?: "ltr" | "rtl";
  /** Where the prompt stood: a modal that came up by itself is a `popover`. */
  placement?: Placement;
  device?: Device;
  /** Who answered, if the page said so. */
  visitor?: { id?: string; attributes?: { [name: string]: Scalar } };
  /** The widget's version. */
  asklet?: string;
}

/** That a prompt came up, or was closed before it was complete: sent only if `delivery.events` says so, and traced to nobody. */
export interface EventDocument {
  /** A UUIDv7 of the hour, made on the device: the key by which a repeat is dropped. */
  id: string;
  /** What happened. */
  event: "shown" | "dismissed";
  /** The survey's id. */
  survey: string;
  /** What asked. */
  touchpoint?: { on: Touchpoint["on"]; name?: string; stage?: Stage };
  /** Why it was closed. */
  reason?: Dismissal;
  /** The hour in which it happened (ISO 8601, UTC). */
  at: string;
  /** The language it was asked in. */
  locale?: string;
  /** Where the prompt stood: a modal that came up by itself is a `popover`. */
  placement?: Placement;
  device?: Device;
  /** The widget's version. */
  asklet?: string;
}

// --- events ---------------------------------------------------------------------------------------------------

/** Why a prompt was closed before it was complete. */
export type Dismissal = "close" | "escape" | "later" | "never" | "call" | "gone" | "done";

/** What is known of a response, or of an event to be counted, on its way. */
export interface Delivery {
  /** Its id, a UUIDv7 made on the device. */
  id: string;
  /** The survey's id. */
  survey: string;
  /** Which state of the response it is; 1 for an event. */
  revision: number;
  /** How far the visitor came. Not there for an event. */
  status?: "complete" | "partial";
  /** What is counted, if this is no response but one of `delivery.events`. */
  event?: "shown" | "dismissed";
}

/** A rule, by name, in the order in which they are told. */
export type Rule =
  | "endpoint"
  | "consent"
  // The touchpoint's own.
  | "pages"
  | "where"
  | "nth"
  | "every"
  | "after"
  | "cancel_on"
  | "delay"
  | "moment"
  // The audience.
  | keyof Audience
  // The frequency.
  | "refused"
  | "answered"
  | "declined"
  | "later"
  | "shown"
  | "quiet"
  | "answered_across"
  | "declined_across"
  | "later_across"
  | "per_session"
  // Whether this is a bad time.
  | "hidden"
  | "typing"
  | "dialog"
  | "fullscreen"
  | "quiet_mark"
  | "open"
  | "elsewhere"
  | "slot";

/** One rule, and whether it lets the survey be asked now. */
export interface Verdict {
  rule: Rule;
  /** The index of the touchpoint that it belongs to, if it does. */
  touchpoint?: number;
  /** What the config asks for; spans of time are milliseconds. Absent where the name says it all. */
  wants?: unknown;
  /** What is the case; moments are milliseconds since 1970. */
  found?: unknown;
  holds: boolean;
  /** When it will hold, in milliseconds since 1970, where time alone decides. */
  next?: number;
}

/** Why a survey is asked, or is not. */
export interface Explanation {
  /** The survey's id. */
  survey: string;
  /** Whether it would be asked if its moment came now. */
  asks: boolean;
  /** Every rule that applies. */
  rules: Verdict[];
}

/** What happens, by type: the `detail` of the DOM events `asklet:<type>`, which are dispatched on `document`. */
export interface Events {
  /** The widget is here and has read the config. */
  ready: { version: string };
  /** A touchpoint was met. `delay` is in milliseconds. */
  eligible: { survey: string; delay: number };
  /** A survey was met and not asked. `touchpoint` is the index of the one that was met. */
  suppressed: Explanation & { touchpoint?: number };
  /** A prompt came up; one that waits behind a tab: it was opened. `id` is the response's, should there be one. */
  shown: {
    survey: string;
    id: string;
    placement: Placement;
    touchpoint: { on: Touchpoint["on"]; name?: string; stage?: string };
  };
  /** A question was answered, and the answer is safe on the device (or in memory, where storage is blocked). */
  answered: { survey: string; id: string; question: string; value: AnswerValue };
  /** Every question that was due was answered or passed over. */
  completed: { survey: string };
  /**
   * A prompt was closed before that: by its button, by Escape, by "Ask me later" or "Don't ask again", by `close()`, with
   * its place on the page (`gone`), or since everything had been passed over (`done`). One with a tab waits behind it again.
   */
  dismissed: { survey: string; id: string; reason: Dismissal };
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
  /** Responses that the endpoint refuses: why, the HTTP status of its answer, and the beginning of what it said. */
  parked: {
    id: string;
    survey: string;
    /** What is counted, if it is no response. */
    event?: "shown" | "dismissed";
    reason: string;
    status: number;
    problem: string;
    at: number;
  }[];
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
 * Says what the visitor chose. `granted` starts what waited for it, and is remembered; `denied` stops and erases
 * everything on this device. Resolves when that is done.
 */
export function consent(choice: "granted" | "denied"): Promise<void>;
/**
 * Asks now, because the visitor asked to be asked: how often they may be asked does not count, and the focus moves
 * into the prompt. As a `preview` it is only looked at: no rule is asked, nothing is stored or sent, no clock is touched.
 * Rejects if the widget cannot be loaded.
 */
export function show(survey: string, options?: { preview?: boolean }): Promise<void>;
/**
 * Every rule of every survey, or of the one named. While consent is owed or denied it says that, and loads no widget.
 * `undefined` after `destroy()` and `forget()`. Rejects if the widget cannot be loaded.
 */
export function explain(survey?: string): Promise<Explanation[] | undefined>;
/** Closes the prompt that is open over the page. */
export function close(): void;
/** What waits on this device. `undefined` after `destroy()`. Rejects if the widget cannot be loaded. */
export function outbox(): Promise<Outbox | undefined>;
/** Tries now to send what waits. Resolves when all was tried. Rejects if the widget cannot be loaded. */
export function flush(): Promise<void>;
/** Puts what is parked back, and tries now: when the endpoint or the config has been mended. Resolves when all was tried. */
export function retry(): Promise<void>;
/**
 * Erases everything that Asklet has stored on this device, answers that wait included, and stops until the next page load
 * or `configure()`. Resolves when that is done.
 */
export function forget(): Promise<void>;
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
  consent: typeof consent;
  show: typeof show;
  close: typeof close;
  explain: typeof explain;
  outbox: typeof outbox;
  flush: typeof flush;
  retry: typeof retry;
  forget: typeof forget;
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
