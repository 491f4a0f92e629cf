// The loader: owns `window.asklet`, sees what happens on the page, and fetches the widget when some of it could ask
// somebody. It decides nothing else. After that it passes on what it sees.

import { readConfig } from "./config.js";
import { gate, live } from "./gate.js";
import { watchPages } from "./pages.js";
import { attempt, erase, local, read, write } from "./storage.js";
import { visit } from "./visits.js";
import { ifAnswersWait } from "./waiting.js";
import { calm, fetched, fetchWidget } from "./widget.js";

let files; // The addresses of glue, wasm, and of the parts that watch and that debug.
let data; // The script tag's attributes.
let config; // Aborted when another configuration takes over, and when all is over.
let reading; // Resolves when the tag's configuration has been read.
let given; // The configuration and its date, once it is there; 0 when it shall not be any more.
let found; // What the gate found in it; undefined where nothing may run.
let said; // What consent() was told.
let counts; // The visit's.
let timer; // Until a moment is due.
let erased; // Resolves when everything is.
let ready; // Resolves when the configuration runs; undefined when all is over.
let begin; // Resolves it.
const promised = new Set(); // How to settle the promises that the page has.
const ears = []; // How to remove the page's listeners.
let watching; // The part that watches, once it was sent for.
let loading; // The widget, once it was sent for.
let rouse; // Sends for it.
let call; // The widget's function, once it is here.
let failure; // Why it will never be.

const fail = (message) => {
  console.error("asklet: " + message);
  document.dispatchEvent(new CustomEvent("asklet:error", { detail: { message }, bubbles: true }));
  return message;
};

// --- the widget: one function, called in order --------------------------------------------------------------

const widget = new Promise((resolve) => (rouse = resolve));

const wake = () => {
  if (found && !loading) rouse((loading = fetched(fetchWidget(files))));
};

// Never at once: a listener of the page's may call us while we call the widget, and comes after what waits.
const send = (method, args) =>
  calm(
    widget
      .then((loaded) => {
        call = loaded;
        if (found) return call(method, args);
      })
      .catch((error) => {
        throw (failure ||= Error(fail(error)));
      }),
  );

// Soon, or when the configuration runs, or not at all when all is over.
const when = (step) => ready?.then(() => (found ? step() : when(step)));

// Has the widget do something, after `first`. The answer is undefined once all is over.
const ask = (method, args, first) => {
  let over;
  return calm(
    Promise.race([
      new Promise((resolve) => promised.add((over = resolve))),
      when(() => {
        first?.();
        return send(method, args);
      }),
    ]).finally(() => promised.delete(over)),
  );
};

// --- what happens on the page -------------------------------------------------------------------------------

const see = (type, more, subject = "") => {
  const seen = { type, at: Date.now(), url: location.href, ...more };
  when(() => {
    // A widget that is there hears of each page view: audiences go by their counts.
    if (
      data.load == "eager" ||
      (loading && type == "page") ||
      live(found, seen.url, loading).some(({ key }) => key == type + subject)
    ) {
      send("signal", [{ ...counts, ...seen }]);
      wake();
    }
  });
};

const clicked = (event) => {
  // Through the prototype: a form may have a field that is called `matches`.
  const inside = (selector) =>
    event.composedPath().some((node) => attempt(() => Element.prototype.matches.call(node, selector)));
  // Our own buttons are not the page's.
  if (!inside("asklet-prompt,asklet-debug"))
    found.clicks.forEach((selector) => inside(selector) && see("click", { selector }, selector));
};

// Wakes the widget when a moment that waits is due.
const remind = () => {
  clearTimeout(timer);
  const { due } = read("note");
  if (due) timer = setTimeout(wake, Math.min(2e9, due - Date.now()));
};

// --- running, and being over --------------------------------------------------------------------------------

const run = ([document_, date]) => {
  const { signal } = (config = new AbortController());
  found = gate(document_);
  counts ||= visit();
  send("start", [document_, { ...counts, locale: data.locale, tag: found.tag, date }]);
  begin();
  document.addEventListener("click", clicked, { capture: true, signal });
  const view = () => {
    see("page");
    remind();
    if (!loading) ifAnswersWait(wake);
    const points = live(found, location.href).filter(({ watch }) => watch);
    if (points[0] || watching)
      (watching ??= fetched(import(files[2])).catch(fail)).then(({ watch }) => watch?.(points, see, signal) && wake());
  };
  watchPages((isView, { persisted, key }) => {
    // Another page has erased everything.
    if (!local["asklet.visit"] && (persisted || key == "asklet.visit")) leave("forget");
    else if (isView) {
      counts = visit();
      view();
    } else remind();
  }, signal);
  view();
  if (found.odd || data.load == "eager") wake();
  if (data.load == "idle") (window.requestIdleCallback || setTimeout)(wake);
};

// Runs the configuration, if there is one and it may; tells how consent stands: "granted", "denied", or else owed.
const proceed = async () => {
  await erased;
  if (!given) return;
  const { consent = "not_needed" } = given[0]?.privacy ?? {};
  const required = data.consent == "required" || consent != "not_needed";
  if ((said == "denied" && !required) || said == "granted") write("consent", said);
  const state = said ?? local["asklet.consent"] ?? data.consent ?? (required || "granted");
  if (ready && !found && state == "granted") run(given);
  return state;
};

// Has calls wait for a configuration.
const hold = () => (ready ??= new Promise((resolve) => (begin = resolve)));

const stop = () => {
  clearTimeout(timer);
  config?.abort();
  found = ready = undefined;
  promised.forEach((over) => over());
};

// Stops, and has the widget stop, if it is here.
const leave = async (method) => {
  stop();
  counts = said = undefined;
  await 0;
  return attempt(() => call?.(method, []));
};

const eraseAll = () => (erased = leave("forget").then(erase));

// --- what the page may call ---------------------------------------------------------------------------------

const api = {
  version: __ASKLET_VERSION__,
  configure(document_) {
    if (found) stop();
    hold();
    given = [document_];
    proceed();
  },
  track: (name, properties) => see("event", { name, properties: { ...properties } }, name),
  consent(word) {
    if (word == "denied") eraseAll();
    else if (given !== 0) hold();
    said = word;
    return proceed();
  },
  explain: (survey) =>
    calm(
      reading
        .then(proceed)
        .then((state) =>
          !state || state == "granted"
            ? ask("explain", [survey], wake)
            : import(files[3]).then(({ owed }) => owed(given[0], survey, state)),
        ),
    ),
  forget() {
    given = 0;
    return eraseAll();
  },
  on(type, listener) {
    const ear = new AbortController();
    document.addEventListener("asklet:" + type, ({ detail }) => listener(detail), ear);
    ears.push(ear);
    return () => ear.abort();
  },
  destroy() {
    given = 0;
    ears.forEach((ear) => ear.abort());
    leave("destroy");
    if (window.asklet == api) delete window.asklet;
  },
  push(...calls) {
    for (const [method, ...args] of calls)
      if (api[method]?.call) api[method](...args);
      else fail("no method " + method);
  },
};

// These wake nothing. An answer would have to be waited for until something else wakes the widget.
for (const method of ["identify", "set", "reset", "close"]) api[method] = (...args) => void ask(method, args);
for (const method of ["show", "outbox", "flush", "retry"]) api[method] = (...args) => ask(method, args, wake);

/**
 * Starts Asklet, or returns the one that this page has already.
 *
 * `urls`: the addresses of the widget's glue and wasm, and of the parts that watch and that debug. `attributes`: the
 * script tag's, as in its dataset.
 */
export const start = (urls, attributes = {}) => {
  const before = window.asklet;
  if (before?.version) return before;
  files = urls;
  data = attributes;
  window.asklet = api;
  hold();
  reading = readConfig(data).then(
    (read) => {
      given ??= read;
      proceed();
    },
    // Unless configure() or destroy() was faster.
    (message) => given ?? (fail(message), stop()),
  );
  if (data.debug == "query" ? location.search.includes("asklet-debug") : data.debug != null)
    import(files[3]).then(({ open }) => open(api, () => [given, found, loading]));
  if (Array.isArray(before)) api.push(...before);
  return api;
};
