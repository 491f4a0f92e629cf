// A year of a shop in a real browser: on how many page views is the widget fetched, and what do the notes save that it
// leaves to the loader? Run by `cargo xtask bench`; YEAR_VISITORS=n and YEAR_SEED=n change what is simulated.
//
// Visitors are made up, and the same in both runs. Nothing is cached from one page view to the next, so the bytes are an
// upper bound; they are those of brotli.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

process.env.ASKLET_DIST ??= fileURLToPath(new URL("../../dist", import.meta.url));
// The endpoint here is a stub.
process.env.ASKLET_BIN ??= "none";
const { DIST, html, launch, openPage, openSite, until } = await import("../e2e/harness.mjs");

const VISITORS = Number(process.env.YEAR_VISITORS ?? 40);
const SEED = Number(process.env.YEAR_SEED ?? 1);
const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const START = Date.UTC(2027, 0, 1);

const CONFIG = {
  about: "Acme",
  delivery: { url: "/responses" },
  surveys: [
    {
      id: "after-order",
      ask: "nps",
      touchpoints: [{ on: "event", name: "order_placed", delay: "2s", cancel_on: ["order_cancelled"], stage: "purchase" }],
    },
    {
      id: "help",
      ask: "csat",
      placement: "inline",
      touchpoints: [{ on: "page", pages: ["/help/**"] }],
      audience: { sample: 0.5 },
    },
    {
      id: "ticket-solved",
      ask: "ces",
      priority: 10,
      touchpoints: [{ on: "event", name: "ticket_solved", after: { event: "ticket_opened", within: "30d", measure: true } }],
    },
  ],
};

// --- visitors ---------------------------------------------------------------------------------------------------

/** Mulberry32. */
const chance = (seed) => {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, below: (n) => Math.floor(next() * n) };
};

/** The page views of a visitor's year: `{ at, path, track? }`. */
const yearOf = (seed) => {
  const { next, below } = chance(seed);
  const kind = next();
  // Most come once or twice, some each month, a few each week.
  const visits = kind < 0.55 ? 1 : kind < 0.8 ? 2 : kind < 0.93 ? 6 + below(8) : 40 + below(12);
  const times = Array.from({ length: visits }, () => START + next() * 364 * DAY).sort((a, b) => a - b);
  const views = [];
  let ticket = false;
  for (let at of times) {
    const pages = 1 + Math.floor(8 * next() ** 2);
    const visit = Array.from({ length: pages }, () => ({ path: ["/", "/shop", "/shop/1", "/shop/2", "/about"][below(5)] }));
    if (ticket) {
      visit[0] = { path: "/help/tickets", track: "ticket_solved" };
      ticket = false;
    } else if (next() < 0.08) {
      ticket = next() < 0.4;
      visit[pages - 1] = { path: "/help/faq", track: ticket && "ticket_opened" };
    }
    if (next() < 0.03) visit.push({ path: "/thanks", track: "order_placed" });
    for (const view of visit) views.push({ at: (at += (20 + below(100)) * SECOND), ...view });
  }
  return views;
};

// --- the browser ------------------------------------------------------------------------------------------------

const sizes = { "/asklet.json": brotliCompressSync(JSON.stringify(CONFIG)).length };
for (const name of await readdir(DIST)) sizes["/asklet/" + name] = brotliCompressSync(await readFile(join(DIST, name))).length;

/** Before the page's first script: the clock, whether there is a note, and an eye on whether the widget is sent for. */
const prepare = (now, ignored, seed) => {
  if (ignored) delete localStorage["asklet.note"];
  // A visitor's place in a sample, two bytes, is the same in both runs.
  const random = crypto.getRandomValues.bind(crypto);
  crypto.getRandomValues = (array) => (array.length == 2 ? array.fill(Math.imul(seed, 0x9e3779b1) >>> 24) : random(array));
  const { fetch } = window;
  window.fetch = (...args) => {
    window.sentFor ||= /\.wasm/.test(args[0]?.url ?? args[0]);
    return fetch(...args);
  };
  const Real = Date;
  const ahead = now - Real.now();
  window.Date = class extends Real {
    constructor(...args) {
      super(...(args.length ? args : [Real.now() + ahead]));
    }
    static now() {
      return Real.now() + ahead;
    }
  };
};

/** What a visitor does with a prompt. Some do nothing. */
const react = (what) => {
  const root = document.querySelector("asklet-prompt").shadowRoot;
  const press = (selector) => root.querySelector(selector)?.click();
  if (what == "answer") press("input[value='4']"), press("[part~=button]");
  else if (what) press(`[part~=${what}]`) ?? press("[part~=close]");
};
const reaction = (n) => (n < 0.25 ? "answer" : n < 0.55 ? "close" : n < 0.65 ? "later" : n < 0.7 ? "never" : undefined);

const rest = async (page) => {
  for (let quiet = 0; quiet < 4; quiet++) {
    await until("an end of requests", () => {
      if (page.underWay.size) quiet = 0;
      return !page.underWay.size;
    });
    const here = () =>
      new Promise((next) => setTimeout(next, 20)).then(() => !window.sentFor || seen.some(([type]) => type == "ready"));
    await until("the widget", () => page.evaluate(here));
  }
};

const visitor = async (t, browser, site, seed, ignored, sum) => {
  const page = await openPage(browser);
  const { next } = chance(seed + 1_000_000);
  let script;
  for (const { at, path, track } of yearOf(seed)) {
    if (script) await page.removeScriptToEvaluateOnNewDocument(script.identifier);
    script = await page.evaluateOnNewDocument(prepare, at, ignored, seed);
    site.put("/asklet.json", CONFIG, { date: new Date(at).toUTCString() });
    site.log.length = 0;
    const fate = reaction(next());
    await page.goto(site.url + path);
    await until("the loader", () => page.evaluate(() => window.asklet?.version));
    await rest(page);
    if (track) {
      await page.evaluate((name) => asklet.track(name), track);
      await rest(page);
      // Its delay is waited for.
      await until("an end of waiting", () =>
        page.evaluate(() => {
          const count = (...types) => seen.filter(([type]) => types.includes(type)).length;
          return count("eligible") <= count("shown", "suppressed");
        }),
      );
    }
    const shown = await page.evaluate(() => seen.filter(([type]) => type == "shown").map(([, { survey }]) => survey));
    for (const survey of shown) sum.shown[survey] = (sum.shown[survey] ?? 0) + 1;
    if (shown.length && fate) {
      await page.evaluate(react, fate);
      await rest(page);
    }
    sum.views++;
    sum.fetched += site.log.some((path) => path.endsWith(".wasm"));
    for (const path of site.log) sum.bytes += sizes[path] ?? 0;
  }
  if (page.wrong.length) throw Error(page.wrong.join("\n"));
  await page.browserContext().close();
};

const year = async (t, browser, ignored) => {
  const sum = { views: 0, fetched: 0, bytes: 0, shown: {} };
  let next = 0;
  // Two at a time, each on a site of its own.
  const work = async () => {
    const site = await openSite(t);
    const body = `<asklet-survey survey="help"></asklet-survey>`;
    for (const path of ["/", "/shop", "/shop/1", "/shop/2", "/about", "/thanks"]) site.put(path, html());
    for (const path of ["/help/faq", "/help/tickets"]) site.put(path, html({ body }));
    site.put("/responses", "", {}, 204);
    for (; next < VISITORS; process.stderr.write(".")) await visitor(t, browser, site, SEED * 10_000 + next++, ignored, sum);
  };
  await Promise.all([work(), work()]);
  return sum;
};

// --- the table --------------------------------------------------------------------------------------------------

const ends = [];
const t = { after: (end) => ends.unshift(end) };
try {
  const browser = await launch(t);
  const rows = { "notes as built": await year(t, browser, false), "notes ignored": await year(t, browser, true) };
  console.log(`${VISITORS} visitors, a year, seed ${SEED}; nothing cached\n`);
  for (const [name, { views, fetched, bytes, shown }] of Object.entries(rows)) {
    const prompts = Object.entries(shown).sort().map(([survey, times]) => `${survey} ${times}`);
    console.log(`${name}
  page views                          ${views}
  page views that fetched the widget  ${fetched} (${((100 * fetched) / views).toFixed(1)} %)
  bytes a page view, on average       ${Math.round(bytes / views)}
  prompts shown                       ${prompts.join(", ") || "none"}\n`);
  }
} finally {
  for (const end of ends) await end();
}
