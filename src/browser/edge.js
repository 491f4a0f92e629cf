// The edges of the browser that are a line here and a page of bindings in Rust: storage, locks, timers, what the page can tell,
// and what it is told. Nothing is decided here. `edge.rs` is the other side.

const TABLES = ["outbox", "parked", "meta"];

const attempt = (act) => {
  try {
    return act();
  } catch {}
};

// --- storage --------------------------------------------------------------------------------------------------

let database; // While it is open.
let opening;

const connect = () =>
  (opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("asklet", 1);
    // Some browsers never answer where storage is odd.
    const timer = setTimeout(() => reject((request.onsuccess = () => request.result.close())), 5_000);
    request.onupgradeneeded = () => TABLES.forEach((table) => request.result.createObjectStore(table, { keyPath: "id" }));
    request.onerror = reject;
    request.onsuccess = () => {
      clearTimeout(timer);
      database = request.result;
      // A later version, or somebody who erases all, must not wait for this page.
      database.onversionchange = database.onclose = close;
      resolve();
    };
  }));

// Strict: "complete" means on the disk, and a visitor is told so.
const transact = () => database.transaction(TABLES, "readwrite", { durability: "strict" });

/** Closes the database; the next `read` opens it again. */
export const close = () => {
  database?.close();
  database = opening = undefined;
};

/** A transaction, and the rows of every table. What is to be written must be written before anything else is awaited. */
export const read = async () => {
  await connect();
  const transaction = attempt(transact) ?? (close(), await connect(), transact());
  const rows = (table) =>
    new Promise((resolve, reject) => {
      const request = transaction.objectStore(table).getAll();
      request.onsuccess = () => resolve(request.result);
      request.onerror = reject;
    });
  return [transaction, ...(await Promise.all(TABLES.map(rows)))];
};

/** Puts rows into each table and takes out those with the ids in `gone`; resolves when that is complete. */
export const write = (transaction, changes) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = reject;
    changes.forEach(([rows, gone], index) => {
      const table = transaction.objectStore(TABLES[index]);
      rows.forEach((row) => table.put(row));
      gone.forEach((id) => table.delete(id));
    });
  });

/** Puts one row into the outbox, without waiting for anything. Where it is not open the row is in memory alone. */
export const dash = (row) => attempt(() => transact().objectStore(TABLES[0]).put(row));

/** Takes the lock `name` if no other tab has it; resolves to what lets it go, or to nothing. */
export const lock = (name) =>
  new Promise((resolve) => {
    // Where there are no locks, or storage is blocked, everybody has one: the database makes things right.
    const free = () => resolve(() => {});
    const granted = (lock) => (lock ? new Promise(resolve) : resolve());
    navigator.locks ? navigator.locks.request(name, { ifAvailable: true }, granted).catch(free) : free();
  });

// --- what the page can tell ---------------------------------------------------------------------------------

const fits = (query) => matchMedia(query).matches;

/** What the page can tell of the visitor. */
export const facts = () => ({
  url: location.href,
  // A finger on a small screen is a mobile, on a large one a tablet.
  device: !fits("(pointer: coarse)") ? "desktop" : fits("(max-width: 599px), (max-height: 479px)") ? "mobile" : "tablet",
  language: navigator.language,
  // The page's, then the visitor's.
  languages: [document.documentElement.lang, ...navigator.languages].filter(Boolean),
  referrer: document.referrer,
  query: Object.fromEntries(new URLSearchParams(location.search)),
  opts_out: !!navigator.globalPrivacyControl || navigator.doNotTrack == "1",
});

// --- timers --------------------------------------------------------------------------------------------------

const sleeping = new Set();
let alarm;

/** Calls `act` after so many milliseconds; a browser's timer reaches some 24 days, and more would go off at once. */
const later = (act, span) => setTimeout(act, Math.min(span, 2 ** 31 - 1));

export const sleep = (span) =>
  new Promise((resolve) => {
    const wake = () => {
      sleeping.delete(timer);
      resolve();
    };
    const timer = later(wake, span);
    sleeping.add(timer);
  });

/** Sets the one alarm. */
export const wake = (span, act) => {
  clearTimeout(alarm);
  alarm = later(act, span);
};

// --- the page hears and is heard ------------------------------------------------------------------------------

let typed;
const typing = () => (typed = Date.now());

// The live region: one, polite, there and empty from the start, since a screen reader hears only what changes.
// (accessibility.md, item 13.)
let live;

/** From now on the page is watched for somebody who types, and has a place to be spoken to. */
export const begin = () => {
  document.addEventListener("input", typing);
  // Who is in a field now may have typed while the widget was fetched.
  typing();
  live = document.createElement("div");
  for (const [name, value] of Object.entries({ role: "status", "aria-live": "polite", "aria-atomic": true, "data-asklet-live": "" }))
    live.setAttribute(name, value);
  live.style.cssText =
    "position:fixed;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap";
  document.body?.append(live);
};

/** Nothing of this is left: no listener, no element, no timer. What waits for a timer never goes on. */
export const end = () => {
  document.removeEventListener("input", typing);
  live?.remove();
  clearTimeout(alarm);
  sleeping.forEach(clearTimeout);
  sleeping.clear();
  close();
};

/** Says a sentence to those who hear the page, or falls silent. */
export const say = (sentence) => {
  if (live) live.textContent = sentence;
};

/** Tells the page's scripts. */
export const emit = (name, detail) => {
  document.dispatchEvent(new CustomEvent("asklet:" + name, { bubbles: true, composed: true, detail }));
};

/** Tells the developer. */
export const warn = (message) => console.warn("asklet: " + message);

/** Random bytes that cannot be guessed. */
export const fill = (bytes) => {
  crypto.getRandomValues(bytes);
};

/** The slot for a survey's inline prompt. Ids have no characters that a selector would mind. */
export const slot = (survey) => document.querySelector(`asklet-survey[survey="${survey}"]`);

/** An `<asklet-prompt>` in the page, and what is inside its shadow root; nothing where it has no place. */
export const host = (survey, placement, scheme, accent, style) => {
  const place = placement == "inline" ? slot(survey) : document.body;
  if (!place) return;
  const element = document.createElement("asklet-prompt");
  Object.assign(element.dataset, { placement, scheme, survey });
  // Through the object model: a style attribute would break a strict content security policy.
  if (accent) element.style.setProperty("--asklet-accent", accent);
  const root = element.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  const inside = root.appendChild(document.createElement("div"));
  place.append(element);
  return [element, inside];
};

const seen = (element) => element.getClientRects().length && getComputedStyle(element).visibility != "hidden";
const all = (selector) => [...document.querySelectorAll(selector)];

/** What speaks against a prompt just now. */
export const busy = () => {
  const active = document.activeElement;
  // In a component of the page's own the field with the focus does not show.
  const editing = active && (active.isContentEditable || active.shadowRoot || active.matches("input,textarea,select"));
  return Object.entries({
    hidden: document.hidden,
    typing: editing && Date.now() - typed < 3_000,
    dialog: all("dialog[open],[role=dialog],[role=alertdialog],[aria-modal=true]").some(seen),
    fullscreen: document.fullscreenElement,
    quiet_mark: all("[data-asklet-quiet]")[0],
  }).flatMap(([name, holds]) => (holds ? name : []));
};

/** Leaves a note for the loader of the next page. Where storage is blocked it knows nothing, and fetches the widget. */
export const note = (note) => attempt(() => (localStorage["asklet.note"] = JSON.stringify(note)));

/** Whether a regular expression finds something; false if it is none. */
export const finds = (pattern, text) => !!attempt(() => RegExp(pattern).test(text));

/** The text with everything that a regular expression finds replaced. */
export const replace = (pattern, text, by) => text.replace(RegExp(pattern, "gu"), by);

/** What the clock on the wall of `zone` shows at `at`, as in `2026-11-22 13:05:07`: so Swedish writes it. */
export const wall = (zone, at) => attempt(() => new Date(at).toLocaleString("sv-SE", { timeZone: zone || undefined }));

/** Whether `text` means something as a selector, a zone, or else a regular expression. */
export const understands = (kind, text) =>
  kind == "selector"
    ? attempt(() => document.querySelector(text)) !== undefined
    : kind == "zone"
      ? !!wall(text, 0)
      : !!attempt(() => RegExp(text));
