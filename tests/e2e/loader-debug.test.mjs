// The debug overlay: when it is there, what it says, and that it changes nothing. A probe stands in the widget's place.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { launch, seen, settle, until } from "./harness.mjs";
import { config, open as openWith, ordered, part, survey } from "./probe.mjs";

let browser;
before(async (t) => (browser = await launch(t)));
const open = (t, options) => openWith(t, browser, options);

const tag = { config: "/asklet.json", debug: "" };
const shop = config(survey("after-order", ordered), survey("help", { on: "dwell", for: "1h" }));

/** Answers as the widget does. */
const widget = () => {
  window.asked = 0;
  const DAY = 86_400_000;
  window.rules = [
    { rule: "endpoint", found: "/responses", holds: true },
    { rule: "pages", touchpoint: 0, wants: ["/thanks", "!/admin/**", { regex: "order=\\d+" }], found: location.href, holds: false },
    { rule: "moment", touchpoint: 0, wants: { on: "event", name: "order_placed" }, holds: false },
    { rule: "sample", wants: 0.25, found: 0.7312, holds: false },
    { rule: "sessions", wants: { gte: 3 }, found: 1, holds: false },
    { rule: "refused", holds: true },
    { rule: "answered", wants: 180 * DAY, holds: true },
    { rule: "quiet", wants: 30 * DAY, found: Date.now() - 27 * DAY, holds: false, next: Date.now() + 3 * DAY },
    { rule: "per_session", wants: 1, found: 0, holds: true },
    { rule: "typing", holds: true },
  ];
  window.answer = (method, [first, options]) => {
    if (method == "explain") {
      asked++;
      const all = ["after-order", "help"].map((survey, index) => ({ survey, asks: index == 1, rules: index ? rules.slice(0, 1) : rules }));
      return Promise.resolve(structuredClone(all.filter(({ survey }) => survey == (first ?? survey))));
    }
    if (method == "outbox")
      return Promise.resolve({ waiting: [{}, {}], parked: [{}], durable: true, books: { enqueued: 9, delivered: 6, waiting: 2, parked: 1, evicted: 0 } });
    if (method == "show" && options?.preview) document.body.append("preview of " + first);
  };
};

const STRICT = { "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'" };

/** What the panel shows; undefined where there is none. */
const text = (page) =>
  page.evaluate(() => {
    const root = document.querySelector("asklet-debug")?.shadowRoot;
    const visible = (element) => element.checkVisibility();
    return root && {
      status: root.querySelector("[role=status]").textContent,
      surveys: [...root.querySelectorAll(".survey summary")].map((summary) => summary.textContent.trim()),
      rows: [...root.querySelectorAll(".survey tr")].map((row) => [...row.children].map((cell) => cell.textContent)),
      buttons: [...root.querySelectorAll("button")].filter((button) => !button.hidden).map((button) => button.textContent),
      outbox: [...root.querySelectorAll("p")].map((p) => p.textContent).find((text) => /waiting|looked at/.test(text)),
      events: [...root.querySelectorAll("li")].map((item) => item.textContent),
      open: visible(root.querySelector("[role=status]")),
    };
  });
const says = (page, status) => until(`"${status}"`, async () => (await text(page))?.status.includes(status));
const press = async (page, name) => {
  const button = await page.evaluateHandle((name) => {
    const all = document.querySelector("asklet-debug").shadowRoot.querySelectorAll("button");
    return [...all].find((button) => button.textContent == name);
  }, name);
  await button.focus();
  await page.keyboard.press("Enter");
};

test("it comes only where the tag asks for it", async (t) => {
  for (const [debug, path, there] of [
    [undefined, "/?asklet-debug", false],
    ["", "/", true],
    ["true", "/", true],
    ["query", "/", false],
    ["query", "/?a=1", false],
    ["query", "/?a=1&asklet-debug", true],
    ["query", "/?asklet-debug=1", true],
  ]) {
    const { site, page, go } = await open(t, { config: shop, tag: { config: "/asklet.json", ...(debug !== undefined && { debug }) } });
    await go(path);
    assert.equal(site.parts().includes(part("debug")), there, `${debug} ${path}`);
    assert.equal((await text(page)) !== undefined, there);
    assert.deepEqual(page.wrong, []);
  }
});

test("by being there it wakes nothing; looking does; then it keeps fresh", async (t) => {
  const { site, page, go, methods } = await open(t, { config: shop, tag, prepare: widget, headers: STRICT });
  await go();
  await says(page, "not loaded");
  assert.deepEqual(site.widget(), []);
  const asleep = await text(page);
  assert.deepEqual(asleep.surveys, ["after-order", "help"]);
  assert.deepEqual(asleep.buttons, ["Look now", "Preview after-order", "Preview help"]);

  await press(page, "Look now");
  await says(page, "As of");
  const awake = await text(page);
  assert.deepEqual(awake.surveys, ["after-order not asked: 5 rules do not hold", "help would be asked"]);
  assert.deepEqual(awake.rows[0], ["Rule", "Wants", "Found", "Verdict", "Next"]);
  const row = (name) => awake.rows.find(([rule]) => rule == name);
  assert.deepEqual(row("touchpoints[0]: pages").slice(1, 4), ["/thanks, !/admin/**, regex order=\\d+", site.url + "/", "does not hold"]);
  assert.deepEqual(row("touchpoints[0]: moment").slice(1, 4), ["on event, name order_placed", "", "does not hold"]);
  assert.deepEqual(row("sample").slice(1, 3), ["0.25", "0.7312"]);
  assert.deepEqual(row("sessions").slice(1, 3), ["gte 3", "1"]);
  assert.deepEqual(row("answered"), ["answered", "180 d", "", "holds", ""]);
  assert.match(row("quiet").at(-1), /^\d+ \w+ 20\d\d, \d\d:\d\d, in 3 d$/);
  assert.equal(row("quiet")[1], "30 d");
  assert.match(row("quiet")[2], /^\d+ \w+ 20\d\d, \d\d:\d\d$/);
  await until("the outbox", async () => (await text(page)).outbox == "2 waiting, 1 parked. Of 9 ever: 6 delivered, 0 evicted.");

  // An event: it looks again, and lists it.
  const before = await page.evaluate(() => asked);
  await page.evaluate(() => {
    rules.find(({ rule }) => rule == "sample").holds = true;
    const detail = { survey: "after-order", asks: false, rules };
    document.dispatchEvent(new CustomEvent("asklet:suppressed", { bubbles: true, detail }));
    document.dispatchEvent(new CustomEvent("asklet:eligible", { bubbles: true, detail: { survey: "help", delay: 120_000 } }));
  });
  await until("fresh", async () => (await text(page)).surveys[0] == "after-order not asked: 4 rules do not hold");
  assert.equal(await page.evaluate(() => asked), before + 1, "once for both");
  const { events } = await text(page);
  assert.match(events[0], /^\d\d:\d\d:\d\d eligible help: in 2 min$/);
  assert.match(events[1], /suppressed after-order: because of touchpoints\[0\]: pages, touchpoints\[0\]: moment, sessions, quiet$/);
  assert.ok((await methods()).every((method) => ["start", "explain", "outbox"].includes(method)), String(await methods()));
  assert.deepEqual([page.wrong, await page.evaluate(() => violations)], [[], []]);
});

test("what is open stays open, and the focus where it is; everything goes with the keyboard", async (t) => {
  const { page, go } = await open(t, { config: shop, tag, prepare: widget });
  await go();
  await says(page, "not loaded");
  await press(page, "Look now");
  await says(page, "As of");
  const focused = () => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent.trim());
  await page.keyboard.press("Tab");
  assert.match(await focused(), /^after-order/);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Preview after-order");
  await page.evaluate(() => document.dispatchEvent(new CustomEvent("asklet:ready", { detail: { version: "0" } })));
  await until("the event", async () => (await text(page)).events.length);
  await settle(page);
  assert.equal(await focused(), "Preview after-order");
  assert.equal(await page.evaluate(() => document.querySelector("asklet-debug").shadowRoot.querySelectorAll(".survey[open]").length), 1);
  // Folded away as a whole.
  await page.evaluate(() => document.querySelector("asklet-debug").shadowRoot.querySelector("summary").focus());
  await page.keyboard.press("Space");
  assert.equal((await text(page)).open, false);
});

test("a preview is shown with nothing but the wish for it; clicks in the panel are not the page's", async (t) => {
  const { page, go, calls, signals } = await open(t, {
    config: config(...shop.surveys, survey("c", { on: "click", selector: "button, asklet-debug" })),
    tag,
    prepare: widget,
  });
  await go();
  await says(page, "not loaded");
  await page.evaluate(() => {
    const root = document.querySelector("asklet-debug").shadowRoot;
    root.querySelector(".survey").open = true;
    root.querySelector(".survey button").click();
  });
  await until("the preview", () => page.evaluate(() => document.body.textContent.includes("preview of after-order")));
  assert.deepEqual((await calls()).filter(([method]) => method == "show"), [["show", "after-order", { preview: true }]]);
  assert.deepEqual(await signals(), []);
  assert.deepEqual(page.wrong, []);
});

test("while consent is owed it says so, and fetches and stores nothing", async (t) => {
  const { site, page, go } = await open(t, { config: { ...shop, privacy: { consent: "required" } }, tag, prepare: widget });
  await go();
  await says(page, "Consent is missing");
  const { surveys, rows, buttons } = await text(page);
  assert.deepEqual(surveys, ["after-order not asked: 1 rule does not hold", "help not asked: 1 rule does not hold"]);
  assert.deepEqual(rows[1], ["consent", "granted", "owed", "does not hold", ""]);
  assert.deepEqual(buttons, ["Look again"]);
  assert.deepEqual(site.widget(), []);
  assert.deepEqual(await page.evaluate(async () => [{ ...localStorage }, await indexedDB.databases()]), [{}, []]);
  await page.evaluate(() => asklet.consent("granted"));
  await says(page, "not loaded");
  await page.evaluate(() => asklet.consent("denied"));
  await says(page, "Consent is missing");
  assert.equal((await text(page)).rows[1][2], "denied");
  await page.evaluate(() => asklet.forget());
  await says(page, "stopped");
  assert.deepEqual(page.wrong, []);
});

test("destroy() takes it away, also one that is still on its way", async (t) => {
  const { site, page, go } = await open(t, { config: shop, tag, prepare: widget });
  await go();
  await says(page, "not loaded");
  await page.evaluate(() => {
    window.kept = asklet;
    asklet.destroy();
    document.dispatchEvent(new CustomEvent("asklet:ready", { detail: { version: "0" } }));
  });
  await settle(page);
  assert.equal(await text(page), undefined);
  assert.equal(await page.evaluate(() => document.documentElement.children.length), 2);

  let letGo;
  site.hold(/debug/, () => new Promise((resolve) => (letGo = resolve)));
  await page.goto(site.url, { waitUntil: "domcontentloaded" });
  await until("asked for", () => letGo);
  await seen(page, "the loader", () => window.asklet?.version);
  await page.evaluate(() => asklet.destroy());
  letGo();
  await settle(page);
  assert.equal(await text(page), undefined);
  assert.deepEqual(page.wrong, []);
});

test("no sideways scrolling at 320 px, and nothing for a scanner to find, light and dark", async (t) => {
  const { page, go } = await open(t, { config: shop, tag, prepare: widget });
  const axe = new URL(import.meta.resolve("axe-core/axe.min.js"));
  for (const scheme of ["light", "dark"])
    for (const width of [1280, 320]) {
      await page.setViewport({ width, height: 700 });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await go();
      await says(page, "not loaded");
      await press(page, "Look now");
      await says(page, "As of");
      await page.evaluate(() => {
        for (const details of document.querySelector("asklet-debug").shadowRoot.querySelectorAll("details")) details.open = true;
      });
      const over = await page.evaluate(() => {
        const section = document.querySelector("asklet-debug").shadowRoot.querySelector("section");
        const { left, right, top, bottom } = section.getBoundingClientRect();
        return [section.scrollWidth - section.clientWidth, left >= 0, right <= innerWidth, top >= 0, bottom <= innerHeight, document.documentElement.scrollWidth <= innerWidth];
      });
      assert.deepEqual(over, [0, true, true, true, true, true], `${scheme} ${width}`);
      await page.addScriptTag({ path: axe.pathname });
      const found = await page.evaluate(async () => (await axe.run("asklet-debug")).violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.join())]));
      assert.deepEqual(found, [], `${scheme} ${width}`);
    }
});
