// Consent, and forgetting, seen from outside: what the browser has stored, and what was fetched. A probe stands in the
// widget's place; the databases are made by hand.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { awayAndBack, html, launch, loaded, settle, until } from "./harness.mjs";
import { config, follow, open as openWith, ordered, part, survey } from "./probe.mjs";

let browser;
before(async (t) => (browser = await launch(t)));
const open = (t, options) => openWith(t, browser, options);

const everything = [
  survey("event", ordered),
  survey("page", { on: "page" }),
  survey("click", { on: "click", selector: "h1" }),
  survey("inline", { on: "page" }, { placement: "inline" }),
  survey("dwell", { on: "dwell", for: "0s" }),
];
const required = { ...config(...everything), privacy: { consent: "required" } };
const free = config(...everything);
const NOTHING = { local: {}, session: {}, databases: [], cookies: "", caches: [] };

/** All that the browser keeps for the site. */
const stored = (page) =>
  page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: (await indexedDB.databases()).map(({ name }) => name),
    cookies: document.cookie,
    caches: await caches.keys(),
  }));

/** What a visitor does on a page. */
const visit = async (page) => {
  await page.evaluate(() => {
    asklet.track("order_placed", { total: 7 });
    asklet.identify("v-7", { plan: "pro" });
    asklet.set({ plan: "free" });
    asklet.close();
    document.body.append(document.createElement("asklet-survey"));
    document.querySelector("asklet-survey").setAttribute("survey", "inline");
    history.pushState(0, "", "/other");
  });
  await page.click("h1");
  await settle(page);
};

/** A database as the widget makes it. */
const store = () =>
  new Promise((resolve, reject) => {
    const open = indexedDB.open("asklet", 1);
    open.onupgradeneeded = () => open.result.createObjectStore("outbox", { keyPath: "id" }).put({ id: 1 });
    open.onsuccess = () => resolve(open.result.close());
    open.onerror = reject;
  });

/** Whatever Asklet and the page may have left on the device. */
const leave = async (page) => {
  await page.evaluate(store);
  await page.evaluate(() => {
    for (const name of ["visit", "note", "later"]) localStorage["asklet." + name] = "{}";
    localStorage.cart = "ink";
  });
};

test("consent required: nothing is written, nothing fetched beyond loader and config, until it is granted", async (t) => {
  for (const [name, options, asked] of [
    ["by the config", { config: required }, "/asklet.json"],
    ["by the tag", { config: free, tag: { config: "/asklet.json", consent: "required" } }, "/asklet.json"],
    ["by the tag, eagerly", { config: free, tag: { config: "/asklet.json", consent: "required", load: "eager" } }, "/asklet.json"],
    ["by a slip of the pen", { config: { ...free, privacy: { consent: "requierd" } } }, "/asklet.json"],
    ["by an odd value", { config: { ...free, privacy: { consent: null } } }, "/asklet.json"],
    ["by the tag alone", { tag: { endpoint: "/responses", ask: "nps", about: "Acme", on: "order_placed", consent: "required" } }],
  ])
    await t.test(name, async (t) => {
      const { site, page, go, calls } = await open(t, options);
      await go();
      await visit(page);
      const fetched = ["/", "/asklet/asklet.js", ...(asked ? [asked] : [])];
      assert.deepEqual(site.log, fetched);
      assert.deepEqual(await stored(page), NOTHING);

      // It says so, and goes on waiting.
      const explained = await page.evaluate(() => asklet.explain());
      const rules = [{ rule: "consent", wants: "granted", found: "owed", holds: false }];
      const ids = asked ? everything.map(({ id }) => id) : ["nps"];
      assert.deepEqual(explained, ids.map((survey) => ({ survey, asks: false, rules })));
      assert.equal((await page.evaluate((id) => asklet.explain(id), ids[0])).length, 1);
      assert.deepEqual(await page.evaluate(() => asklet.explain("unheard_of")), []);
      assert.deepEqual(site.log, [...fetched, part("debug")]);
      assert.deepEqual(await stored(page), NOTHING);

      // What was called meanwhile is made good, as it was then.
      await page.evaluate(() => asklet.consent("granted"));
      await until("the signals", async () => (await calls()).length >= 4);
      const [start, ...rest] = await calls();
      assert.deepEqual([start[0], start[2].session, start[2].pages], ["start", 1, 1]);
      assert.deepEqual(rest.slice(0, 3).map(([method, first]) => [method, first?.name ?? first, first?.url]), [
        ["signal", "order_placed", site.url + "/"],
        ["identify", "v-7", undefined],
        ["set", { plan: "free" }, undefined],
      ]);
      const { local } = await stored(page);
      assert.deepEqual(Object.keys(local).sort(), ["asklet.consent", "asklet.visit"]);
      assert.equal(local["asklet.consent"], "granted");
      assert.deepEqual(page.wrong, []);
    });
});

test("what is granted is remembered; what the tag knows counts where nothing is remembered", async (t) => {
  const { site, page, go, methods } = await open(t, { config: required });
  await go();
  await page.evaluate(() => asklet.consent("granted"));
  await until("start", async () => (await methods())[0] == "start");
  await go();
  await until("start", async () => (await methods())[0] == "start");
  assert.equal((await stored(page)).local["asklet.consent"], "granted");

  for (const [consent, remembered, runs] of [
    ["granted", undefined, true],
    ["granted", "denied", false],
    ["denied", undefined, false],
    ["denied", "granted", true],
    ["required", "granted", true],
    ["", undefined, false],
  ]) {
    const { page, go, calls } = await open(t, { config: required, tag: { config: "/asklet.json", consent }, site });
    site.put("/bare", html({ tag: null }));
    await go("/bare");
    if (remembered) await page.evaluate((word) => (localStorage["asklet.consent"] = word), remembered);
    const kept = (await stored(page)).local;
    await go();
    if (runs) await until("start", async () => (await calls()).length);
    await settle(page);
    assert.equal((await calls()).length > 0, runs, `${consent}, ${remembered}`);
    const { "asklet.visit": counted, ...local } = (await stored(page)).local;
    assert.equal(Boolean(counted), runs);
    assert.deepEqual(local, kept, "the tag's word is not written down");
  }
});

test("a config that looks wrong is not looked at before consent", async (t) => {
  const { site, page, go } = await open(t, { config: { ...required, surveys: [7, ...everything] } });
  await go();
  assert.deepEqual(site.log, ["/", "/asklet/asklet.js", "/asklet.json"]);
  assert.equal((await page.evaluate(() => asklet.explain())).length, everything.length);
  assert.deepEqual(page.wrong, []);
});

test("denied: everything is erased; the word stays only where consent is not required", async (t) => {
  for (const [given, kept] of [[required, {}], [free, { "asklet.consent": "denied" }]]) {
    const { site, page, go, calls, methods, signals } = await open(t, {
      config: given,
      // Held until it is let go of, as the widget would hold it.
      prepare: () => (window.answer = (method) => method == "forget" && new Promise((done) => setTimeout(done, 50))),
    });
    await go();
    await leave(page);
    await page.evaluate(() => asklet.consent("granted"));
    await until("signals", async () => (await signals()).length);
    const before = (await calls()).length;
    const after = await page.evaluate(async () => {
      const said = [];
      const stop = asklet.on("shown", ({ survey }) => said.push(survey));
      const waiting = asklet.outbox();
      await asklet.consent("denied");
      document.dispatchEvent(new CustomEvent("asklet:shown", { detail: { survey: "a" } }));
      stop();
      return [await waiting, await asklet.outbox(), await asklet.show("page"), said];
    });
    // The page's own listeners are the page's.
    assert.deepEqual(after, [null, null, null, ["a"]]);
    assert.deepEqual(await stored(page), { ...NOTHING, local: { cart: "ink", ...kept } });
    assert.equal((await methods()).filter((method) => method == "forget").length, 1);

    await visit(page);
    const later = (await calls()).slice(before).map(([method]) => method);
    assert.deepEqual(later.filter((method) => method != "forget"), [], "nothing is told any more");
    assert.deepEqual(await page.evaluate(() => asklet.explain("page")), [
      { survey: "page", asks: false, rules: [{ rule: "consent", wants: "granted", found: "denied", holds: false }] },
    ]);
    assert.deepEqual(await stored(page), { ...NOTHING, local: { cart: "ink", ...kept } });

    // The next page.
    site.log.length = 0;
    await go();
    await visit(page);
    assert.deepEqual(site.log, ["/", "/asklet/asklet.js", "/asklet.json"]);
    assert.deepEqual(await stored(page), { ...NOTHING, local: { cart: "ink", ...kept } });

    // Another mind, on the same page.
    await page.evaluate(() => asklet.consent("granted"));
    await until("start", async () => (await methods()).includes("start"));
    assert.equal((await stored(page)).local["asklet.consent"], "granted");
    assert.deepEqual(page.wrong, []);
  }
});

test("denied and granted in one breath, and before there is a config", async (t) => {
  const say = (...words) => `<script>window.asklet = [${words.map((word) => `["consent", "${word}"]`)}, ["track", "order_placed"]];</script>`;
  for (const [given, words, runs, kept] of [
    [required, ["denied", "granted"], true, "granted"],
    [required, ["granted"], true, "granted"],
    [required, ["denied"], false, undefined],
    [free, ["denied"], false, "denied"],
    [free, ["granted", "denied"], false, "denied"],
    [free, ["Granted"], false, undefined],
  ]) {
    const { page, go, calls } = await open(t, { config: given, head: say(...words) });
    await go();
    if (runs) await until("start", async () => (await calls()).length);
    await settle(page);
    const told = (await calls()).map(([method, first]) => first?.name ?? method);
    assert.deepEqual(told.slice(0, 2), runs ? ["start", "order_placed"] : [], words.join());
    assert.equal((await stored(page)).local["asklet.consent"], kept, words.join());
    assert.deepEqual(page.wrong, []);
  }

  // Once more while the page lives: the widget is told in order.
  const { page, go, methods } = await open(t, { config: free });
  await go();
  await until("start", async () => (await methods()).includes("start"));
  await page.evaluate(() => Promise.all([asklet.consent("denied"), asklet.consent("granted")]));
  await until("start again", async () => (await methods()).filter((method) => method == "start").length == 2);
  assert.deepEqual((await methods()).filter((method) => method != "signal"), ["start", "forget", "start"]);
  assert.equal((await stored(page)).local["asklet.consent"], "granted");
});

test("forget() erases everything, and Asklet stops until the next page load or configure()", async (t) => {
  const { page, go, methods, signals } = await open(t, { config: free });
  await go();
  await leave(page);
  await page.evaluate(() => asklet.consent("granted"));
  await until("signals", async () => (await signals()).length);
  await page.evaluate(() => asklet.forget());
  assert.deepEqual(await stored(page), { ...NOTHING, local: { cart: "ink" } });
  const before = await methods();
  await visit(page);
  await page.evaluate(async () => {
    await asklet.consent("granted");
    await Promise.all([asklet.explain(), asklet.flush(), asklet.show("page")]);
  });
  assert.deepEqual(await methods(), before);
  assert.deepEqual(await stored(page), { ...NOTHING, local: { cart: "ink" } });

  await page.evaluate((config) => asklet.configure(config), free);
  await until("start", async () => (await methods()).filter((method) => method == "start").length == 2);
  assert.equal(JSON.parse((await stored(page)).local["asklet.visit"]).pages, 1, "a new visitor");

  // Without waiting for it, the new beginning comes after the end.
  await page.evaluate((config) => {
    asklet.forget();
    asklet.configure(config);
  }, free);
  await until("start", async () => (await methods()).filter((method) => method == "start").length == 3);
  assert.deepEqual((await methods()).filter((method) => method != "signal").slice(-2), ["forget", "start"]);

  await page.evaluate(() => asklet.forget());
  await go();
  await until("start", async () => (await methods()).length);
  assert.equal(JSON.parse((await stored(page)).local["asklet.visit"]).pages, 1);

  // Where consent is required, it has to be given anew.
  const owed = await open(t, { config: required });
  await owed.go();
  await owed.page.evaluate(() => asklet.consent("granted"));
  await owed.page.evaluate(() => asklet.forget());
  await owed.page.evaluate((config) => asklet.configure(config), required);
  await settle(owed.page);
  assert.deepEqual(await stored(owed.page), NOTHING);
  assert.equal((await owed.page.evaluate(() => asklet.explain()))[0].rules[0].found, "owed");
  assert.deepEqual([...page.wrong, ...owed.page.wrong], []);
});

test("forget() before there is a config, or a widget", async (t) => {
  for (const held of [/asklet\.json$/, /wasm$/]) {
    const { site, page } = await open(t, { config: free });
    let letGo;
    site.hold(held, () => new Promise((resolve) => (letGo = resolve)));
    await page.goto(site.url, { waitUntil: "domcontentloaded" });
    await loaded(page);
    await until("asked for", () => letGo);
    await page.evaluate(() => asklet.forget());
    letGo();
    await settle(page);
    assert.deepEqual(await stored(page), NOTHING);
    assert.deepEqual(await page.evaluate(() => window.calls ?? []), []);
    assert.deepEqual(site.widget().length, held.test("wasm") ? 2 : 0);
    assert.deepEqual(page.wrong, []);
  }
});

test("another tab that erases everything stops this one", async (t) => {
  for (const word of ["forget", "denied"]) {
    const { site, page, go, methods, signals } = await open(t, { config: free });
    await go();
    await until("signals", async () => (await signals()).length);
    const other = await page.browserContext().newPage();
    await other.goto(site.url);
    await loaded(other);
    await until("signals", async () => (await follow(site, other).signals()).length);
    await other.evaluate((word) => (word == "forget" ? asklet.forget() : asklet.consent("denied")), word);
    await until("forget", async () => (await methods()).includes("forget"));
    const before = await methods();
    await page.bringToFront();
    await visit(page);
    assert.deepEqual(await methods(), before);
    assert.deepEqual(await stored(page), { ...NOTHING, local: word == "denied" ? { "asklet.consent": "denied" } : {} });
    assert.deepEqual(page.wrong, []);
  }
});

test("a page that was put aside meanwhile stops when it comes back", async (t) => {
  const { site, page, go, methods } = await open(t, {
    config: { ...required, surveys: [survey("event", ordered)] },
    headers: { "cache-control": "max-age=60" },
  });
  site.put("/away", html(), { "cache-control": "max-age=60" });
  await go();
  await page.evaluate(() => asklet.consent("granted"));
  const meanwhile = async () => {
    await loaded(page);
    await page.evaluate(() => asklet.consent("denied"));
    assert.deepEqual(await stored(page), NOTHING);
  };
  if (!(await awayAndBack(page, site.url + "/away", meanwhile))) return t.skip("this browser did not put the page into its cache");
  await visit(page);
  assert.deepEqual(await methods(), []);
  assert.deepEqual(await stored(page), NOTHING);
});

test("storage that is blocked: consent lasts as long as the page", async (t) => {
  const { page, go, methods } = await open(t, {
    config: required,
    prepare: () => {
      for (const name of ["localStorage", "indexedDB"])
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException("blocked", "SecurityError");
          },
        });
    },
  });
  await go();
  assert.deepEqual(await methods(), []);
  await page.evaluate(() => asklet.consent("granted"));
  await until("start", async () => (await methods()).includes("start"));
  await page.evaluate(() => asklet.consent("denied"));
  await page.evaluate(() => asklet.forget());
  assert.equal((await methods()).at(-1), "forget");
  assert.deepEqual(page.wrong, []);
});
