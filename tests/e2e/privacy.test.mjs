// What is kept on the device and what leaves it, read where it lies: in the browser's storage and in the endpoint's.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { event, html, launch, loaded, openEndpoint, openPage, openSite, prompt, seen, settle, until } from "./harness.mjs";

let browser;
before(async (t) => (browser = await launch(t)));

const survey = (id, more) => ({ id, ask: "nps", touchpoints: [{ on: "event", name: id }], ...more });
const note = { questions: [{ id: "note", kind: "text", text: "What went wrong?" }], ask: undefined };

const open = async (t, { privacy, tag, prepare, surveys = [survey("order"), survey("second"), survey("note", note)] } = {}) => {
  const endpoint = await openEndpoint(t);
  const site = await openSite(t);
  const frequency = { quiet: "0s", per_session: 100 };
  site.put("/asklet.json", { about: "Acme", delivery: { url: endpoint.url }, frequency, privacy, surveys });
  site.put("/", html({ tag: { config: "/asklet.json", ...tag } }));
  const page = await openPage(browser, { prepare });
  return { endpoint, site, page, ...follow(site, page, endpoint) };
};

/** Another window of the same visitor's. */
const openWindow = async (site, page, endpoint) => {
  const context = page.browserContext();
  const another = { newPage: () => context.newPage({ type: "window" }) };
  const other = await openPage({ createBrowserContext: async () => another });
  return { page: other, ...follow(site, other, endpoint) };
};

const follow = (site, page, endpoint) => {
  const posted = [];
  page.on("request", (request) => request.url() == endpoint.url && posted.push(request.postData()));
  const ask = prompt(page);
  return {
    ask,
    /** What was sent to the endpoint, whether or not it arrived. */
    posted,
    go: async (path = "/") => {
      await page.goto(site.url + path);
      await loaded(page);
    },
    track: (name) => page.evaluate((name) => asklet.track(name), name),
    shows: (id) => seen(page, `${id} shown`, (id) => seen.some(([type, { survey }]) => type == "shown" && survey == id), id),
    /** Answers the first question. */
    score: async (value) => {
      await ask.choose(value);
      await ask.go();
      await event(page, "answered");
      await ask.asks("reason");
    },
  };
};

/** All that the browser keeps for the site; the databases with every row, by store. */
const stored = (page) =>
  page.evaluate(async () => {
    const settled = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = reject;
      });
    const databases = {};
    for (const { name } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name));
      databases[name] = {};
      for (const store of database.objectStoreNames)
        databases[name][store] = await settled(database.transaction(store).objectStore(store).getAll());
      database.close();
    }
    return {
      local: { ...localStorage },
      session: { ...sessionStorage },
      cookies: document.cookie,
      databases,
      caches: await caches.keys(),
    };
  });

const NOTHING = { local: {}, session: {}, cookies: "", databases: {}, caches: [] };

/** Sees to it that the navigator says so. */
const gpc = () => Object.defineProperty(navigator, "globalPrivacyControl", { value: true });
const dnt = () => Object.defineProperty(navigator, "doNotTrack", { value: "1" });

test("who the visitor is leaves the device as far as the config names it, and not against the browser's signal", async (t) => {
  const visitor = { id: "u-17", attributes: { plan: "pro" } };
  for (const [name, prepare, privacy, expected] of [
    ["no signal", undefined, { attributes: ["plan"] }, visitor],
    ["no attribute named", undefined, undefined, { id: "u-17" }],
    ["an empty list", undefined, { attributes: [] }, { id: "u-17" }],
    ["Global Privacy Control", gpc, { attributes: ["plan"] }, undefined],
    ["Do Not Track", dnt, { attributes: ["plan"], signals: "honour" }, undefined],
    ["Global Privacy Control, ignored", gpc, { attributes: ["plan"], signals: "ignore" }, visitor],
    ["Do Not Track, ignored", dnt, { attributes: ["plan"], signals: "ignore" }, visitor],
  ])
    await t.test(name, async (t) => {
      const { page, endpoint, go, track, score } = await open(t, { prepare, privacy });
      await go();
      await page.evaluate(() => {
        asklet.identify("u-17", { plan: "pro", email: "ann@example.org" });
        asklet.set({ cart: 3 });
      });
      await track("order");
      await score(9);
      // Nor does it lie on the device.
      const [{ document: kept }] = (await stored(page)).databases.asklet.outbox;
      assert.deepEqual(kept.visitor, expected);
      assert.ok(!JSON.stringify(await stored(page)).includes("ann@"));
      await page.evaluate(() => asklet.close());
      const [row] = await endpoint.stored();
      assert.deepEqual(row.visitor, expected);
      assert.deepEqual(page.wrong, []);
    });
});

test("of the page's address the path leaves, or all, or nothing", async (t) => {
  for (const [privacy, part] of [
    [undefined, "/"],
    [{ page: "path" }, "/"],
    [{ page: "full" }, "/?token=s3cret#top"],
    [{ page: "none" }, undefined],
  ]) {
    const { page, site, endpoint, go, track, score } = await open(t, { privacy });
    await go("/?token=s3cret#top");
    await track("order");
    await score(9);
    assert.equal(JSON.stringify((await stored(page)).databases).includes("s3cret"), privacy?.page == "full");
    await page.evaluate(() => asklet.close());
    const [row] = await endpoint.stored();
    assert.equal(row.page, part && site.url + part);
  }
});

test("what is blotted out never lies on the device, and never leaves it", async (t) => {
  const text = "Write to Ann.Lee@shop.example or +43 (1) 234-56 78, order 12/34.";
  const blotted = "Write to [email] or [number], order 12/34.";
  const { page, endpoint, go, track, shows, ask, posted } = await open(t, { privacy: { mask: ["emails", "numbers"] } });
  await go();
  await endpoint.stop();
  await track("note");
  await shows("note");
  await ask.write(text);
  await ask.go();
  assert.equal((await event(page, "answered")).value, blotted);
  await until("an attempt", () => posted.length);
  const kept = await stored(page);
  assert.equal(kept.databases.asklet.outbox[0].document.comment, blotted);
  await endpoint.start();
  await page.evaluate(() => asklet.flush());
  const [row] = await endpoint.stored();
  assert.deepEqual([row.comment, row.answers[0].value], [blotted, blotted]);
  for (const word of ["Lee", "234-56", "56 78"]) {
    assert.ok(!JSON.stringify(kept).includes(word), word);
    assert.ok(!posted.join().includes(word), word);
  }

  // Without a mask it is as it was written.
  const plain = await open(t);
  await plain.go();
  await plain.track("note");
  await plain.shows("note");
  await plain.ask.write(text);
  await plain.ask.go();
  assert.equal((await plain.endpoint.stored())[0].comment, text);
});

test("consent is owed: storage stays empty, and only loader and config are fetched, until it is given", async (t) => {
  for (const [name, options] of [
    ["by the config", { privacy: { consent: "required" } }],
    ["by the tag", { tag: { consent: "required" } }],
  ])
    await t.test(name, async (t) => {
      const { page, site, endpoint, go, track, shows, score } = await open(t, options);
      await go();
      await page.evaluate(() => asklet.identify("u-17"));
      await track("order");
      await settle(page);
      assert.deepEqual(await stored(page), NOTHING);
      assert.deepEqual(site.log, ["/", "/asklet/asklet.js", "/asklet.json"]);
      await go();
      await track("order");
      await settle(page);
      assert.deepEqual(await stored(page), NOTHING);
      assert.deepEqual(site.log.slice(3), ["/", "/asklet/asklet.js", "/asklet.json"]);

      await page.evaluate(() => asklet.consent("granted"));
      await shows("order");
      await score(8);
      const kept = await stored(page);
      assert.deepEqual(Object.keys(kept.local).sort(), ["asklet.consent", "asklet.note", "asklet.visit"]);
      assert.deepEqual([kept.session, kept.cookies, kept.caches, Object.keys(kept.databases)], [{}, "", [], ["asklet"]]);
      assert.equal(JSON.parse(kept.local["asklet.visit"]).pages, 1, "the pages before were not counted");
      await page.evaluate(() => asklet.close());
      await endpoint.stored();

      // It is remembered, and can be taken back: then nothing is left, and nothing happens any more.
      await go();
      await track("second");
      await shows("second");
      await page.evaluate(() => asklet.consent("denied"));
      await prompt(page).gone();
      assert.deepEqual(await stored(page), NOTHING);
      await go();
      await track("second");
      await settle(page);
      assert.deepEqual(await stored(page), NOTHING);
      assert.deepEqual(page.wrong, []);
    });
});

/** A visitor with an answer that waits, and another prompt half answered. */
const openWithAnswers = async (t, options) => {
  const shop = await open(t, options);
  const { page, endpoint, go, track, score, shows, ask, posted } = shop;
  await go();
  await page.evaluate(() => asklet.consent("granted"));
  await endpoint.stop();
  await track("order");
  await score(2);
  await page.evaluate(() => asklet.close());
  await until("an attempt", () => posted.length);
  await track("second");
  await shows("second");
  await ask.choose(1);
  await ask.go();
  await ask.asks("reason");
  await until("both are stored", async () => (await stored(page)).databases.asklet.outbox.length == 2);
  return shop;
};

test("no, and forget: everything is erased though answers wait and a prompt is open, and nothing is sent any more", async (t) => {
  for (const [name, privacy, act, left] of [
    ["denied", undefined, () => asklet.consent("denied"), { "asklet.consent": "denied" }],
    ["denied where it is required", { consent: "required" }, () => asklet.consent("denied"), {}],
    ["forgotten", undefined, () => asklet.forget(), {}],
    ["forgotten where consent is required", { consent: "required" }, () => asklet.forget(), {}],
  ])
    await t.test(name, async (t) => {
      const { page, site, endpoint, go, track, ask, posted } = await openWithAnswers(t, { privacy });
      await page.evaluate(() => (localStorage.cart = "ink"));
      await page.evaluate(act);
      const nothing = { ...NOTHING, local: { ...left, cart: "ink" } };
      assert.deepEqual(await stored(page), nothing);
      await ask.gone();
      await endpoint.start();
      const before = posted.length;
      await track("note");
      await page.evaluate(() => Promise.all([asklet.show("note"), asklet.flush()]));
      await settle(page);
      assert.deepEqual(await stored(page), nothing);

      // Nor on the way out, nor on the next page.
      await go();
      await settle(page);
      const fetched = site.widget().length;
      const runs = name == "forgotten";
      await track("note");
      await settle(page);
      assert.deepEqual(posted.slice(before), []);
      assert.deepEqual(await endpoint.rows(), []);
      if (runs) {
        // A new visitor.
        assert.equal(JSON.parse((await stored(page)).local["asklet.visit"]).pages, 1);
        await ask.asks("went wrong");
      } else {
        assert.equal(site.widget().length, fetched);
        assert.deepEqual(await stored(page), nothing);
      }
      assert.deepEqual(page.wrong.filter((line) => !line.includes("ERR_CONNECTION_REFUSED")), []);
    });
});

test("forgotten in one window: the other stops too, prompt, answers and all", async (t) => {
  for (const [word, left] of [
    ["forget", {}],
    ["denied", { "asklet.consent": "denied" }],
  ])
    await t.test(word, async (t) => {
      const { page, site, endpoint, ask, posted, track } = await openWithAnswers(t);
      const other = await openWindow(site, page, endpoint);
      await other.go();
      // Its widget is there as well, with the database open.
      await other.page.evaluate(() => asklet.explain());
      await other.page.evaluate((word) => (word == "forget" ? asklet.forget() : asklet.consent("denied")), word);
      await ask.gone();
      await endpoint.start();
      const before = [posted.length, other.posted.length];
      const nothing = { ...NOTHING, local: left };
      for (const one of [{ page, track }, other]) {
        await one.track("note");
        await one.page.evaluate(() => void asklet.flush());
        await settle(one.page);
        assert.deepEqual(await stored(one.page), nothing);
      }
      await page.goto("about:blank");
      await settle(other.page);
      assert.deepEqual(await stored(other.page), nothing);
      assert.deepEqual([posted.length, other.posted.length], before);
      assert.deepEqual(await endpoint.rows(), []);
    });
});
