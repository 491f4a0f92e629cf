// The loader saves visitors the widget where nobody can be asked. That it never changes who is asked is tried here: the
// same random visits, with the loader as it is, and with one that passes everything on (`data-load="eager"`, and no notes).
//
// In these pages time stands still, but for the steps of the visit; so nothing depends on how fast anything is.
// ASKLET_CASES=n tries more, ASKLET_SEED=n begins elsewhere.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { html, launch, openPage, openSite, until } from "./harness.mjs";

const CASES = Number(process.env.ASKLET_CASES ?? 25);
const SEED = Number(process.env.ASKLET_SEED ?? 1);

let browser;
before(async (t) => (browser = await launch(t)));

// --- chance -----------------------------------------------------------------------------------------------------

/** Mulberry32: numbers from 0 to 1 that look random and are the same everywhere. */
const chance = (seed) => {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n) => Math.floor(next() * n);
  const pick = (list) => list[below(list.length)];
  /** One of `list` under the name `key`, in so many percent of cases. */
  const maybe = (percent, key, ...list) => (next() * 100 < percent ? { [key]: pick(list) } : {});
  return { next, below, pick, maybe };
};

// --- what is tried ----------------------------------------------------------------------------------------------

const PATHS = ["/", "/help", "/shop/1", "/shop/2"];
const EVENTS = ["opened", "ordered", "started", "cancelled"];
const PAGES = [["/"], ["/help"], ["/shop/*"], ["/shop/**", "!/shop/2"], [{ regex: "/(help|shop/1)$" }], ["!/help"]];
const WAITS = ["0s", "0s", "1h", "1d", "7d"];

const touchpoint = ({ below, pick, maybe }, index, placement) => {
  const common = {
    stage: String(index),
    ...maybe(30, "pages", ...PAGES),
    ...pick([{}, {}, {}, {}, {}, { nth: 1 + below(2) }, { every: 2 }]),
    ...maybe(40, "delay", "1s", "1s", "5s", "1h"),
    ...maybe(25, "cancel_on", ["cancelled"], ["opened"]),
  };
  if (placement == "inline") return { on: "page", ...common };
  return pick([
    { on: "event", name: "ordered", ...maybe(50, "where", [{ property: "total", gte: 50 }]), ...common },
    // After an event that nothing else need be about.
    { on: "event", name: "ordered", ...common, after: pick([{ event: "started" }, { event: "started", within: "1d" }]) },
    { on: "event", name: "opened", ...common },
    { on: "page", ...common, ...maybe(30, "after", { event: "started" }, { event: "ordered", within: "1h" }) },
    { on: "click", selector: ".buy", ...common },
    { on: "dwell", for: "1s", ...common },
    { on: "call", stage: String(index) },
  ]);
};

const survey = (random, number) => {
  const { below, maybe } = random;
  const placement = below(4) ? "popover" : "inline";
  const touchpoints = Array.from({ length: 1 + below(2) }, (_, index) => touchpoint(random, index, placement));
  return {
    id: `s${number}`,
    ask: "nps",
    placement,
    touchpoints,
    audience: {
      ...maybe(35, "sample", 0, 0.5, 0.5, 1),
      ...maybe(25, "pages_seen", { gte: 2 }, { gte: 4 }, { lt: 5 }),
      ...maybe(20, "sessions", { gte: 2 }, { lte: 2 }),
    },
    frequency: { ...maybe(60, "shown", ...WAITS), ...maybe(80, "declined", ...WAITS), ...maybe(80, "later", ...WAITS), ...maybe(80, "answered", ...WAITS) },
    ...maybe(40, "priority", -1, 1, 2),
  };
};

const configOf = (random) => {
  const { below, maybe } = random;
  return {
    about: "Acme",
    delivery: { url: "/responses" },
    frequency: {
      ...maybe(95, "quiet", ...WAITS),
      ...maybe(80, "per_session", 2, 5),
      ...maybe(30, "across", { declined: "1d" }, { answered: "1h" }, { later: "1h", answered: "1d" }),
    },
    surveys: Array.from({ length: 2 + below(2) }, (_, number) => survey(random, number)),
  };
};

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** One step of a visit: what is done, and by how many seconds the clock goes on before it. */
const stepOf = ({ below, pick }) =>
  pick([
    () => ({ act: "load", path: pick(PATHS), after: pick([5, 11 * MINUTE, 70 * MINUTE, 5 * HOUR, 26 * HOUR, 220 * HOUR]) }),
    () => ({ act: "load", path: pick(PATHS), after: pick([7, 26 * HOUR]) }),
    () => ({ act: "move", path: pick(PATHS) }),
    () => ({ act: "track", name: pick(EVENTS), total: pick([10, 99]) }),
    () => ({ act: "track", name: pick(["ordered", "ordered", "started"]), total: 99 }),
    () => ({ act: "track", name: pick(["started", "opened"]), total: 99 }),
    () => ({ act: "click" }),
    // What is done to a prompt where there is one; otherwise nothing.
    () => ({ act: "prompt", what: pick(["close", "later", "answer", "undo"]) }),
    () => ({ act: "prompt", what: below(6) ? "close" : "never" }),
  ])();

const caseOf = (seed) => {
  const random = chance(seed);
  const config = configOf(random);
  const first = { act: "load", path: random.pick(PATHS), after: 0 };
  return { config, steps: [first, ...Array.from({ length: 14 }, () => stepOf(random))] };
};

// --- the page ---------------------------------------------------------------------------------------------------

/** Before anything else runs: a clock that is set, randomness that is known, and an account of what is under way. */
const prepare = () => {
  const { now, seed, load, ungated } = window.__case();
  if (ungated) delete localStorage["asklet.note"];

  // Time stands still until `forward()` is called.
  const Real = Date;
  let time = now;
  window.Date = class extends Real {
    constructor(...args) {
      super(...(args.length ? args : [time]));
    }
    static now() {
      return time;
    }
  };
  performance.now = () => time - now;
  const real = window.setTimeout;
  const timers = new Map();
  let last = 1_000_000;
  window.setTimeout = (act, ms = 0, ...args) => {
    // What is to happen at once does.
    if (!(ms > 0)) return real(act, 0, ...args);
    timers.set(++last, { at: time + ms, act: () => act(...args) });
    return last;
  };
  const clear = window.clearTimeout;
  window.clearTimeout = (id) => timers.delete(id) || clear(id);

  // The same draws in every page: a visitor's place in a sample is drawn in the first one that has the widget, whichever
  // that is. What names a response must be new in each.
  let draws = 0;
  crypto.getRandomValues = (array) => {
    let x = (array.length == 2 ? seed : seed + load * 7919) + ++draws * 104_729;
    for (let index = 0; index < array.length; index++) {
      x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
      x ^= x >>> 13;
      array[index] = x >>> 8;
    }
    return array;
  };

  // What is under way.
  const busy = new Set();
  const during = (promise) => {
    busy.add(promise);
    const done = () => busy.delete(promise);
    Promise.resolve(promise).then(done, done);
    return promise;
  };
  let sent = false;
  const wrap = (object, name, ends = (result) => result) => {
    const original = object[name];
    object[name] = function (...args) {
      const result = original.apply(this, args);
      during(ends(result));
      return result;
    };
  };
  const ended = (...types) => (target) => new Promise((end) => types.forEach((type) => target.addEventListener(type, end)));
  wrap(window, "fetch");
  wrap(WebAssembly, "instantiate");
  wrap(WebAssembly, "instantiateStreaming");
  wrap(Response.prototype, "json");
  wrap(IDBFactory.prototype, "open", ended("success", "error"));
  wrap(IDBDatabase.prototype, "transaction", ended("complete", "abort"));
  const { request } = LockManager.prototype;
  LockManager.prototype.request = function (name, options, granted) {
    let asked;
    during(new Promise((answered) => (asked = answered)));
    return request.call(this, name, options, (lock) => (asked(), granted(lock)));
  };
  const { fetch } = window;
  window.fetch = (...args) => {
    sent ||= /\.wasm/.test(args[0]?.url ?? args[0]);
    return fetch(...args);
  };

  let is = {};
  /** Whether nothing is under way, now and in the turns that follow; and if the widget was sent for, it is here. */
  window.atRest = async () => {
    for (let turn = 0; turn < 4; turn++) {
      await new Promise((next) => real(next, 3));
      is.ready ||= seen.some(([type]) => type == "ready");
      if (busy.size || (sent && !is.ready) || !window.asklet?.version) return false;
    }
    return true;
  };
  /** Sets the clock to the next timer until `to`, and lets it go off; at the last says that it is `to`. */
  window.forward = (to) => {
    const due = [...timers].filter(([, { at }]) => at <= to).sort(([, a], [, b]) => a.at - b.at)[0];
    if (!due) {
      time = to;
      return true;
    }
    timers.delete(due[0]);
    time = Math.max(time, due[1].at);
    due[1].act();
  };

  /** What a router does: the inline surveys' slots are on some pages only. */
  window.draw = () => {
    const slots = location.pathname == "/help" ? ["s0", "s1", "s2"] : location.pathname == "/shop/1" ? ["s0"] : [];
    document.querySelector("#view").innerHTML =
      `<button class="buy">Buy</button>` + slots.map((id) => `<asklet-survey survey="${id}"></asklet-survey>`).join("");
  };
  window.act = ({ act, path, name, total, what }) => {
    if (act == "move") history.pushState(0, "", path), draw();
    if (act == "track") asklet.track(name, { total });
    if (act == "click") document.querySelector(".buy").click();
    const roots = [...document.querySelectorAll("asklet-prompt")].map(({ shadowRoot }) => shadowRoot);
    const press = (selector) => roots.map((root) => root.querySelector(selector)).find(Boolean)?.click();
    if (act == "prompt" && what == "answer") press("input[value='9']"), press("[part~=button]");
    else if (act == "prompt") press(`[part~=${what}]`);
  };
};

/** Plays the visits; resolves to what was shown, and how often the widget was fetched. */
const play = async (t, { config, steps }, seed, ungated) => {
  const site = await openSite(t);
  const tag = { config: "#config", ...(ungated && { load: "eager" }) };
  const body = `<div id="view"></div><script>draw()</script><script type="application/json" id="config">${JSON.stringify(config)}</script>`;
  for (const path of PATHS) site.put(path, html({ tag, body }));
  site.put("/responses", "", {}, 204);
  const page = await openPage(browser);
  let now = Date.UTC(2027, 0, 4, 9);
  let load = 0;
  // Asked for by each page before its first script: a page's own clock must go on from the last one's.
  let script;
  const setUp = async () => {
    if (script) await page.removeScriptToEvaluateOnNewDocument(script.identifier);
    const given = JSON.stringify({ now, seed, load, ungated });
    script = await page.evaluateOnNewDocument(`window.__case = () => (${given}); (${prepare})()`);
  };
  const rest = () => until("rest", async () => (await page.evaluate(() => atRest())) && !page.underWay.size);
  const shown = [];
  try {
    for (const [number, step] of steps.entries()) {
      if (step.act == "load") {
        now += step.after * 1_000;
        load++;
        await setUp();
        await page.goto(site.url + step.path);
      } else await page.evaluate((step) => act(step), step);
      await rest();
      // Two seconds go by: long enough for a second look at manners, not for the bar of a closed prompt.
      now += 2_000;
      while (!(await page.evaluate((to) => forward(to), now))) await rest();
      await rest();
      const list = await page.evaluate(() => seen.splice(0).filter(([type]) => type == "shown" || type == "error"));
      for (const [type, detail] of list)
        shown.push(type == "shown" ? `${number}: ${detail.survey}[${detail.touchpoint.stage}]` : `${number}: ${detail.message}`);
    }
    assert.deepEqual(page.wrong, []);
    return { shown, fetched: site.log.filter((path) => path.endsWith(".wasm")).length };
  } finally {
    await page.browserContext().close();
  }
};

/** Plays it both ways; fails where they differ. `more`: how to come by it again. */
const compare = async (t, one, seed, more = "") => {
  const steps = one.steps.map((step, number) => `${number}: ${JSON.stringify(step)}`);
  const told = [more, JSON.stringify(one.config), ...steps].join("\n");
  const [lazy, eager] = await Promise.all([play(t, one, seed, false), play(t, one, seed, true)]).catch((error) => {
    throw Error(`${error.message}\n${told}`, { cause: error });
  });
  assert.deepEqual(lazy.shown, eager.shown, `the loader as it is (actual), and all passed on (expected)\n${told}`);
  return { lazy, eager };
};

test(`${CASES} random visits: the loader changes nothing about who is asked`, async (t) => {
  const all = { shown: 0, lazy: 0, eager: 0 };
  for (let seed = SEED; seed < SEED + CASES; seed++) {
    const { lazy, eager } = await compare(t, caseOf(seed), seed, `ASKLET_SEED=${seed} ASKLET_CASES=1`);
    all.shown += eager.shown.length;
    all.lazy += lazy.fetched;
    all.eager += eager.fetched;
  }
  t.diagnostic(JSON.stringify(all));
  // Otherwise nothing was compared.
  if (CASES >= 25) assert.ok(all.shown >= CASES && all.lazy < all.eager, JSON.stringify(all));
});

// What chance seldom comes upon.
const CORNERS = {
  "page views count while a moment waits, even if no touchpoint is about pages": [
    [{ delay: "5s" }, { pages_seen: { gte: 2 } }, [{ act: "move", path: "/help" }, { act: "click" }], 1],
    [{ delay: "5s" }, { pages_seen: { lt: 2 } }, [{ act: "move", path: "/help" }, { act: "click" }], 0],
  ],
  "a moment that waits wakes the widget on a later page": [
    [{ delay: "1h" }, {}, [{ act: "load", path: "/help", after: 70 * MINUTE }], 1],
    [{ delay: "1h" }, {}, [{ act: "load", path: "/help", after: 130 * MINUTE }], 0],
  ],
  "it is cancelled on a page where nothing else happens": [
    [
      { delay: "1h", cancel_on: ["cancelled"] },
      {},
      [{ act: "load", path: "/help", after: MINUTE }, { act: "track", name: "cancelled" }, { act: "load", path: "/", after: 70 * MINUTE }],
      0,
    ],
  ],
};
for (const [name, corners] of Object.entries(CORNERS))
  test(name, async (t) => {
    for (const [more, audience, then, times] of corners) {
      const ordered = { on: "event", name: "ordered", stage: "0", ...more };
      const config = { about: "Acme", delivery: { url: "/responses" }, surveys: [{ id: "s0", ask: "nps", touchpoints: [ordered], audience }] };
      const steps = [{ act: "load", path: "/", after: 0 }, { act: "track", name: "ordered" }, ...then];
      const { eager } = await compare(t, { config, steps }, 1);
      assert.equal(eager.shown.length, times);
    }
  });
