// The loader: owns `window.asklet`, sees what happens on the page, and fetches the widget when some of it could ask
// somebody. It decides nothing else. After that it passes on what it sees.

import { readConfig } from "./config.js";
import { gate, wanted } from "./gate.js";
import { watchPages } from "./pages.js";
import { slot, watchSlots } from "./slots.js";
import { visit } from "./visits.js";
import { ifAnswersWait } from "./waiting.js";
import { fetchWidget } from "./widget.js";

const version = __ASKLET_VERSION__;

/**
 * Starts Asklet, or returns the one that this page has already.
 *
 * `urls`: where `glue` and `wasm` are. `data`: the script tag's attributes, as in its dataset.
 */
export const start = (urls, data = {}) => {
  const before = window.asklet;
  if (before?.version) return before;

  let life = new AbortController(); // Aborted by destroy().
  let config = new AbortController(); // Aborted when another configuration takes over, and by destroy().
  let found; // What the gate found in the configuration; undefined where there is none.
  let early = []; // What to do when there is one; undefined after destroy().
  let session; // The number of the visitor's session.
  let queue = []; // Calls for the widget, in order: [method, args, resolve, reject].
  let loading; // The widget, once it was sent for.
  let call; // The widget's function, once it is here.
  let failure; // Why it will never be.

  const fail = (message) => {
    console.error("asklet: " + message);
    document.dispatchEvent(new CustomEvent("asklet:error", { bubbles: true, composed: true, detail: { message } }));
    return message;
  };

  // --- the widget: one function, called in order ------------------------------------------------------------

  const drain = () => {
    while ((call || failure) && queue.length) {
      const [method, args, resolve, reject] = queue.shift();
      try {
        if (failure) throw failure;
        const answer = call(method, args);
        // Not handed on as it is: then destroy() could not settle it any more.
        if (resolve) Promise.resolve(answer).then(resolve, reject);
      } catch (error) {
        failure ||= fail(`the widget stopped (${error}).`);
        reject?.(Error(failure));
      }
    }
  };

  // Never at once: a listener of the page's may call us while we call the widget, and comes after what waits.
  const send = (...entry) => {
    queue.push(entry);
    queueMicrotask(drain);
  };

  const wake = () => {
    if (!life.signal.aborted)
      loading ||= fetchWidget(urls)
        .then(
          (loaded) => (call = loaded),
          (message) => (failure = fail(message)),
        )
        .then(drain);
  };

  // Does it now, or when there is a configuration, or not at all when all is over.
  const when = (step) => (found ? step() : early?.push(step));

  const pass =
    (method) =>
    (...args) =>
      void when(() => send(method, args));

  const ask =
    (method) =>
    (...args) => {
      const answer = new Promise((resolve, reject) => {
        if (life.signal.aborted) resolve();
        life.signal.addEventListener("abort", () => resolve());
        wake();
        when(() => send(method, args, resolve, reject));
      });
      // Who does not wait for the answer shall not get a second line on the console.
      answer.catch(() => {});
      return answer;
    };

  // --- what happens on the page -----------------------------------------------------------------------------

  const see = (type, more) => {
    const seen = { type, at: Date.now(), url: location.href, ...more };
    when(() => {
      if (wanted(found.points, seen, slot)) {
        send("signal", [seen]);
        wake();
      }
    });
  };

  const clicked = (event) => {
    // Through the prototype: a form may have a field that is called `matches`.
    const inside = (selector) =>
      event.composedPath().some((node) => node.localName && Element.prototype.matches.call(node, selector));
    // The prompt's own buttons are not the page's.
    if (!inside("asklet-prompt")) for (const selector of found.selectors) if (inside(selector)) see("click", { selector });
  };

  const count = () => {
    session = visit(window, Date.now());
  };

  const begin = (given) => {
    config.abort();
    config = new AbortController();
    const { signal } = config;
    found = gate(given, (selector) => document.querySelector(selector));
    if (!session) count();
    send("start", [given, { session, version, locale: data.locale }]);
    early.splice(0).forEach((step) => step());
    if (found.selectors.size) document.addEventListener("click", clicked, { capture: true, signal });
    const slots = watchSlots(found.points, (survey) => see("page", { survey }), signal);
    const view = () => {
      see("page");
      slots();
      if (!loading) ifAnswersWait(wake);
    };
    watchPages(() => {
      count();
      view();
    }, signal);
    view();
    if (found.odd) wake();
  };

  const stop = () => {
    life.abort();
    config.abort();
    found = early = undefined;
    queue = [];
  };

  // --- what the page may call -------------------------------------------------------------------------------

  const api = {
    version,
    configure(given) {
      if (life.signal.aborted) life = new AbortController();
      early ||= [];
      begin(given);
    },
    track: (name, properties) => void see("event", { name, properties: { ...properties } }),
    identify: pass("identify"),
    set: pass("set"),
    reset: pass("reset"),
    show: ask("show"),
    close: () => void when(() => loading && send("close", [])),
    outbox: ask("outbox"),
    flush: ask("flush"),
    on(type, listener) {
      const name = "asklet:" + type;
      const hear = ({ detail }) => listener(detail);
      document.addEventListener(name, hear, life);
      return () => document.removeEventListener(name, hear);
    },
    destroy() {
      stop();
      if (call) send("destroy", []);
      if (window.asklet == api) delete window.asklet;
    },
    push(...calls) {
      for (const [method, ...args] of calls)
        if (api[method]?.call) api[method](...args);
        else fail(`there is no method ${method}.`);
    },
  };
  window.asklet = api;

  const { signal } = config;
  readConfig(data).then(
    (given) => given && !signal.aborted && begin(given),
    (message) => {
      if (signal.aborted) return;
      fail(message);
      stop();
    },
  );
  if (data.load == "eager") wake();
  if (data.load == "idle") (window.requestIdleCallback ?? setTimeout)(wake);
  if (Array.isArray(before)) api.push(...before);
  return api;
};
