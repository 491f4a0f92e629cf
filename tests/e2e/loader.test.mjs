// The loader by itself: what it sees, what it passes on, what it fetches and when. A probe stands in the widget's place.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { awayAndBack, event, html, launch, loaded, openSite, settle, until } from "./harness.mjs";
import { config, delivery, open as openWith, ordered, survey, widgetFile } from "./probe.mjs";

let browser;
before(async (t) => (browser = await launch(t)));
const open = (t, options) => openWith(t, browser, options);

test("a page where nothing happens fetches loader and config only", async (t) => {
  const { site, page, go, told } = await open(t, {
    config: config(
      survey("a", ordered),
      survey("b", { on: "page", pages: ["/thanks"] }),
      survey("c", { on: "click", selector: ".buy" }),
      survey("d", { on: "page", pages: ["/thanks"] }, { placement: "inline" }),
      survey("e", { on: "call" }),
      ...["visible", "scroll", "dwell", "idle", "exit_intent"].map((on) =>
        survey(on, { on, pages: ["/thanks"], selector: "h1", percent: 1, for: "0s" }),
      ),
    ),
    body: `<button class="look">Look</button><button class="buy">Buy</button>`,
  });
  await go();
  await page.evaluate(() => {
    asklet.track("something_else");
    asklet.identify("v-1", { plan: "pro" });
    asklet.set({ plan: "free" });
    asklet.reset();
    asklet.close();
    history.pushState(0, "", "/help");
    document.querySelector(".look").click();
    document.body.append(document.createElement("asklet-survey"));
  });
  await settle(page);
  assert.deepEqual(site.log, ["/", "/asklet/asklet.js", "/asklet.json"]);
  assert.deepEqual(await page.evaluate(() => indexedDB.databases()), [], "no database is made");
  assert.equal(await page.evaluate(() => JSON.parse(localStorage["asklet.visit"]).pages), 2);

  // It was watching all the while.
  await page.click(".buy");
  const [signal] = await told(1);
  assert.deepEqual([signal.type, signal.selector, signal.url], ["click", ".buy", site.url + "/help"]);
  assert.equal(site.widget().length, 2);
  assert.deepEqual(page.wrong, []);
});

test("calls made before loading, and all after, arrive in order", async (t) => {
  const { page, go, calls, told } = await open(t, {
    config: config(survey("a", ordered)),
    head: `<script>
      window.asklet = [];
      asklet.push(["identify", "v-7", { plan: "pro" }]);
      asklet.push(["track", "order_placed", { total: 99 }], ["track", "unheard_of"], ["set", { plan: "free" }]);
    </script>`,
  });
  const before = Date.now();
  await go();
  await page.evaluate(() => {
    const properties = { total: 1 };
    asklet.push(["track", "order_placed", properties]);
    properties.total = 2;
    asklet.reset();
  });
  const [first] = await told(2);
  assert.ok(first.at >= before && first.at <= Date.now());
  const list = (await calls()).filter(([, { type } = {}]) => type != "page").map(([method, ...args]) =>
    method == "start" ? method : method == "signal" ? [args[0].name, args[0].properties] : [method, ...args],
  );
  assert.deepEqual(list, [
    "start",
    ["identify", "v-7", { plan: "pro" }],
    ["order_placed", { total: 99 }],
    ["set", { plan: "free" }],
    ["order_placed", { total: 1 }],
    ["reset"],
  ]);
});

test("start gets the config as it is, its tag and date, the visit's counts and the tag's language", async (t) => {
  const given = { ...config(survey("a", { on: "page" })), unknown: [1, { deep: null }] };
  const { site, page, go, calls, told } = await open(t, { config: given, tag: { config: "/asklet.json", locale: "de-AT" } });
  const before = Date.now();
  await go();
  await go("/?again");
  const [signal] = await told(1);
  const [[, document, { date, first, tag, ...context }]] = await calls();
  assert.deepEqual(document, given);
  assert.deepEqual(context, { locale: "de-AT", pages: 2, session: 1 });
  assert.ok(first >= before && first <= Date.now());
  // The header has no fractions of a second.
  assert.ok(date >= before - 1_000 && date <= Date.now(), `${date}`);
  assert.ok(tag);
  assert.deepEqual([signal.first, signal.pages, signal.session], [first, 2, 1]);
  await page.evaluate(() => history.pushState(0, "", "/other"));
  assert.equal((await told(2))[1].pages, 3);

  // The date of another site's answer cannot be read, and a config without a file has none.
  const other = await openSite(t);
  other.put("/asklet.json", given, { "access-control-allow-origin": "*" });
  site.put("/far", html({ tag: { config: other.url + "/asklet.json" } }));
  await go("/far");
  await told(1);
  assert.equal((await calls())[0][2].date, null);
});

test("a tag without a config file", async (t) => {
  const tag = { endpoint: "/responses", ask: "nps", about: "Acme", on: "order_placed" };
  const { page, go, calls, told } = await open(t, { tag });
  await go();
  await page.evaluate(() => asklet.track("order_placed"));
  await told(1);
  const touchpoints = [{ on: "event", name: "order_placed" }];
  assert.deepEqual((await calls())[0][1], { about: "Acme", delivery, surveys: [{ id: "nps", ask: "nps", touchpoints }] });
});

test("an inline config, even below the tag, and a tag that waits for configure()", async (t) => {
  const inline = await open(t, {
    tag: { config: "#asklet-config" },
    body: `<script type="application/json" id="asklet-config">${JSON.stringify(config(survey("a", { on: "page" })))}</script>`,
  });
  await inline.go();
  await inline.told(1);

  const waiting = await open(t, { tag: {} });
  await waiting.go();
  await waiting.page.evaluate(() => asklet.track("order_placed"));
  await settle(waiting.page);
  assert.deepEqual(waiting.site.log, ["/", "/asklet/asklet.js"]);
  await waiting.page.evaluate((config) => asklet.configure(config), config(survey("a", ordered)));
  await waiting.told(1);
});

test("configure() takes over from the tag's config, whichever comes first", async (t) => {
  const { site, page, go, calls, told } = await open(t, {
    config: config(survey("tag", { on: "page" })),
    head: `<script>(window.asklet ||= []).push(["configure", ${JSON.stringify(config(survey("code", ordered)))}]);</script>`,
  });
  await go();
  assert.ok(site.log.includes("/asklet.json"));
  await page.evaluate(() => asklet.track("order_placed"));
  await told(1);
  assert.deepEqual((await calls()).map(([method, given]) => method == "start" && given.surveys[0].id), ["code", false]);
  await page.evaluate((config) => asklet.configure(config), config(survey("later", { on: "page" })));
  await page.evaluate(() => asklet.track("order_placed"));
  const [, second] = await told(2);
  assert.equal(second.type, "page");
});

test("page views: the first, and every navigation within the page", async (t) => {
  for (const browserHas of ["the Navigation API", "only history"])
    await t.test(browserHas, async (t) => {
      const prepare = browserHas == "only history" && (() => Object.defineProperty(window, "navigation", { value: undefined }));
      const { site, page, go, told } = await open(t, { config: config(survey("a", { on: "page", pages: ["!/quiet"] })), prepare });
      await go("/?first");
      site.put("/other", html());
      await page.evaluate(() => {
        history.pushState(0, "", "/one");
        history.pushState(0, "", "/one");
        history.replaceState({ other: 1 }, "");
        history.pushState(0, "", "/one?page=2");
        history.replaceState(0, "", "/two");
        history.pushState(0, "", "/two#place");
        location.hash = "#another-place";
        location.hash = "#/route";
        location.hash = "#!route";
        history.pushState(0, "", "/quiet");
      });
      await told(7);
      await page.goBack();
      const seen = (await told(8)).map(({ type, url }) => [type, url.slice(site.url.length)]);
      // Once the widget is there it hears of those too that no touchpoint allows.
      const paths = ["/?first", "/one", "/one?page=2", "/two", "/two#/route", "/two#!route", "/quiet", "/two#!route"];
      assert.deepEqual(seen, paths.map((path) => ["page", path]));
      assert.equal(await page.evaluate(() => JSON.parse(localStorage["asklet.visit"]).pages), 8);
    });
});

test("a page that comes back out of the back/forward cache is a page view", async (t) => {
  const { site, page, go, told } = await open(t, { config: config(survey("a", { on: "page" })) });
  site.put("/away", "<!doctype html><title>Away</title>", { "cache-control": "max-age=60" });
  site.put("/", html(), { "cache-control": "max-age=60" });
  await go();
  await told(1);
  if (!(await awayAndBack(page, site.url + "/away"))) return t.skip("this browser did not put the page into its cache");
  await told(2);
});

test("clicks: inside the element, in a shadow root, where the page stops them; never on the prompt", async (t) => {
  const { page, go, told } = await open(t, {
    config: config(survey("a", { on: "click", selector: ".buy, .buy *" }), survey("b", { on: "click", selector: ".sell" }),
      survey("c", { on: "click", selector: "button" }), survey("d", { on: "click", selector: ".sell" })),
    body: `<form><input name="matches"><input name="closest"><span class="buy"><b id="inner">Buy</b></span></form>
      <div id="host"></div><asklet-prompt></asklet-prompt>`,
  });
  await go();
  await page.evaluate(() => {
    const inside = (host, text) => {
      document.querySelector(host).attachShadow({ mode: "open" }).innerHTML = text;
      return document.querySelector(host).shadowRoot.firstElementChild;
    };
    document.querySelector("#inner").addEventListener("click", (event) => event.stopImmediatePropagation());
    document.querySelector("#inner").click();
    inside("#host", `<i class="sell"><b>Sell</b></i>`).firstChild.dispatchEvent(
      new MouseEvent("click", { bubbles: true, composed: true }));
    inside("asklet-prompt", "<button>Next</button>").click();
    document.body.click();
  });
  assert.deepEqual((await told(2)).map(({ selector }) => selector), [".buy, .buy *", ".sell"]);
  assert.deepEqual(page.wrong, []);
});

test("inline surveys: a slot that is there, turns up late, is replaced, or belongs to another page", async (t) => {
  const inline = { placement: "inline" };
  const { page, site, go, told } = await open(t, {
    config: config(
      survey("there", { on: "page" }, inline),
      survey("late", { on: "page", pages: ["/help"] }, inline),
      survey("elsewhere", { on: "page", pages: ["/thanks"] }, inline),
    ),
    body: `<asklet-survey survey="elsewhere"></asklet-survey>`,
  });
  site.put("/help", html({ body: `<asklet-survey survey="there"></asklet-survey><asklet-survey survey="elsewhere"></asklet-survey>` }));
  await go();
  assert.deepEqual(site.widget(), []);
  await go("/help");
  const about = ({ survey, url }) => [survey, new URL(url).pathname];
  assert.deepEqual((await told(1)).map(about), [["there", "/help"]]);
  assert.equal(site.parts().length, 2, "on each page, and once on each");

  const draw = (survey) => page.evaluate((survey) => {
    document.querySelector(`asklet-survey[survey="${survey}"]`)?.remove();
    const slot = document.createElement("asklet-survey");
    document.querySelector("main").append(slot);
    slot.setAttribute("survey", survey);
  }, survey);
  await draw("late");
  assert.deepEqual(about((await told(2))[1]), ["late", "/help"]);
  await draw("late");
  assert.deepEqual(about((await told(3))[2]), ["late", "/help"], "drawn anew by a router");
  await draw("elsewhere");
  await page.evaluate(() => history.pushState(0, "", "/other"));
  await draw("late");
  assert.deepEqual(about((await told(4))[3]), ["there", "/other"]);
});

test("the widget is woken where answers wait, and only there", async (t) => {
  const store = (rows) => new Promise((resolve, reject) => {
    const open = indexedDB.open("asklet", 1);
    open.onupgradeneeded = () => {
      if (rows === null) return;
      const store = open.result.createObjectStore("outbox", { keyPath: "id" });
      for (let id = 0; id < rows; id++) store.put({ id });
    };
    open.onsuccess = () => resolve(open.result.close());
    open.onerror = reject;
  });
  for (const [rows, fetched] of [[2, 2], [0, 0], [null, 0]]) {
    for (const names of ["names", "no names"]) {
      const { site, page, go } = await open(t, {
        config: config(survey("a", ordered)),
        prepare: names == "names" ? undefined : () => (indexedDB.constructor.prototype.databases = undefined),
      });
      site.put("/bare", html({ tag: null }));
      await go("/bare");
      await page.evaluate(store, rows);
      await go();
      if (fetched) await until("the widget", () => site.widget().length == fetched);
      await settle(page);
      assert.equal(site.widget().length, fetched, `${rows} rows, ${names}`);
      assert.deepEqual(page.wrong, []);
    }
  }
});

test("looking for waiting answers makes no database, even where their names cannot be asked for", async (t) => {
  const { site, page, go } = await open(t, {
    config: config(survey("a", ordered)),
    prepare: () => (indexedDB.constructor.prototype.databases = undefined),
  });
  await go();
  site.put("/bare", html({ tag: null }));
  const other = await page.browserContext().newPage();
  await other.goto(site.url + "/bare");
  assert.deepEqual(await other.evaluate(() => indexedDB.databases()), []);
  assert.deepEqual(page.wrong, []);
});

test("a config that looks wrong has the widget look at it; the right part of it goes on", async (t) => {
  const { page, go, methods, told } = await open(t, {
    config: { delivery, surveys: [null, survey("a", { on: "click", selector: "<" }), survey("b", ordered)] },
  });
  await go();
  await until("start", async () => (await methods())[0] == "start");
  await page.click("h1");
  await page.evaluate(() => asklet.track("order_placed"));
  await told(1);
  assert.deepEqual(page.wrong, []);
});

test("a config that cannot be read is said once, and the page is unharmed", async (t) => {
  const table = [
    ["/missing.json", /404/],
    ["/", /JSON/],
    ["/gone.json", /fetch/],
    ["#nothing", /JSON|element/],
  ];
  for (const [from, why] of table) {
    const { site, page, go } = await open(t, { tag: { config: from } });
    site.put("/gone.json", () => undefined);
    await go();
    const { message } = await event(page, "error");
    assert.match(message, why);
    assert.ok(message.includes(from), message);
    const unheard = await page.evaluate(async () => {
      let unheard = 0;
      window.addEventListener("unhandledrejection", () => unheard++);
      asklet.track("order_placed");
      asklet.set({ a: 1 });
      await Promise.all([asklet.show("a"), asklet.flush(), asklet.outbox()]);
      await new Promise((resolve) => setTimeout(resolve));
      return unheard;
    });
    assert.equal(unheard, 0);
    assert.equal(page.said.filter((line) => line.startsWith("asklet:")).length, 1, page.said.join("\n"));
    assert.deepEqual(site.widget(), []);
  }
});

test("a widget that does not load is said once, and show() rejects", async (t) => {
  for (const [part, answer] of [["mjs", "glue"], ["wasm", "wasm"]]) {
    const { site, page, go } = await open(t, { config: config(survey("a", { on: "page" })) });
    site.put(await widgetFile(part), () => undefined);
    await go();
    const { message } = await event(page, "error");
    assert.match(message, /widget did not load/, answer);
    const caught = await page.evaluate(async () => {
      asklet.show("a");
      asklet.track("x");
      return asklet.outbox().catch(({ message }) => message);
    });
    assert.equal(caught, message);
    await settle(page);
    assert.equal(page.said.filter((line) => line.startsWith("asklet:")).length, 1);
    assert.deepEqual(await page.evaluate(() => seen.length), 1);
    assert.deepEqual(page.wrong.filter((text) => /uncaught/i.test(text)), []);
  }
});

test("glue and wasm are fetched side by side", async (t) => {
  for (const load of ["eager", "idle", undefined]) {
    const tag = { config: "/asklet.json", ...(load && { load }) };
    const { site, go, told } = await open(t, { tag, config: config(survey("a", { on: "page" })) });
    // Nothing is answered before both have been asked for.
    site.hold(/^\/asklet\/asklet-/, () => until("both asked for", () => site.widget().length == 2));
    await go();
    await told(1);
  }
});

test("eager and idle fetch the widget though nothing happened; eagerly loaded it is told of everything", async (t) => {
  for (const load of ["eager", "idle"]) {
    const { page, go, methods, calls } = await open(t, {
      tag: { config: "/asklet.json", load },
      config: config(survey("a", { ...ordered, pages: ["/thanks"] })),
    });
    await go();
    await until("start", async () => (await methods())[0] == "start");
    await page.evaluate(() => {
      asklet.track("unheard_of");
      history.pushState(0, "", "/other");
    });
    await settle(page);
    const seen = (await calls()).slice(1).map(([, { type, name }]) => name ?? type);
    // Page views are for its counts.
    const views = seen.filter((type) => type == "page").length;
    assert.ok(views >= 1 && views <= 2, `${seen}`);
    assert.deepEqual(seen.includes("unheard_of"), load == "eager");
  }
});

test("a second tag and the module join the first", async (t) => {
  const { site, page, go, told } = await open(t, {
    config: config(survey("a", { on: "page" })),
    head: `<script src="/asklet/asklet.js" data-config="/asklet.json"></script>`,
  });
  await go();
  const same = await page.evaluate(async () => {
    const { track, version } = await import("/asklet/asklet.mjs");
    track("x");
    return track == asklet.track && version == asklet.version;
  });
  assert.ok(same);
  await told(1);
  assert.equal(site.log.filter((path) => path == "/asklet.json").length, 1);
  assert.deepEqual(page.wrong, []);
});

test("the module alone: configure and track, from where it is served", async (t) => {
  const { site, page, go, told, calls } = await open(t, { tag: null });
  await go();
  await page.evaluate(async (config) => {
    const { configure, track } = await import("/asklet/asklet.mjs");
    track("order_placed", { total: 7 });
    configure(config);
  }, config(survey("a", ordered)));
  const [signal] = await told(1);
  assert.equal(signal.properties.total, 7);
  assert.equal((await calls())[0][0], "start");
  assert.equal(site.widget().length, 2);
});

test("promises: answers come back, a widget that stops is said once, order is kept from within", async (t) => {
  const { page, go, methods, told } = await open(t, { config: config(survey("a", ordered)) });
  await go();
  const answers = await page.evaluate(async () => {
    window.answer = (method) => {
      if (method == "outbox") return Promise.resolve({ waiting: [] });
      // A listener of the page's calls while it is being called.
      if (method == "signal") asklet.set({ from: "within" });
    };
    asklet.track("order_placed");
    asklet.identify("v-1");
    return [await asklet.outbox(), await asklet.show("a"), await asklet.flush()];
  });
  assert.deepEqual(answers, [{ waiting: [] }, null, null]);
  await told(1);
  assert.deepEqual(await methods(), ["start", "signal", "identify", "outbox", "set", "show", "flush"]);

  const caught = await page.evaluate(async () => {
    window.answer = () => {
      throw Error("unreachable");
    };
    asklet.track("order_placed");
    asklet.show("a");
    return asklet.flush().catch(({ message }) => message);
  });
  assert.match(caught, /unreachable/);
  await settle(page);
  assert.equal(page.wrong.length, 1, page.wrong.join("\n"));
  assert.equal(await page.evaluate(() => seen.filter(([type]) => type == "error").length), 1);
});

test("a call that is none, and listeners", async (t) => {
  const { page, go } = await open(t, { config: config(survey("a", ordered)) });
  await go();
  const heard = await page.evaluate(() => {
    const heard = [];
    const stop = asklet.on("shown", (detail) => heard.push(detail.survey));
    asklet.push(["on", "shown", (detail) => heard.push("pushed " + detail.survey)]);
    const show = (survey) => document.dispatchEvent(new CustomEvent("asklet:shown", { detail: { survey } }));
    show("a");
    stop();
    show("b");
    asklet.push(["trak", "order_placed"]);
    asklet.track("order_placed");
    return heard;
  });
  assert.deepEqual(heard, ["a", "pushed a", "pushed b"]);
  assert.match((await event(page, "error")).message, /no method trak/);
});

test("destroy() leaves nothing, every method then does nothing, and configure() begins anew", async (t) => {
  const { page, site, go, calls, told } = await open(t, {
    config: config(survey("a", { on: "page" }), survey("b", { on: "click", selector: "h1" }), survey("c", { on: "page" }, { placement: "inline" })),
  });
  await go();
  await told(1);
  const after = await page.evaluate(async () => {
    const kept = (window.kept = asklet);
    const heard = [];
    kept.on("shown", () => heard.push(1));
    window.answer = () => new Promise(() => {});
    const open = [kept.outbox(), kept.show("a")];
    await 0;
    kept.destroy();
    document.dispatchEvent(new CustomEvent("asklet:shown", { detail: {} }));
    kept.track("x");
    kept.set({});
    kept.close();
    kept.destroy();
    history.pushState(0, "", "/other");
    document.querySelector("h1").click();
    const answers = await Promise.all([...open, kept.outbox(), kept.flush(), kept.show("a")]);
    return { heard, answers, global: "asklet" in window };
  });
  assert.deepEqual(after, { heard: [], answers: Array(5).fill(null), global: false });
  await told(1);
  assert.deepEqual((await calls()).at(-1), ["destroy"]);

  await page.evaluate((config) => kept.configure(config), config(survey("again", { on: "page" })));
  await told(2);
  assert.equal(site.widget().length, 2, "what is here is not fetched again");
});

test("a router that patches history after us, and before: each navigation is seen once, and all patches stay", async (t) => {
  for (const browserHas of ["the Navigation API", "only history"]) {
    const { page, go, told } = await open(t, {
      config: config(survey("a", { on: "page" })),
      head: `<script>
        window.early = 0;
        const original = history.pushState;
        history.pushState = function (...args) { early++; return original.apply(this, args); };
        window.patchedBefore = history.pushState;
      </script>`,
      prepare: browserHas == "only history" && (() => Object.defineProperty(window, "navigation", { value: undefined })),
    });
    await go();
    await told(1);
    await page.evaluate(() => {
      const below = history.pushState;
      window.late = 0;
      window.patchedAfter = history.pushState = function (...args) {
        late++;
        return below.apply(this, args);
      };
      history.pushState(0, "", "/one");
      history.pushState(0, "", "/two");
    });
    const [, one, two] = await told(3);
    assert.deepEqual([one, two].map(({ url }) => new URL(url).pathname), ["/one", "/two"]);
    const after = await page.evaluate(() => {
      asklet.destroy();
      history.pushState(0, "", "/three");
      return [early, late, history.pushState == patchedAfter, location.pathname];
    });
    assert.deepEqual(after, [3, 3, true, "/three"]);
    await told(3);

    // Nobody came after us: what was there before is there again.
    const { page: other, go: visit } = await open(t, {
      config: config(survey("a", { on: "page" })),
      head: `<script>history.pushState = window.mine = function (...args) { return History.prototype.pushState.apply(this, args); };</script>`,
      prepare: browserHas == "only history" && (() => Object.defineProperty(window, "navigation", { value: undefined })),
    });
    await visit();
    assert.ok(await other.evaluate(() => (asklet.destroy(), history.pushState == mine)));
  }
});

// --- what the widget has noted --------------------------------------------------------------------------------

/** Writes a note on the site's config as the widget does, from a page without Asklet. */
const leaveNote = async ({ site, page, go, calls }, more) => {
  await go();
  await page.evaluate(() => asklet.flush());
  const { tag } = (await calls()).find(([method]) => method == "start")[2];
  site.put("/bare", html({ tag: null }));
  await go("/bare");
  await page.evaluate((note) => (localStorage["asklet.note"] = JSON.stringify(note)), { tag, at: Date.now(), until: {}, ...more });
  site.log.length = 0;
};

test("a survey that is settled does not wake the widget; another does; when the time is over it does again", async (t) => {
  const soon = Date.now() + 4_000_000_000_000;
  const shop = await open(t, {
    config: config(survey("a", ordered), survey("b", { on: "event", name: "paid" }), survey("c", { on: "dwell", for: "0s" })),
  });
  await leaveNote(shop, { until: { a: soon, c: soon } });
  const { page, site, go, told } = shop;
  await go();
  await page.evaluate(() => asklet.track("order_placed"));
  await settle(page);
  assert.deepEqual(site.log, ["/", "/asklet/asklet.js", "/asklet.json"]);
  await page.evaluate(() => asklet.track("paid"));
  const [{ name }] = await told(1);
  assert.equal(name, "paid");
  // Once the widget is there it hears of them all, and can say why not.
  await page.evaluate(() => asklet.track("order_placed"));
  assert.equal((await told(2))[1].name, "order_placed");

  await page.evaluate(() => {
    const note = JSON.parse(localStorage["asklet.note"]);
    localStorage["asklet.note"] = JSON.stringify({ ...note, until: { ...note.until, a: Date.now() - 1 } });
  });
  await go();
  await page.evaluate(() => asklet.track("order_placed"));
  assert.equal((await told(1))[0].name, "order_placed");

  // Another config: the note is not about it.
  site.put("/asklet.json", { ...config(survey("a", ordered)), locale: "en" });
  await go();
  await page.evaluate(() => asklet.track("order_placed"));
  await told(1);
  assert.deepEqual(page.wrong, []);
});

test("the widget is woken when a moment is due, at once if that is past; and events that cancel get through", async (t) => {
  const cancelled = { ...ordered, delay: "1h", cancel_on: ["order_cancelled"] };
  const fetched = async (due, act) => {
    const shop = await open(t, { config: config(survey("a", cancelled)) });
    await leaveNote(shop, { due });
    await shop.go();
    if (act) await shop.page.evaluate(act);
    await settle(shop.page);
    return shop;
  };
  const hour = 3_600_000;
  assert.deepEqual((await fetched(undefined)).site.widget(), []);
  assert.deepEqual((await fetched(Date.now() + hour)).site.widget(), []);
  assert.deepEqual((await fetched(Date.now() + 1_000 * 24 * hour)).site.widget(), [], "longer than a timer can be set");
  assert.equal((await fetched(Date.now() - hour)).site.widget().length, 2);
  const short = await fetched(Date.now() + 4_000);
  await until("the widget", () => short.site.widget().length == 2);

  const cancel = () => asklet.track("order_cancelled");
  assert.deepEqual((await fetched(undefined, cancel)).site.widget(), [], "there is nothing to cancel");
  const waits = await fetched(Date.now() + hour, cancel);
  assert.equal((await waits.told(1))[0].name, "order_cancelled");
  // The widget is here: it knows better.
  const here = await fetched(undefined, () => (asklet.flush(), asklet.track("order_cancelled")));
  assert.equal((await here.told(1))[0].name, "order_cancelled");
});

test("a moment that another tab leaves behind is noticed", async (t) => {
  const shop = await open(t, { config: config(survey("a", ordered)) });
  await leaveNote(shop, {});
  await shop.go();
  const other = await shop.page.browserContext().newPage();
  await other.goto(shop.site.url + "/bare");
  assert.deepEqual(shop.site.widget(), []);
  await other.evaluate(() => (localStorage["asklet.note"] = JSON.stringify({ due: Date.now() })));
  await until("the widget", () => shop.site.widget().length == 2);
});

test("the event of `after` gets through, from any page", async (t) => {
  const { page, go, told } = await open(t, {
    config: config(survey("a", { ...ordered, pages: ["/thanks"], after: { event: "basket_opened" } })),
  });
  await go();
  await page.evaluate(() => {
    asklet.track("order_placed");
    asklet.track("basket_opened");
  });
  assert.deepEqual((await told(1)).map(({ name }) => name), ["basket_opened"]);
});

test("destroy() gives history back as it was, and lets a later patch be", async (t) => {
  const prepare = () => Object.defineProperty(window, "navigation", { value: undefined });
  const { page, go, told } = await open(t, { config: config(survey("a", { on: "page" })), prepare });
  await go();
  await told(1);
  const state = await page.evaluate(() => {
    const before = Object.hasOwn(history, "pushState");
    const ours = history.replaceState;
    let later = 0;
    const theirs = (history.replaceState = function (...args) {
      later++;
      return ours.apply(this, args);
    });
    asklet.destroy();
    const after = Object.hasOwn(history, "pushState");
    history.pushState(0, "", "/one");
    history.replaceState(0, "", "/two");
    return [before, after, history.replaceState == theirs, later, location.pathname];
  });
  assert.deepEqual(state, [true, false, true, 1, "/two"]);
  await told(1);
});

test("destroy() before the config or the widget is there", async (t) => {
  for (const held of [/asklet\.json/, /asklet-/]) {
    const { site, page } = await open(t, { config: config(survey("a", { on: "page" })) });
    const free = [];
    site.hold(held, () => new Promise((resolve) => free.push(resolve)));
    await page.goto(site.url, { waitUntil: "domcontentloaded" });
    await loaded(page);
    await until("all asked for", () => free.length == (held.test("/asklet.json") ? 1 : 2));
    await page.evaluate(() => asklet.destroy());
    free.forEach((go) => go());
    await settle(page);
    assert.deepEqual(await page.evaluate(() => [window.calls ?? [], seen]), [[], []]);
    assert.deepEqual(page.wrong, []);
  }
});

test("storage that is blocked harms nothing", async (t) => {
  const { page, go, calls, told } = await open(t, {
    config: config(survey("a", { on: "page" })),
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
  await told(1);
  assert.equal((await calls())[0][2].session, 1);
  assert.deepEqual(page.wrong, []);
});
