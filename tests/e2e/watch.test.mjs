// The part of the loader that watches: each kind on a real page, with real scrolling, a real mouse, real touches. A probe
// stands in the widget's place.
//
// Nothing here is measured by this program's clock: the page writes down what happened when, and the signals are held
// against that.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { awayAndBack, html, launch, openSite, settle, until } from "./harness.mjs";
import { config, open as openWith, part, survey } from "./probe.mjs";

let browser;
before(async (t) => (browser = await launch(t)));

/** What the page writes down: when it could be seen, and input; and what was begun and not ended. */
const diary = () => {
  window.sight = [[Date.now(), document.visibilityState]];
  document.addEventListener("visibilitychange", () => sight.push([Date.now(), document.visibilityState]));
  window.inputs = [];
  const types = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "touchmove"];
  for (const type of types) addEventListener(type, () => inputs.push(Date.now()), { capture: true, passive: true });
  addEventListener("scroll", () => inputs.push(Date.now()), { passive: true });

  const open = (window.open_ = new Set());
  window.actives = [];
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    const { signal, passive, once } = options ?? {};
    const own = { target: this, type, listener };
    if (/scroll|wheel|touch|pointer|mouse|key/.test(type) && !passive) actives.push(type);
    // Listeners that tell of an end take themselves away.
    if (!signal?.aborted && !once && !(this instanceof AbortSignal)) open.add(own);
    if (signal) add.call(signal, "abort", () => open.delete(own));
    return add.call(this, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    for (const own of open) if (own.target == this && own.type == type && own.listener == listener) open.delete(own);
    return remove.call(this, type, listener, options);
  };
  for (const Observer of [IntersectionObserver, MutationObserver]) {
    const { observe, disconnect } = Observer.prototype;
    Observer.prototype.observe = function (...args) {
      open.add(this);
      return observe.apply(this, args);
    };
    Observer.prototype.disconnect = function () {
      open.delete(this);
      return disconnect.call(this);
    };
  }
  const { setTimeout: set, clearTimeout: clear } = window;
  window.setTimeout = (step, ms) => {
    const id = set(() => {
      open.delete(id);
      step();
    }, ms);
    open.add(id);
    return id;
  };
  window.clearTimeout = (id) => {
    open.delete(id);
    clear(id);
  };
};

const box = (id, height, more = "") => `<div id="${id}" class="box ${more}" data-height="${height}">${id}</div>`;
/** A page of boxes; heights are set by a script, since a strict policy would forbid style attributes. */
const boxes = (...list) => `<style>body { margin: 0 } h1 { margin: 0; height: 40px } .scroller { overflow: auto }</style>${list.join("")}
  <script>for (const box of document.querySelectorAll("[data-height]")) box.style.height = box.dataset.height;</script>`;

const open = async (t, options) => {
  const shop = await openWith(t, browser, { prepare: diary, ...options });
  const { page } = shop;
  await page.setViewport(options.viewport ?? { width: 1000, height: 600 });
  const session = await page.createCDPSession();
  const watching = () => until("the watchers", async () => shop.site.parts().length > 0).then(() => settle(page));
  return {
    ...shop,
    session,
    go: async (path) => {
      await shop.go(path);
      await watching();
    },
    /** Waits so long on the page's own clock: to see that something does not happen. */
    wait: (ms) => page.evaluate((ms) => new Promise((done) => setTimeout(done, ms)), ms),
    /** Scrolls by turning the wheel, and waits until the page has come there. */
    wheel: async (top, { x = 500, y = 300, of = "document.scrollingElement" } = {}) => {
      await page.mouse.move(x, y);
      const now = () => page.evaluate(`${of}.scrollTop`);
      await page.mouse.wheel({ deltaY: top - (await now()) });
      await until(`scrolled to ${top}`, async () => Math.abs((await now()) - top) < 2);
    },
    /** Another tab in front, until it is called again. */
    hide: async () => {
      const other = await page.browserContext().newPage();
      await until("hidden", () => page.evaluate(() => document.visibilityState == "hidden"));
      return async () => {
        await page.bringToFront();
        await until("shown", () => page.evaluate(() => document.visibilityState == "visible"));
        await other.close();
      };
    },
    /** Milliseconds for which the tab could be seen, up to `at`. */
    seenFor: (at) =>
      page.evaluate((at) => sight.reduce((sum, [from, state], index) => {
        const to = Math.min(sight[index + 1]?.[0] ?? at, at);
        return state == "visible" ? sum + Math.max(0, to - from) : sum;
      }, 0), at),
  };
};
/** Clocks are rounded. */
const ABOUT = 60;
const names = (signals) => signals.map(({ type, survey, touchpoint }) => [type, survey, touchpoint]);
const one = (point, more) => config(survey("a", point, more));

test("the part that watches is fetched only where it has something to do", async (t) => {
  const shop = await open(t, {
    config: config(
      survey("a", { on: "dwell", for: "0s", pages: ["/help"] }),
      survey("b", { on: "event", name: "dwell" }),
      survey("c", { on: "call" }),
    ),
  });
  const { site, page, told } = shop;
  site.put("/help", html());
  await page.goto(site.url);
  await settle(page);
  await page.evaluate(() => history.pushState(0, "", "/other"));
  await settle(page);
  assert.deepEqual(site.parts(), []);
  assert.deepEqual(site.widget(), []);
  await page.evaluate(() => history.pushState(0, "", "/help"));
  const [signal] = await told(1);
  assert.deepEqual(site.parts(), [part("watch")]);
  assert.deepEqual([signal.type, signal.survey, signal.touchpoint, new URL(signal.url).pathname], ["dwell", "a", 0, "/help"]);
  assert.deepEqual([signal.session, signal.pages], [1, 3]);
  // Once for each page view.
  await page.evaluate(() => history.pushState(0, "", "/elsewhere"));
  await settle(page);
  await told(1);
  await page.evaluate(() => history.pushState(0, "", "/help"));
  await told(2);
  assert.equal(site.parts().length, 1);
  assert.deepEqual(page.wrong, []);
});

test("dwell: time adds up while the tab can be seen, and only then", async (t) => {
  const { page, go, told, hide, wait, signals, seenFor } = await open(t, { config: one({ on: "dwell", for: "3s" }) });
  await go();
  const show = await hide();
  await wait(3_200);
  const early = await signals();
  await show();
  const [{ at }] = await told(1);
  assert.ok((await seenFor(at)) >= 3_000 - ABOUT, `${await seenFor(at)}`);
  // A machine that took three seconds to get here has seen it before it was hidden.
  if (!early.length) assert.ok(at - (await page.evaluate(() => sight[0][0])) >= 6_000, "the hidden time is left out");
});

test("idle: nothing done for so long at a stretch; a hidden tab does not count", async (t) => {
  const { page, go, told, hide, wait, signals } = await open(t, { config: one({ on: "idle", for: "2s" }), body: boxes(box("tall", "3000px")) });
  await go();
  const acts = [
    () => page.mouse.move(Math.random() * 500, 200),
    () => page.keyboard.press("a"),
    () => page.mouse.wheel({ deltaY: 50 }),
    () => page.mouse.click(300, 300),
    () => page.evaluate(() => scrollBy(0, 10)),
  ];
  for (const act of acts) {
    await act();
    await wait(700);
  }
  const show = await hide();
  await wait(2_300);
  await show();
  const [{ at }] = await told(1);
  const [input, sight] = await page.evaluate((at) => [Math.max(...inputs.filter((input) => input <= at)), sight], at);
  assert.ok(at - input >= 2_000 - ABOUT, "after the last input");
  const [from, state] = sight.filter(([from]) => from <= at).at(-1);
  assert.ok(state == "visible" && at - from >= 2_000 - ABOUT, `in sight at a stretch: ${JSON.stringify(sight)} ${at}`);
  // Once.
  await wait(2_300);
  assert.equal((await signals()).length, 1);
});

test("scroll: so far down, by scrolling down; nothing on a page that is short", async (t) => {
  const points = [25, 50, 100].map((percent) => ({ on: "scroll", percent }));
  const { site, page, go, told, wheel, signals } = await open(t, {
    config: config({ id: "a", ask: "nps", touchpoints: points }),
    body: boxes(box("tall", "2960px")),
  });
  site.put("/short", html({ body: boxes(box("low", "100px")) }));
  await go("/short");
  await page.mouse.wheel({ deltaY: 100 });
  await settle(page);
  assert.deepEqual(await signals(), []);

  // 3000 px in all, 600 in view: 20 % at the top.
  await go();
  assert.deepEqual(await signals(), []);
  await wheel(100);
  await settle(page);
  assert.deepEqual(await signals(), []);
  await wheel(200);
  assert.deepEqual(names(await told(1)), [["scroll", "a", 0]]);
  await wheel(890);
  await told(1);
  await wheel(950);
  assert.deepEqual(names(await told(2)).at(-1), ["scroll", "a", 1]);
  await wheel(0);
  await wheel(2_400);
  assert.deepEqual(names(await told(3)).at(-1), ["scroll", "a", 2]);
  await wheel(0);
  await wheel(2_400);
  await told(3);

  // Anew with the next page view; on the way up nothing counts.
  await page.evaluate(() => history.pushState(0, "", "/other"));
  await wheel(2_000);
  await wheel(0);
  await told(3);
  await wheel(2_400);
  await told(6);
  assert.deepEqual(page.wrong, []);
});

test("scroll: inside the page too, if it is at least half as high as the window", async (t) => {
  const { page, go, told, wheel } = await open(t, {
    config: one({ on: "scroll", percent: 60 }),
    body: boxes(
      `<div id="small" class="scroller" data-height="200px">${box("in-small", "2000px")}</div>`,
      `<div id="large" class="scroller" data-height="320px">${box("in-large", "2000px")}</div>`,
    ),
  });
  await go();
  await wheel(1_800, { y: 100, of: "small" });
  await wheel(800, { y: 400, of: "large" });
  await settle(page);
  await told(0);
  await wheel(1_000, { y: 400, of: "large" });
  await told(1);
});

test("visible: as much of it as asked for, for so long at a stretch", async (t) => {
  const { page, go, told, wheel, wait, signals } = await open(t, {
    config: one({ on: "visible", selector: ".offer", ratio: 0.8, for: "2s" }),
    body: boxes(box("above", "1000px"), box("offer", "400px", "offer"), box("below", "3000px")),
  });
  await go();
  await wait(2_200);
  assert.deepEqual(await signals(), []);
  // 1040 px down, 400 high: at 700, 260 of it are in view.
  await wheel(700);
  await wait(2_300);
  assert.deepEqual(await signals(), [], "not enough of it");
  await wheel(900);
  const since = await page.evaluate(() => Date.now());
  await wait(700);
  await wheel(600);
  const early = await signals();
  await wheel(900);
  const [{ at }] = await told(1);
  if (early.length) return assert.ok(at - since >= 2_000 - 1_000, "a slow machine");
  const input = await page.evaluate((at) => Math.max(...inputs.filter((input) => input <= at)), at);
  assert.ok(at - input >= 2_000 - 1_000 && at - since >= 2_700 - ABOUT, `at a stretch: ${at - input}, ${at - since}`);
  await wheel(0);
  await wheel(900);
  await wait(2_300);
  await told(1);
});

test("visible: what is larger than the window needs as much of the window; what has no size needs to be there", async (t) => {
  const points = [".huge", ".wide", ".dot"].map((selector) => ({ on: "visible", selector, ratio: 0.7, for: "0s" }));
  const { go, told, wheel } = await open(t, {
    config: config({ id: "a", ask: "nps", touchpoints: points }),
    body: boxes(
      box("above", "960px"), box("huge", "60000px", "huge"), box("gap", "1000px"),
      `<style>.wide { width: 5000px } html { overflow-x: clip }</style>`, box("wide", "300px", "wide"), box("gap2", "1000px"), box("dot", "0px", "dot"), box("end", "1000px"),
    ),
  }); // prettier-ignore
  await go();
  // 1000 px down: 60 % of the window are not enough, 75 % are.
  await wheel(760);
  await told(0);
  await wheel(850);
  assert.deepEqual(names(await told(1)), [["visible", "a", 0]]);
  await wheel(62_000 - 250);
  assert.deepEqual(names(await told(2)).at(-1), ["visible", "a", 1]);
  await wheel(63_300 - 300);
  assert.deepEqual(names(await told(3)).at(-1), ["visible", "a", 2]);
});

test("visible: elements that turn up later, come to match, or change their size", async (t) => {
  const { page, go, told, wait } = await open(t, {
    config: one({ on: "visible", selector: "#late.on", ratio: 1, for: "0s" }),
    body: boxes(box("first", "100px")),
  });
  await go();
  await page.evaluate(() => {
    const late = document.createElement("div");
    late.id = "late";
    late.style.height = "100px";
    document.querySelector("main").append(late);
  });
  await wait(400);
  await told(0);
  await page.evaluate(() => late.classList.add("on"));
  await told(1);

  // In the next page view it is gone from the start, and comes back larger than the window; then it shrinks.
  await page.evaluate(() => {
    late.remove();
    history.pushState(0, "", "/next");
  });
  await wait(400);
  await told(1);
  await page.evaluate(() => {
    const late = document.createElement("div");
    late.id = "late";
    late.className = "on";
    late.style.height = "900px";
    late.style.marginTop = "500px";
    document.querySelector("main").prepend(late);
  });
  await wait(400);
  await told(1);
  await page.evaluate(() => (late.style.height = "50px"));
  await told(2);
});

test("visible: not in a hidden tab, and not before its time is over in one go", async (t) => {
  const { page, go, told, hide, wait, signals } = await open(t, {
    config: one({ on: "visible", selector: "h1", for: "3s" }),
  });
  await go();
  const show = await hide();
  await wait(3_200);
  const early = await signals();
  await show();
  const [{ at }] = await told(1);
  if (early.length) return;
  const sight = await page.evaluate(() => window.sight);
  const [from, state] = sight.filter(([from]) => from <= at).at(-1);
  assert.ok(state == "visible" && at - from >= 3_000 - ABOUT, JSON.stringify([sight, at]));
});

test("exit intent: the mouse leaves by the upper edge, without a button held", async (t) => {
  const { page, go, told, session } = await open(t, { config: one({ on: "exit_intent" }), body: boxes(box("tall", "400px")) });
  await go();
  await page.mouse.move(300, 200);
  await page.mouse.move(-5, 200);
  await page.mouse.move(300, 200);
  await page.mouse.move(300, 700);
  await page.mouse.move(300, 200);
  await settle(page);
  await told(0);
  await page.mouse.down();
  await page.mouse.move(300, -5);
  await page.mouse.move(300, 200);
  await page.mouse.up();
  await settle(page);
  await told(0);
  await page.mouse.move(300, -5);
  assert.deepEqual(names(await told(1)), [["exit_intent", "a", 0]]);
  await page.mouse.move(300, 200);
  await page.mouse.move(300, -5);
  await told(1);
  await page.evaluate(() => history.pushState(0, "", "/next"));
  await page.mouse.move(300, 200);
  await page.mouse.move(300, -5);
  await told(2);
  await session.detach();
});

test("exit intent: a fast scroll upwards with the finger, after one down", async (t) => {
  const phone = { width: 400, height: 600, isMobile: true, hasTouch: true };
  const { page, go, told, wait, session, signals } = await open(t, {
    config: one({ on: "exit_intent" }),
    body: boxes(box("tall", "9000px")),
    viewport: phone,
  });
  const touch = (type, ...ys) =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: ys.map((y) => ({ x: 200, y })) });
  const swipe = async (from, to, steps, pause) => {
    await touch("touchStart", from);
    for (let step = 1; step <= steps; step++) {
      await touch("touchMove", from + ((to - from) * step) / steps);
      if (pause) await wait(pause);
    }
    await touch("touchEnd");
    // Until the page has come to rest.
    let last;
    await until("rest", async () => last == (last = await page.evaluate(() => scrollY)) && (await settle(page), true));
  };
  const at = () => page.evaluate(() => scrollY);
  /** Fast enough sooner or later, however slow the machine is: after a bit down, for that is asked for too. */
  const flick = async (count) => {
    await until("a fast one", async () => {
      await swipe(550, 50, 4);
      await swipe(50, 550, 4);
      return (await signals()).length >= count;
    });
    await told(count);
  };
  await go();
  await page.evaluate(() => scrollTo(0, 4_000));
  await settle(page);
  await page.evaluate(() => history.pushState(0, "", "/middle"));
  await settle(page);
  // Up without having gone down: a page view that begins in the middle can begin like that.
  await swipe(50, 550, 4);
  assert.ok((await at()) < 4_000);
  await told(0);
  await swipe(550, 50, 4);
  await told(0);
  // Slowly: 25 px in 100 ms.
  const before = await at();
  await swipe(100, 500, 16, 100);
  assert.ok((await at()) < before - 300);
  await told(0);
  // By a button that leads there: no finger moves.
  await wait(1_100);
  await page.evaluate(() => scrollTo(0, scrollY - 1_500));
  await settle(page);
  await told(0);
  await flick(1);
  assert.deepEqual(names(await signals()), [["exit_intent", "a", 0]]);
  await swipe(550, 50, 4);
  await swipe(50, 550, 4);
  await told(1);
  await page.evaluate(() => history.pushState(0, "", "/next"));
  await flick(2);
});

test("with a mouse a fast scroll upwards is no intent to leave", async (t) => {
  const { page, go, told, wheel } = await open(t, { config: one({ on: "exit_intent" }), body: boxes(box("tall", "9000px")) });
  await go();
  await wheel(4_000);
  await wheel(0);
  await settle(page);
  await told(0);
});

test("what is settled is not watched, several touchpoints are each their own, and what is odd is reported", async (t) => {
  const { site, page, go, told, methods } = await open(t, {
    config: config(
      { id: "a", ask: "nps", touchpoints: [{ on: "call" }, { on: "dwell", for: "0s" }, { on: "visible", selector: "h1", for: "0s" }] },
      survey("b", { on: "dwell", for: "0s" }),
    ),
  });
  await go();
  const seen = names(await told(3)).sort();
  assert.deepEqual(seen, [["dwell", "a", 1], ["dwell", "b", 0], ["visible", "a", 2]]);
  await page.evaluate((tag) => {
    localStorage["asklet.note"] = JSON.stringify({ tag, at: Date.now(), until: { a: Date.now() + 1e9 } });
  }, (await page.evaluate(() => calls[0][2].tag)));
  await go();
  assert.deepEqual(names(await told(1)), [["dwell", "b", 0]]);

  const odd = [
    { on: "dwell" },
    { on: "dwell", for: 5 },
    { on: "idle", for: "2w" },
    { on: "dwell", for: "99999999d" },
    { on: "scroll" },
    { on: "scroll", percent: "50" },
    { on: "scroll", percent: 12.5 },
    { on: "scroll", percent: 0 },
    { on: "visible", selector: "h1", ratio: 2 },
    { on: "visible", selector: "h1", ratio: "half" },
    { on: "visible", selector: "h1", for: null },
  ];
  for (const point of odd) {
    site.put("/asklet.json", config(survey("odd", point), survey("whole", { on: "event", name: "x" })));
    await go();
    await until("the widget", async () => (await methods())[0] == "start");
    assert.deepEqual((await methods()).slice(1), [], JSON.stringify(point));
  }
  assert.deepEqual(page.wrong, []);
});

test("a page that comes back out of the back/forward cache is watched anew", async (t) => {
  const { site, page, told } = await open(t, { config: one({ on: "dwell", for: "0s" }), headers: { "cache-control": "max-age=60" } });
  site.put("/away", "<!doctype html><title>Away</title>", { "cache-control": "max-age=60" });
  await page.goto(site.url);
  await told(1);
  if (!(await awayAndBack(page, site.url + "/away"))) return t.skip("this browser did not put the page into its cache");
  await told(2);
});

test("destroy() leaves no listener, observer or timer; all listeners are passive", async (t) => {
  const kinds = [
    { on: "visible", selector: ".box", for: "1h" },
    { on: "scroll", percent: 100 },
    { on: "dwell", for: "1h" },
    { on: "idle", for: "1h" },
    { on: "exit_intent" },
  ];
  const { page, go, told, wheel, wait } = await open(t, {
    config: config({ id: "a", ask: "nps", touchpoints: kinds }, survey("b", { on: "page" }, { placement: "inline" })),
    body: boxes(box("one", "300px"), box("two", "5000px"), box("three", "300px")),
  });
  await go();
  await wheel(300);
  const begun = await page.evaluate(() => [...open_].map(({ type }) => type).filter(Boolean));
  for (const type of ["scroll", "mouseout", "pointermove", "visibilitychange"]) assert.ok(begun.includes(type), type);
  assert.deepEqual(await page.evaluate(() => actives), []);

  const left = () =>
    page.evaluate(() => [...open_].map((left) => left.type ?? left.constructor.name + (left.constructor == Number ? " timer" : "")));
  const before = (await left()).length;
  // A page view ends what the one before had begun.
  for (const path of ["/one", "/two", "/three"]) await page.evaluate((path) => history.pushState(0, "", path), path);
  await wait(300);
  assert.ok((await left()).length <= before, String(await left()));

  await page.evaluate(() => {
    document.querySelector("main").append(document.createElement("div"));
    asklet.destroy();
  });
  await wait(300);
  assert.deepEqual(await left(), []);
  await wheel(4_000);
  await page.mouse.move(300, -5);
  await settle(page);
  await told(0);
  assert.deepEqual(page.wrong, []);
});

test("a part that cannot be loaded is said once, and the rest goes on", async (t) => {
  const { site, page, told } = await open(t, { config: config(survey("a", { on: "dwell", for: "0s" }), survey("b", { on: "event", name: "x" })) });
  site.put(part("watch"), () => undefined);
  await page.goto(site.url);
  await until("the message", () => page.said.find((line) => line.startsWith("asklet:")));
  await page.evaluate(() => {
    history.pushState(0, "", "/one");
    history.pushState(0, "", "/two");
    asklet.track("x");
  });
  await told(1);
  assert.equal(page.said.filter((line) => line.startsWith("asklet:")).length, 1);
  assert.deepEqual(page.wrong.filter((text) => /uncaught/i.test(text)), []);
});
