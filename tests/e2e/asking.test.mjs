// When a visitor is asked, told as visitors live it: over reloads, days, tabs, bad moments and wrong clocks. Real widget, real
// storage; only the page's clock is moved (its timers stay real).

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { event, html, launch, loaded, openEndpoint, openPage, openSite, prompt, seen, settle, until } from "./harness.mjs";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let browser;
before(async (t) => (browser = await launch(t)));

/** Nothing but touchpoints and audience decides. */
const always = { quiet: "0s", per_session: 100, declined: "0s", answered: "0s" };
/** A survey that is never asked: it counts marks, and so tells how far signals have been looked at. */
const marker = { id: "marker", ask: "csat", touchpoints: [{ on: "event", name: "mark", nth: 1000 }] };
const ordered = { on: "event", name: "order_placed" };
const survey = (id, touchpoint, more) => ({ id, ask: "nps", touchpoints: [touchpoint], ...more });

/** A shop with the pages `/`, `/a` and `/b`. `inline`: the config stands in the page, so no server's clock is seen. */
const open = async (t, { surveys, frequency = always, body = "", inline, headers }) => {
  const site = await openSite(t);
  const endpoint = await openEndpoint(t);
  const config = { about: "Acme", delivery: { url: endpoint.url }, frequency, surveys: [...surveys, marker] };
  const head = inline && `<script type="application/json" id="config">${JSON.stringify(config)}</script>`;
  site.put("/asklet.json", config, headers);
  for (const path of ["/", "/a", "/b"]) site.put(path, html({ head, body, tag: { config: inline ? "#config" : "/asklet.json" } }));
  const page = await openPage(browser);
  return { site, endpoint, page, ...follow(site, page) };
};

/** Another page of the same visitor's, in a window of its own, so that both can be seen. */
const openWindow = async (site, page) => {
  const context = page.browserContext();
  const another = { newPage: () => context.newPage({ type: "window" }) };
  const other = await openPage({ createBrowserContext: async () => another });
  return { page: other, ...follow(site, other) };
};

/** Has the page's clock go ahead by so much from now on, on pages to come as on this one. */
const setClock = async (page, ahead) => {
  const set = (ahead) => {
    const Real = (window.RealDate ??= Date);
    const now = () => Real.now() + ahead;
    window.Date = class extends Real {
      constructor(...args) {
        super(...(args.length ? args : [now()]));
      }
      static now() {
        return now();
      }
    };
  };
  await page.evaluateOnNewDocument(set, ahead);
  await page.evaluate(set, ahead);
};

/** Has the page itself send its visitor to another. */
const leaveFor = async (page, path) => {
  await page.evaluate((path) => void (location.href = path), path);
  await until(path, () => page.evaluate((path) => location.pathname == path && !!window.asklet?.version, path).catch(() => {}));
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
    return { local: { ...localStorage }, session: { ...sessionStorage }, cookies: document.cookie, databases };
  });

/** What the device remembers of having asked. */
const memory = async (page) => {
  const { databases } = await stored(page);
  const { id, ...row } = databases.asklet?.meta.find(({ id }) => id == "visitor") ?? {};
  return { surveys: {}, counts: {}, moments: [], ...row };
};

const follow = (site, page) => {
  const track = (name, properties) => page.evaluate((...args) => asklet.track(...args), name, properties);
  const asked = () => page.evaluate(() => seen.filter(([type]) => type == "shown").map(([, { survey }]) => survey));
  return {
    ask: prompt(page),
    track,
    /** The surveys that were shown on this page, in order. */
    asked,
    shows: (id) => seen(page, `${id} shown`, (id) => seen.some(([type, { survey }]) => type == "shown" && survey == id), id),
    met: (id) => seen(page, `${id} met`, (id) => seen.some(([type, { survey }]) => type == "eligible" && survey == id), id),
    go: async (path = "/") => {
      await page.goto(site.url + path);
      await loaded(page);
    },
    /** The rules of a survey by name; the last of each where there are several. */
    rules: async (id) => {
      const [{ rules }] = await page.evaluate((id) => asklet.explain(id), id);
      return Object.fromEntries(rules.map((verdict) => [verdict.rule, verdict]));
    },
    /** Waits until everything that was tracked so far has been looked at; what the device remembers then. */
    sunkIn: async () => {
      const marks = (remembered) => remembered.counts.marker?.[0].seen ?? 0;
      const before = marks(await memory(page));
      await track("mark");
      return until("a mark", async () => {
        const now = await memory(page);
        return marks(now) > before && now;
      });
    },
  };
};

/** Those of the rules that speak against it. */
const against = (rules) => Object.values(rules).flatMap(({ rule, touchpoint, holds }) => (holds || touchpoint != null ? [] : rule));

test("the third order asks, the fourth does not; each second export does: counts outlive reloads", async (t) => {
  const { page, go, track, sunkIn, asked, shows, ask } = await open(t, {
    surveys: [survey("third", { ...ordered, nth: 3 }), survey("export", { on: "event", name: "exported", every: 2 }, { ask: "csat" })],
  });
  for (const [name, id, asks] of [
    ["order_placed", "third", [false, false, true, false, false, false]],
    ["exported", "export", [false, true, false, true]],
  ])
    for (const [index, due] of asks.entries()) {
      await go();
      await track(name);
      if (due) {
        await shows(id);
        await ask.asks("Acme");
        await page.evaluate(() => asklet.close());
        await ask.gone();
      }
      const { counts, moments } = await sunkIn();
      assert.equal(counts[id][0].seen, index + 1);
      assert.deepEqual(moments, [], "nothing waits");
      assert.deepEqual(await asked(), due ? [id] : []);
    }
  assert.deepEqual(page.wrong, []);
});

test("solved a day after it was opened: the time between is in the response, and one opening serves once", async (t) => {
  const after = { event: "ticket_opened", within: "30d", measure: true };
  const { page, endpoint, go, track, sunkIn, asked, shows, ask } = await open(t, {
    surveys: [survey("solved", { on: "event", name: "ticket_solved", after, delay: "1s" }, { ask: "ces" })],
  });
  await go();
  await track("ticket_solved");
  assert.deepEqual((await sunkIn()).moments, [], "nothing was opened");

  const from = Date.now();
  await track("ticket_opened");
  const { counts } = await sunkIn();
  assert.ok(counts.solved[0].after >= from);

  await setClock(page, 26 * HOUR);
  await go("/a");
  await track("ticket_solved");
  // It is in tenths of a second.
  const most = (Date.now() - from) / SECOND + 26 * 3600 + 0.1;
  await shows("solved");
  await ask.choose(6);
  await ask.go();
  await event(page, "answered");
  await page.evaluate(() => asklet.close());
  const [row] = await endpoint.stored();
  assert.ok(row.turnaround_seconds >= 26 * 3600 && row.turnaround_seconds <= most, `${row.turnaround_seconds}, ${most}`);

  await track("ticket_solved");
  const used = await sunkIn();
  assert.deepEqual([used.moments, used.counts.solved[0].after ?? null], [[], null], "it was used up");

  await track("ticket_opened");
  await sunkIn();
  await setClock(page, 26 * HOUR + 31 * DAY);
  await go();
  await track("ticket_solved");
  assert.deepEqual((await sunkIn()).moments, [], "too long ago");
  assert.deepEqual(await asked(), []);

  // Within the time it would have been asked.
  await track("ticket_opened");
  await track("ticket_solved");
  await shows("solved");
  assert.deepEqual(page.wrong, []);
});

test("a delay outlives a page load, and the next page fetches the widget when it is due, not before", async (t) => {
  const { page, site, go, track, met, asked, shows, ask } = await open(t, {
    surveys: [survey("after-order", { ...ordered, pages: ["/a"], delay: "1h" })],
  });
  await go("/a");
  await track("order_placed");
  await met("after-order");
  const fetched = site.widget().length;
  assert.ok(fetched > 0);
  await leaveFor(page, "/b");
  await settle(page);
  assert.deepEqual([site.widget().length, await asked()], [fetched, []]);

  // A second before it is due; timers are real.
  await setClock(page, HOUR - SECOND);
  await go("/b");
  await shows("after-order");
  await ask.asks("recommend Acme");
  assert.ok(site.widget().length > fetched);
  const left = JSON.parse((await stored(page)).local["asklet.note"]);
  assert.equal(left.due, undefined, "nothing is due any more");
  assert.deepEqual(page.wrong, []);
});

test("a second after the order, on the next page, and the widget is not fetched there before", async (t) => {
  const { page, site, go, track, met, shows } = await open(t, { surveys: [survey("after-order", { ...ordered, delay: "1s" })] });
  await go("/a");
  // The widget is there, as after any earlier touchpoint.
  await page.evaluate(() => asklet.explain());
  await page.evaluate(() => asklet.track("order_placed"));
  await met("after-order");
  await leaveFor(page, "/b");
  await shows("after-order");
  assert.equal(page.url(), site.url + "/b");
  assert.deepEqual(page.wrong, []);
});

test("the order is cancelled on the next page: nobody is asked, and `suppressed` says why", async (t) => {
  const cancelling = { ...ordered, delay: "1h", cancel_on: ["order_cancelled"] };
  const { page, site, go, track, met, asked, sunkIn } = await open(t, { surveys: [survey("after-order", cancelling)] });
  await go("/a");
  await track("order_placed");
  await met("after-order");
  await go("/b");
  await track("order_cancelled");
  const { survey: id, touchpoint, asks, rules } = await event(page, "suppressed");
  assert.deepEqual([id, touchpoint, asks], ["after-order", 0, false]);
  const verdict = rules.find(({ rule }) => rule == "cancel_on");
  assert.deepEqual([verdict.touchpoint, verdict.wants, verdict.holds], [0, ["order_cancelled"], false]);
  assert.deepEqual((await sunkIn()).moments, []);

  // Nothing waits: neither its time nor another cancellation brings the widget.
  await setClock(page, 2 * HOUR);
  const fetched = site.widget().length;
  await go("/b");
  await track("order_cancelled");
  await settle(page);
  assert.deepEqual([site.widget().length, await asked()], [fetched, []]);
  assert.deepEqual(page.wrong, []);
});

test("closed, put off, refused: noted at once, taken back by Undo, and kept to", async (t) => {
  for (const [part, rule, wait] of [
    ["close", "declined", 90 * DAY],
    ["later", "later", 7 * DAY],
    ["never", "refused"],
  ])
    await t.test(part, async (t) => {
      const { page, site, go, track, rules, shows, asked, ask } = await open(t, {
        surveys: [survey("after-order", ordered), survey("other", { on: "event", name: "other" })],
        frequency: { quiet: "0s", per_session: 100 },
      });
      const noted = async () => {
        const { refused, surveys } = await memory(page);
        return part == "never" ? refused === true : surveys["after-order"]?.[rule];
      };
      const holds = async () => (await rules("after-order"))[rule].holds;
      await go();
      await track("order_placed");
      await shows("after-order");
      assert.ok(await holds());

      await (await ask.find(`[part~=${part}]`)).click();
      const reason = (await event(page, "dismissed")).reason;
      assert.equal(reason, part);
      assert.ok(await noted());
      assert.equal(await holds(), false);
      await (await ask.find("[part~=undo]")).click();
      await until("taken back", async () => !(await noted()));
      await until("it may be asked", holds);
      await ask.asks("recommend Acme");

      await (await ask.find(`[part~=${part}]`)).click();
      const at = await until("noted", noted);
      const verdict = (await rules("after-order"))[rule];
      assert.equal(verdict.holds, false);
      if (wait) assert.deepEqual([verdict.wants, verdict.found, verdict.next], [wait, at, at + wait]);
      else assert.equal(verdict.next, undefined);

      const wakes = async (ahead) => {
        const fetched = site.widget().length;
        await setClock(page, ahead);
        await go();
        await track("order_placed");
        await settle(page);
        return site.widget().length > fetched;
      };
      assert.equal(await wakes(0), false, "after a reload not even the widget is fetched");
      assert.ok(await noted());
      assert.equal(await wakes((wait ?? 10 * 365 * DAY) - HOUR), false);
      if (wait) {
        assert.equal(await wakes(wait + HOUR), true);
        await shows("after-order");
      } else {
        // Of the whole site.
        const fetched = site.widget().length;
        await track("other");
        await settle(page);
        assert.equal(site.widget().length, fetched);
        // With the widget there, it says so itself.
        assert.equal((await rules("other")).refused.holds, false);
        await track("other");
        const why = await event(page, "suppressed");
        assert.deepEqual([why.survey, against(why.rules)], ["other", ["refused"]]);
        assert.deepEqual(await asked(), []);
      }
      assert.deepEqual(page.wrong, []);
    });
});

test("not at a bad time: it waits, explain() names what for, and it comes up when that is over", async (t) => {
  const body = `<input id="field"><dialog>Sure?</dialog><asklet-survey survey="inline"></asklet-survey>`;
  const surveys = [survey("popover", ordered), survey("inline", { on: "event", name: "slot" }, { placement: "inline", ask: "csat" })];
  for (const [rule, begin, end] of [
    [
      "typing",
      async (page) => {
        // The widget hears who types. Time stands still, however long this takes.
        await page.evaluate(() => asklet.explain());
        await page.evaluate(() => {
          const now = Date.now();
          window.go = Date.now;
          Date.now = () => now;
        });
        await page.type("#field", "ink");
      },
      (page) => page.evaluate(() => (Date.now = window.go)),
    ],
    [
      "dialog",
      (page) => page.evaluate(() => document.querySelector("dialog").showModal()),
      (page) => page.evaluate(() => document.querySelector("dialog").close()),
    ],
    ["fullscreen", (page) => page.evaluate(() => document.body.requestFullscreen()), (page) => page.evaluate(() => document.exitFullscreen())],
    [
      "quiet_mark",
      (page) => page.evaluate(() => document.querySelector("h1").setAttribute("data-asklet-quiet", "")),
      (page) => page.evaluate(() => document.querySelector("h1").removeAttribute("data-asklet-quiet")),
    ],
    ["hidden", async (page) => await (await page.browserContext().newPage()).bringToFront(), (page) => page.bringToFront()],
  ])
    await t.test(rule, async (t) => {
      const { page, go, track, rules, met, shows, asked } = await open(t, { surveys, body });
      await go();
      await begin(page);
      await track("order_placed");
      await met("popover");
      const found = await rules("popover");
      assert.deepEqual(against(found), [rule]);
      await track("slot");
      await met("inline");
      if (rule == "quiet_mark") assert.deepEqual(against(await rules("inline")), [rule]);
      else await shows("inline");
      await settle(page);
      const { moments } = await memory(page);
      assert.deepEqual(moments.map(({ survey }) => survey), rule == "quiet_mark" ? ["popover", "inline"] : ["popover"]);
      assert.deepEqual(await asked(), rule == "quiet_mark" ? [] : ["inline"]);

      await end(page);
      await shows("popover");
      await shows("inline");
      assert.deepEqual((await memory(page)).moments, []);
      assert.deepEqual(page.wrong, []);
    });
});

test("two windows, one prompt: the other's waits until the first is closed, answered, or its window gone", async (t) => {
  const names = ["a", "b"];
  const surveys = names.map((name) => survey(name, { on: "event", name }));
  for (const way of ["closed", "answered", "gone"])
    await t.test(way, async (t) => {
      const { site, page, ...first } = await open(t, { surveys, frequency: { quiet: "0s", per_session: 5 } });
      await first.go();
      const second = await openWindow(site, page);
      await second.go();
      await first.track("a");
      await first.shows("a");
      await second.track("b");
      await second.met("b");
      assert.deepEqual(against(await second.rules("b")), ["elsewhere"]);
      await settle(second.page);
      assert.deepEqual(await second.asked(), []);

      if (way == "closed") await page.evaluate(() => asklet.close());
      if (way == "gone") await page.close();
      if (way == "answered") {
        await page.bringToFront();
        await first.ask.choose(9);
        await first.ask.go();
        await first.ask.asks("reason");
        await first.ask.go();
        await first.ask.asks("Thank you");
        await first.ask.go();
      }
      const windows = way == "gone" ? [second] : [first, second];
      const all = async () => (await Promise.all(windows.map(({ asked }) => asked()))).flat();
      // Whichever could ask first.
      await until("b shown", async () => (await all()).includes("b"));
      await settle(second.page);
      assert.deepEqual((await all()).sort(), way == "gone" ? ["b"] : ["a", "b"]);
      assert.deepEqual((await memory(second.page)).moments, []);
      assert.deepEqual(second.page.wrong, []);
    });
});

test("one event in two windows at once: asked in one of them, and not in the other when that is closed", async (t) => {
  const { site, page, ...first } = await open(t, { surveys: [survey("a", ordered)], frequency: { quiet: "1h", per_session: 5 } });
  await first.go();
  const second = await openWindow(site, page);
  await second.go();
  await Promise.all([first.track("order_placed"), second.track("order_placed")]);
  const all = async () => [...(await first.asked()), ...(await second.asked())];
  await until("a shown", async () => (await all()).length);
  for (const each of [page, second.page]) await each.evaluate(() => asklet.close());
  // Each says why not, the next time; so it has looked at the first.
  for (const { track } of [first, second]) await track("order_placed");
  for (const each of [page, second.page]) assert.ok(against((await event(each, "suppressed")).rules).includes("quiet"));
  await until("nothing waits", async () => !(await memory(page)).moments.length);
  await settle(page);
  await settle(second.page);
  assert.deepEqual(await all(), ["a"]);
  assert.deepEqual([...page.wrong, ...second.page.wrong], []);
});

test("two surveys on one event: the higher goes first, the other waits for its end", async (t) => {
  const surveys = [survey("low", ordered), survey("high", ordered, { priority: 10, ask: "csat" })];
  const { page, go, track, shows, asked, rules, ask } = await open(t, { surveys, frequency: { quiet: "0s", per_session: 2 } });
  await go();
  await track("order_placed");
  await ask.asks("satisfied");
  await settle(page);
  assert.deepEqual(await asked(), ["high"]);
  assert.deepEqual(against(await rules("low")), ["open"]);
  await page.evaluate(() => asklet.close());
  await shows("low");
  await ask.asks("recommend Acme");
  assert.deepEqual(await asked(), ["high", "low"]);

  // Where one in a session is enough, the other is told that it was.
  const gentle = await open(t, { surveys, frequency: { quiet: "0s", per_session: 1 } });
  await gentle.go();
  await gentle.track("order_placed");
  await gentle.shows("high");
  await gentle.page.evaluate(() => asklet.close());
  const { survey: id, rules: why } = await event(gentle.page, "suppressed");
  assert.deepEqual([id, why.filter(({ holds, touchpoint }) => !holds && touchpoint == null).map(({ rule }) => rule)], ["low", ["per_session"]]);
  assert.deepEqual([...page.wrong, ...gentle.page.wrong], []);
});

test("whom to ask: explain() tells for each part of the audience whether it fits", async (t) => {
  // A Wednesday, and as the server sees it.
  const now = Date.parse("2027-03-03T10:00:00Z");
  const zone = "UTC";
  const table = [
    ["languages", ["de", "en"], true],
    ["languages", ["de"], false],
    ["devices", ["desktop"], true],
    ["devices", ["mobile", "tablet"], false],
    ["attributes", [{ attribute: "plan", in: ["team", "pro"] }], true],
    ["attributes", [{ attribute: "plan", is: "free" }], false],
    ["attributes", [{ attribute: "age", exists: true }], false],
    ["query", [{ parameter: "utm_source", is: "newsletter" }], true],
    ["query", [{ parameter: "utm_source", is: "search" }], false],
    ["referrer", ["http://*/a"], true],
    ["referrer", ["https://news.example/**"], false],
    ["sessions", { is: 1 }, true],
    ["sessions", { gte: 2 }, false],
    ["pages_seen", { is: 2 }, true],
    ["pages_seen", { gt: 2 }, false],
    ["first_seen", { lt: "1h" }, true],
    ["first_seen", { gte: "30d" }, false],
    ["sample", 1, true],
    ["sample", 0, false],
    ["window", { from: "2027-03-03", until: "2027-03-03", zone }, true],
    ["window", { from: "2027-03-04", zone }, false],
    ["window", { weekdays: ["wed"], hours: { from: "09:00", until: "17:00" }, zone }, true],
    ["window", { weekdays: ["sat", "sun"], zone }, false],
    ["window", { hours: { from: "09:00", until: "17:00" }, zone: "Asia/Tokyo" }, false],
  ];
  const surveys = table.map(([rule, wants], index) => survey(`s${index}`, { on: "call" }, { audience: { [rule]: wants } }));
  const { page, go } = await open(t, { surveys, headers: { date: new Date(now).toUTCString() }, body: `<a href="/?utm_source=newsletter">on</a>` });
  await setClock(page, now - Date.now());
  await go("/a");
  await page.click("a");
  await until("the next page", () => page.url().includes("utm_source"));
  await loaded(page);
  await page.evaluate(() => asklet.identify("v-1", { plan: "pro" }));
  const explained = await page.evaluate(() => asklet.explain());
  for (const [index, [name, wants, holds]] of table.entries()) {
    const { asks, rules } = explained.find(({ survey }) => survey == `s${index}`);
    const found = rules.find(({ rule }) => rule == name);
    assert.deepEqual([found?.wants, found?.holds, asks], [wants, holds, holds], `${name}: ${JSON.stringify(found)}`);
    // What time alone decides has a time.
    if (name == "first_seen" && !holds) assert.equal(found.next, found.found + 30 * DAY);
    if (name == "window" && wants.from == "2027-03-04") assert.equal(found.next, Date.parse("2027-03-04T00:00:00Z"));
  }
  assert.deepEqual(page.wrong, []);
});

test("a sample of none learns it once and never fetches the widget again; a sample of all is always asked", async (t) => {
  const { page, site, go, track } = await open(t, { surveys: [survey("after-order", ordered, { audience: { sample: 0 } })] });
  await go();
  await track("order_placed");
  const { rules } = await event(page, "suppressed");
  assert.deepEqual(rules.filter(({ holds, touchpoint }) => !holds && touchpoint == null).map(({ rule }) => rule), ["sample"]);
  const fetched = site.widget().length;
  for (const ahead of [0, 365 * DAY]) {
    await setClock(page, ahead);
    await go();
    await track("order_placed");
    await settle(page);
    assert.equal(site.widget().length, fetched);
  }

  const all = await open(t, { surveys: [survey("after-order", ordered, { audience: { sample: 1 } })] });
  for (let time = 0; time < 3; time++) {
    await all.go();
    await all.track("order_placed");
    await all.shows("after-order");
  }
  assert.deepEqual([...page.wrong, ...all.page.wrong], []);
});

test("the clock was a year ahead when the visitor declined: the wait begins anew, and ends", async (t) => {
  const { page, go, track, rules, shows, asked, sunkIn, ask } = await open(t, {
    surveys: [survey("after-order", ordered)],
    frequency: { quiet: "0s", per_session: 100 },
    inline: true,
  });
  const year = 365 * DAY;
  await setClock(page, year);
  await go();
  await track("order_placed");
  await shows("after-order");
  await ask.close();
  const declined = await until("declined", async () => (await memory(page)).surveys["after-order"].declined);
  assert.ok(declined > Date.now() + year - HOUR);

  const start = Date.now();
  await setClock(page, 0);
  await go();
  await track("order_placed");
  await event(page, "suppressed");
  const again = (await memory(page)).surveys["after-order"].declined;
  assert.ok(again >= start && again <= Date.now(), "it counts from now");
  assert.equal((await rules("after-order")).declined.next, again + 90 * DAY);

  await setClock(page, 90 * DAY - HOUR);
  await go();
  await track("order_placed");
  assert.deepEqual((await sunkIn()).moments, []);
  assert.deepEqual(await asked(), []);
  await setClock(page, 90 * DAY + HOUR);
  await go();
  await track("order_placed");
  await shows("after-order");
  assert.deepEqual(page.wrong, []);
});

test("a clock that is years off: the server's is believed", async (t) => {
  for (const off of [-5 * 365 * DAY, 3 * 365 * DAY])
    await t.test(`${off / DAY} days`, async (t) => {
      const { page, go, track, rules, shows, ask } = await open(t, {
        surveys: [survey("after-order", ordered)],
        frequency: { quiet: "0s", per_session: 100 },
      });
      const start = Date.now();
      await setClock(page, off);
      await go();
      await track("order_placed");
      await shows("after-order");
      await ask.close();
      await event(page, "dismissed");
      const { declined } = (await memory(page)).surveys["after-order"];
      // The header is in whole seconds, and as old as the answer took to be read.
      assert.ok(declined >= start - MINUTE && declined <= Date.now(), `${declined - start}`);

      for (const now of [off, 0, -off]) {
        await setClock(page, now);
        await go();
        const { declined: verdict } = await rules("after-order");
        assert.equal(verdict.holds, false, `${now / DAY} days`);
        assert.ok(Math.abs(verdict.next - declined - 90 * DAY) < MINUTE, `${now / DAY} days: ${verdict.next - declined}`);
      }
      assert.deepEqual(page.wrong, []);
    });
});

test("`suppressed` carries what explain() tells", async (t) => {
  const surveys = [survey("after-order", { ...ordered, pages: ["/**"] }, { audience: { devices: ["mobile"], sample: 1 } })];
  const { page, go, track } = await open(t, { surveys });
  await go();
  await track("order_placed");
  const { touchpoint, ...suppressed } = await event(page, "suppressed");
  const [explained] = await page.evaluate(() => asklet.explain("after-order"));
  assert.equal(touchpoint, 0);
  assert.deepEqual(Object.keys(suppressed).sort(), ["asks", "rules", "survey"]);
  assert.deepEqual(Object.keys(explained).sort(), ["asks", "rules", "survey"]);
  const own = ({ rules, ...rest }) => ({ ...rest, rules: rules.filter(({ touchpoint }) => touchpoint == null) });
  assert.deepEqual(own(suppressed), own(explained));
  const names = ({ rules }) => rules.map(({ rule, touchpoint }) => [rule, touchpoint]);
  assert.deepEqual(names(suppressed), names(explained));
  for (const verdict of [...suppressed.rules, ...explained.rules]) {
    assert.equal(typeof verdict.rule, "string");
    assert.equal(typeof verdict.holds, "boolean");
    const known = ["rule", "touchpoint", "wants", "found", "holds", "next"];
    assert.deepEqual(Object.keys(verdict).filter((key) => !known.includes(key)), []);
  }
});

test("a preview shows and takes answers, though the visitor has refused; nothing is stored or sent", async (t) => {
  const { page, endpoint, go, track, shows, ask, asked } = await open(t, { surveys: [survey("after-order", ordered)] });
  await go();
  await track("order_placed");
  await shows("after-order");
  await (await ask.find("[part~=never]")).click();
  await until("refused", async () => (await memory(page)).refused);
  await go();
  await page.evaluate(() => asklet.explain());
  await settle(page);
  const before = await stored(page);
  const posted = [];
  page.on("request", (request) => request.url() == endpoint.url && posted.push(request.method()));

  await page.evaluate(() => void asklet.show("after-order", { preview: true }));
  await ask.status("Preview");
  await ask.choose(9);
  await ask.go();
  await ask.asks("reason");
  await ask.write("Just looking");
  await ask.go();
  await ask.asks("Thank you");
  await ask.status("Preview");
  assert.deepEqual(await stored(page), before);
  await ask.go();
  await ask.gone();
  await page.evaluate(() => asklet.flush());
  await settle(page);
  assert.deepEqual(await stored(page), before);
  assert.deepEqual([await asked(), posted, await endpoint.rows()], [[], [], []]);
  assert.deepEqual(await page.evaluate(() => seen.filter(([type]) => type != "ready")), []);

  // Left in the middle.
  await page.evaluate(() => void asklet.show("after-order", { preview: true }));
  await ask.choose(3);
  await ask.go();
  await ask.asks("reason");
  await go();
  await page.evaluate(() => asklet.flush());
  await settle(page);
  assert.deepEqual((await stored(page)).databases, before.databases);
  assert.deepEqual([posted, await endpoint.rows()], [[], []]);
  assert.deepEqual(page.wrong, []);
});
