// What a fault befalls: visitors with a browser each (or several in one), a site, and a collector; and the account of it.
// `acknowledged` are the answers whose `queued` event the page has told us of, `accepted` those in the collector's log.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { launch } from "./browsers.mjs";
import { generator, openCollector } from "./collector.mjs";

process.env.ASKLET_DIST ??= fileURLToPath(new URL("../../dist", import.meta.url));
// The endpoint here is the collector.
process.env.ASKLET_BIN ??= "none";
const { html, openSite } = await import("../e2e/harness.mjs");

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

/** Resolves to what `look` returns once that is something; to nothing if that takes longer than `patience`. */
export const soon = async (look, patience = 20 * SECOND) => {
  for (const end = Date.now() + patience; ; await pause(20)) {
    const found = await look();
    if (found || Date.now() > end) return found;
  }
};

/**
 * Runs in each page before everything else. The address says how the page is: `ahead` its clock in milliseconds, `without`
 * locks, or with a database that `throws` or is `absent`. What Asklet tells the page goes to the console: that is a message to
 * another process at once, and outlives this one.
 */
const prelude = () => {
  const want = new URLSearchParams(location.search);
  window.ahead = Number(want.get("ahead") ?? 0);
  const { now } = Date;
  Date.now = () => now() + window.ahead;
  if (want.has("nolocks")) delete Navigator.prototype.locks;
  const database = want.get("database");
  const blocked = () => {
    throw new DOMException("blocked", "SecurityError");
  };
  if (database == "throws") Object.defineProperty(window, "indexedDB", { get: blocked });
  if (database == "absent") Object.defineProperty(window, "indexedDB", { value: undefined });
  for (const type of ["queued", "delivered", "parked", "evicted", "error"])
    document.addEventListener("asklet:" + type, ({ detail }) => console.log("asklet " + JSON.stringify([type, detail])));

  const field = () => document.querySelector("asklet-prompt")?.shadowRoot?.querySelector("textarea");
  const heard = (type) => new Promise((resolve) => document.addEventListener(type, ({ detail }) => resolve(detail), { once: true }));
  /** Has the prompt come up. */
  window.ask = async (survey = "said") => {
    await asklet.show(survey);
    while (!field()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  /** Answers the question that is shown. */
  window.submit = (words) => {
    field().value = words;
    document.querySelector("asklet-prompt").shadowRoot.querySelector("[part~=button]").click();
  };
  /** Both, and resolves to the answer's id once the page was told that it is kept. */
  window.answer = async (words, survey, stay) => {
    await ask(survey);
    const queued = heard("asklet:queued");
    submit(words);
    const { id } = await queued;
    // What the visitor reads at that moment. (`status` is the browser's.)
    window.status_ = document.querySelector("asklet-prompt").shadowRoot.querySelector("[part~=status]")?.textContent;
    if (!stay) asklet.close();
    return id;
  };
};

const question = (id) => ({ id, kind: "text", text: `What about ${id}?` });

/** The config; `more` goes into `delivery`. */
const config = (url, more) => ({
  delivery: { url, ...more },
  surveys: [
    // With a last word, on which the prompt says what became of the answer.
    { id: "said", questions: [question("words"), { id: "thanks", kind: "statement", text: "Thank you." }], touchpoints: [{ on: "event", name: "never" }] },
    { id: "two", questions: [question("words"), question("more")], touchpoints: [{ on: "event", name: "never" }] },
  ],
});

/** What a page tells, for Node's side of it. */
const TOLD = "asklet ";

/** A world for one cell. `kind`: the browser's. */
export const openWorld = async (kind, { seed = 1, latency } = {}) => {
  const endings = [];
  const site = await openSite({ after: (end) => endings.push(end) });
  const collector = await openCollector({ seed, latency });
  const profile = await mkdtemp(join(tmpdir(), "asklet-faults-"));
  const { port } = new URL(site.url);
  const kept = { "cache-control": "max-age=600" };
  site.put("/asklet.json", config(collector.url));
  site.put("/", html({ head: `<script>(${prelude})()</script>` }), kept);
  site.put("/strict", html({ head: `<meta http-equiv="content-security-policy" content="connect-src 'self'"><script>(${prelude})()</script>` }));
  site.put("/away", "<!doctype html><title>Away</title>", kept);

  /** What each acknowledged answer is known by: `{ revision, words, host }` by id. */
  const acknowledged = new Map();
  const events = [];
  const wrong = [];
  const taken = new Set(); // Taken back by forget().
  const browsers = new Set();
  const tabs = new Set();
  let tokens = 0;

  const hear = (page, host) =>
    page.on("console", (message) => {
      const text = message.text();
      if (!text.startsWith(TOLD)) return;
      const [type, detail] = JSON.parse(text.slice(TOLD.length));
      events.push({ type, host, at: Date.now(), ...detail });
      if (type == "queued") {
        const before = acknowledged.get(detail.id);
        if (!(before?.revision >= detail.revision)) acknowledged.set(detail.id, { revision: detail.revision, host });
      }
    });

  const world = {
    kind,
    site,
    collector,
    profile,
    events,
    wrong,
    taken,
    acknowledged,
    random: generator(seed * 7919),
    /** The browser that is running. */
    browser: undefined,

    /** Starts the browser on this world's profile. */
    start: async (options) => {
      world.browser = await launch(kind, profile, options);
      browsers.add(world.browser);
      return world.browser;
    },

    /** Kills the browser; the next `visit` starts it anew, on the same profile. */
    kill: async () => {
      const { browser } = world;
      world.browser = undefined;
      browsers.delete(browser);
      tabs.clear();
      await browser?.kill();
    },

    /** The origin of a visitor: each has a device of its own, as far as the page can tell. */
    origin: (host) => `http://${host}.localhost:${port}`,

    /** A tab on the site of visitor `host`. */
    visit: async (host = "a", { path = "/", prepare, ...query } = {}) => {
      if (!world.browser) await world.start();
      const page = await world.browser.newPage();
      page.setDefaultTimeout(60 * SECOND);
      hear(page, host);
      await prepare?.(page);
      const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined));
      await page.goto(`${world.origin(host)}${path}?${search}`);
      if (path != "/away") await soon(() => page.evaluate(() => !!window.asklet?.version));
      tabs.add(page);
      page.once("close", () => tabs.delete(page));
      return Object.assign(page, { host });
    },

    /** The tabs that are open. */
    tabs: () => [...tabs],

    /** Words that no other answer has. */
    words: (more = "") => `w${++tokens}-${kind}${more}`,

    /** Gives an answer in a tab, and resolves to its id once it is acknowledged. */
    answer: async (page, { survey, stay, more } = {}) => {
      const id = await page.evaluate((words, survey, stay) => answer(words, survey, stay), world.words(more), survey, stay);
      await soon(() => acknowledged.has(id));
      return id;
    },

    expect: (holds, what) => holds || wrong.push(what),

    /** Whether the collector has these answers, or all. */
    has: (ids = [...acknowledged.keys()]) => {
      const there = new Map();
      for (const { document } of collector.accepted)
        there.set(document.id, Math.max(document.revision, there.get(document.id) ?? 0));
      return ids.every((id) => taken.has(id) || there.get(id) >= (acknowledged.get(id)?.revision ?? 1));
    },

    /** Has a tab try until the collector has `ids`, or all of them; true if it has. */
    drain: async (page, ids, patience = 20 * SECOND) => {
      const end = Date.now() + patience;
      while (!world.has(ids) && Date.now() < end) {
        await Promise.race([page.evaluate(() => void asklet.flush()), pause(2 * SECOND)]);
        await soon(() => world.has(ids), 300);
      }
      return world.has(ids);
    },

    outbox: (page) => page.evaluate(() => asklet.outbox()),

    /**
     * The end: the collector accepts all, and each visitor who is still owed something comes back a day later. Returns the
     * account: `{ acknowledged, accepted, kept, lost, raw, repeats, wrong }`.
     */
    settle: async ({ parked = false } = {}) => {
      await collector.accept();
      const missing = () => [...acknowledged].filter(([id]) => !world.has([id]));
      let kept = new Set();
      // Whose page has not heard that all of it arrived has something on the device that is sent once more.
      const heard = (id) => events.some((event) => event.type == "delivered" && event.id == id);
      const open = [...acknowledged].filter(([id]) => !taken.has(id) && !(heard(id) && world.has([id])));
      for (const host of new Set(open.map(([, { host }]) => host))) {
        const page = await world.visit(host, { ahead: DAY + 7 * HOUR });
        const ids = missing().filter(([, one]) => one.host == host).map(([id]) => id);
        const box = await world.outbox(page);
        for (const { id } of box.parked) kept.add(id);
        const { books } = box;
        const sum = books.delivered + books.waiting + books.parked + books.evicted + (books.purged ?? 0);
        world.expect(books.enqueued == sum, `the books of ${host} do not balance: ${JSON.stringify(books)}`);
        await world.drain(page, ids.filter((id) => !kept.has(id)));
        await soon(async () => !(await world.outbox(page)).waiting.length, 3 * SECOND);
        // What was refused is put back, where that can be done, and has to arrive too.
        if (kept.size && (await page.evaluate(() => asklet.retry?.().then(() => true)))) {
          kept = new Set();
          await world.drain(page, ids);
        }
        await page.close();
      }
      if (!parked && kept.size) wrong.push(`parked: ${[...kept].length}`);
      const lost = missing().filter(([id]) => !taken.has(id) && !kept.has(id));

      const documents = collector.accepted.map(({ document }) => document);
      const names = new Map();
      const bodies = new Map();
      for (const document of documents) {
        const words = document.comment ?? "";
        names.set(words, (names.get(words) ?? new Set()).add(document.id));
        const key = `${document.id} ${document.revision}`;
        const body = JSON.stringify(document);
        if (bodies.has(key) && bodies.get(key) != body) wrong.push(`${key} was sent with two bodies`);
        bodies.set(key, body);
      }
      // One answer under two ids is what no receiver can drop.
      const repeats = [...names].reduce((sum, [words, ids]) => sum + (words ? ids.size - 1 : 0), 0);
      return {
        acknowledged: [...acknowledged.keys()].filter((id) => !taken.has(id)).length,
        accepted: new Set(documents.map(({ id }) => id)).size,
        kept: kept.size,
        lost: lost.length,
        raw: documents.length - bodies.size,
        repeats,
        wrong,
      };
    },

    /** Changes the config's `delivery` for the pages to come. */
    deliver: (more) => site.put("/asklet.json", config(collector.url, more)),

    close: async () => {
      for (const browser of browsers) await browser.kill();
      await collector.close();
      for (const end of endings) await end();
      await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
  return world;
};
