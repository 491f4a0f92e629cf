// Every visitor can answer: by keyboard alone, with a screen reader, on a narrow screen; and nobody is disturbed.
// The numbers are those of the accessibility contract.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { before, test } from "node:test";

import { event, html, launch, loaded, npsConfig, openPage, openSite, prompt, seen } from "./harness.mjs";

let browser;
let axe;
before(async (t) => {
  browser = await launch(t);
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
});

const QUESTION = "How likely is it that you would recommend Acme to a friend or colleague?";

/** A page with the prompt closed; answers go to the site itself, which takes all of them. */
const openShop = async (t, { body = "", surveys = [], head } = {}) => {
  const site = await openSite(t);
  const config = npsConfig("/responses", { frequency: { quiet: "1s", per_session: 100 } });
  config.surveys.push(...surveys);
  site.put("/asklet.json", config);
  site.put("/responses", "");
  site.put("/", html({ body, head }));
  const page = await openPage(browser);
  await page.goto(site.url);
  await loaded(page);
  const ask = prompt(page);
  return {
    site,
    page,
    ask,
    order: async () => {
      await page.evaluate(() => asklet.track("order_placed"));
      await ask.asks("recommend Acme");
      await ask.find("[part~=button]");
    },
  };
};

/** What has the focus: in the prompt if it is there, else on the page. */
const focus = (page) =>
  page.evaluate(() => {
    const inside = document.activeElement.shadowRoot?.activeElement;
    const { localName, id, value } = inside ?? document.activeElement;
    return [inside ? "prompt" : "page", localName, id || value || ""].join(" ").trim();
  });

const focused = (page, what) => seen(page, `focus on ${what}`, (what) => {
  const inside = document.activeElement.shadowRoot?.activeElement;
  return inside?.matches(what) ?? false;
}, what);

/** Presses one key after the other. */
const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};

/** Waits for the bar that a closed prompt leaves for a while. */
const folded = async (page, sentence) => {
  const undo = await prompt(page).find("[part~=undo]");
  const said = await undo.evaluate((button) => button.parentElement.firstChild.textContent);
  assert.equal(said, sentence);
};

/** Puts the mouse where the bar will be: it stays as long as somebody points at it, however slow the machine is. */
const point = (page) => {
  const { width, height } = page.viewport();
  return page.mouse.move(width - 60, height - 40);
};

const live = (page) => page.evaluate(() => document.querySelector("[aria-live=polite]").textContent);

const reasons = (page) => page.evaluate(() => seen.filter(([type]) => type == "dismissed").map(([, { reason }]) => reason));

const checked = (page) =>
  page.evaluate(() => document.querySelector("asklet-prompt").shadowRoot.querySelector("input:checked")?.value);

test("keyboard only, from F6 to thanks and back (9, 10, 14, 16, 17)", async (t) => {
  const { page, order, ask } = await openShop(t, { body: `<a href="#x" id="before">A link</a>` });
  await page.focus("#before");
  await order();
  assert.equal(await focus(page), "page a before");

  // In, out, and in again.
  await press(page, "F6");
  assert.equal(await focus(page), "prompt input 0");
  assert.equal(await checked(page), undefined, "coming in chooses nothing");
  await press(page, "F6");
  assert.equal(await focus(page), "page a before");
  await press(page, "F6");

  // An empty submit says what to do, and goes where it is to be done.
  await press(page, "Enter");
  const alert = await ask.find("[role=alert]:not(:empty)");
  assert.equal(await alert.evaluate(({ textContent }) => textContent), "Choose a number from 0 to 10.");
  assert.equal(await focus(page), "prompt input 0");
  const invalid = await page.evaluate(
    () => document.querySelector("asklet-prompt").shadowRoot.querySelector("[aria-invalid=true]") != null,
  );
  assert.ok(invalid);

  const steps = [
    [["7"], "7"],
    [["ArrowRight"], "8"],
    [["ArrowUp"], "7"],
    [["Home"], "0"],
    [["ArrowLeft"], "10"],
    [["ArrowDown"], "0"],
    [["End"], "10"],
    [["Home"], "0"],
    [["1", "0"], "10"],
    [["3"], "3"],
  ];
  for (const [keys, value] of steps) {
    await press(page, ...keys);
    assert.equal(await checked(page), value, keys.join());
    assert.equal(await focus(page), `prompt input ${value}`);
  }
  assert.equal(await page.evaluate(() => seen.filter(([type]) => type == "answered").length), 0, "choosing never submits");

  // One stop for the whole group; the button after it.
  await press(page, "Tab");
  await focused(page, "[part~=button]");
  await page.keyboard.down("Shift");
  await press(page, "Tab");
  await page.keyboard.up("Shift");
  assert.equal(await focus(page), "prompt input 3");
  await press(page, "Enter");
  await ask.asks("reason");
  await focused(page, "h2");
  await press(page, "Tab");
  await focused(page, "textarea");
  await page.keyboard.type("two\nlines");
  await page.keyboard.down("Control");
  await press(page, "Enter");
  await page.keyboard.up("Control");
  await ask.asks("Thank you");
  await focused(page, "h2");
  await ask.status("has been sent");
  await press(page, "Tab");
  await focused(page, "[part~=button]");
  await press(page, "Enter");
  await ask.gone();
  assert.equal(await focus(page), "page a before");
  const answers = await page.evaluate(() => seen.filter(([type]) => type == "answered").map(([, { value }]) => value));
  assert.deepEqual(answers, [3, "two\nlines"]);
  assert.deepEqual(page.wrong, []);
});

test("Escape closes only from inside, and the focus goes back (9, 16)", async (t) => {
  const { page, order, ask } = await openShop(t, { body: `<button id="b">B</button>` });
  const keys = await page.evaluateHandle(() => {
    const heard = [];
    document.addEventListener("keydown", (event) => heard.push([event.key, event.defaultPrevented]));
    return heard;
  });
  await page.focus("#b");
  await order();
  await page.keyboard.press("Escape");
  await page.keyboard.press("7");
  await page.keyboard.press("Home");
  await ask.find("h2");
  const outside = await keys.jsonValue();
  assert.deepEqual(outside, ["Escape", "7", "Home"].map((key) => [key, false]), "the page's own keys stay its own");
  await point(page);
  await press(page, "F6", "Escape");
  await folded(page, "Feedback closed.");
  assert.equal(await focus(page), "page button b");
  assert.equal((await event(page, "dismissed")).reason, "escape");
  await page.mouse.move(5, 5);
  await ask.gone();
  assert.equal(await focus(page), "page button b");
  assert.equal(await live(page), "");
});

test("where the focus came from is gone: it goes to main, never to body (16)", async (t) => {
  const { page, order, ask } = await openShop(t, { body: `<button id="b">B</button>` });
  await page.focus("#b");
  await order();
  await page.keyboard.press("F6");
  await page.evaluate(() => document.querySelector("#b").remove());
  await point(page);
  await (await ask.find("[part~=close]")).focus();
  await press(page, "Enter");
  await folded(page, "Feedback closed.");
  assert.equal(await focus(page), "page main");
  await page.mouse.move(5, 5);
  await ask.gone();
  assert.equal(await focus(page), "page main");
});

test("later, never, and both taken back, by keyboard alone (9, 13, 14, 16, 17)", async (t) => {
  const { page, order, ask } = await openShop(t, { body: `<a href="#x" id="before">A link</a>` });
  await page.focus("#before");
  await order();
  await point(page);
  await press(page, "F6", "4", "Tab");
  await focused(page, "[part~=button]");
  await press(page, "Tab");
  await focused(page, "[part~=later]");
  await press(page, "Enter");
  await folded(page, "You will be asked another time.");
  assert.equal(await focus(page), "page a before");
  assert.equal(await live(page), "You will be asked another time. Press F6 to undo.");

  // In, out by the key and by Escape, and in again: the bar stays.
  await press(page, "F6");
  await focused(page, "[part~=undo]");
  await press(page, "F6");
  assert.equal(await focus(page), "page a before");
  await press(page, "F6", "Escape");
  assert.equal(await focus(page), "page a before");
  await press(page, "F6");
  await focused(page, "[part~=undo]");
  await press(page, "Enter");
  await focused(page, "h2");
  assert.equal(await live(page), "");
  assert.equal(await checked(page), "4", "what was chosen is not lost");
  assert.equal(await page.$("asklet-prompt >>> [part~=undo]"), null);

  await press(page, "Tab", "Tab", "Tab", "Tab");
  await focused(page, "[part~=never]");
  await press(page, "Space");
  await folded(page, "You will not be asked again.");
  assert.equal(await focus(page), "page a before");
  assert.equal(await live(page), "You will not be asked again. Press F6 to undo.");
  await press(page, "F6", "Space");
  await focused(page, "h2");

  // As if nothing had been: the question is answered, and from the next one on there is only the cross.
  await press(page, "Tab", "Enter");
  await ask.asks("reason");
  assert.equal(await page.$("asklet-prompt >>> [part~=later]"), null);
  assert.equal(await page.$("asklet-prompt >>> [part~=never]"), null);
  await press(page, "Tab");
  await page.keyboard.type("half a sen");
  await press(page, "Escape");
  await folded(page, "Feedback closed.");
  assert.equal(await focus(page), "page a before");
  await press(page, "F6", "Enter");
  await focused(page, "h2");
  await press(page, "Tab", "End");
  await page.keyboard.type("tence");
  await press(page, "Tab", "Enter");
  await ask.asks("Thank you");
  assert.deepEqual(await reasons(page), ["later", "never", "escape"]);
  await seen(page, "both answers", () => seen.filter(([type]) => type == "answered").length == 2);
  const answers = await page.evaluate(() => seen.filter(([type]) => type == "answered").map(([, { value }]) => value));
  assert.deepEqual(answers, [4, "half a sentence"]);
  assert.deepEqual(page.wrong, []);
});

test("the bar stays while it has the focus or a pointer over it, and then goes (19)", async (t) => {
  const { page, order, ask } = await openShop(t, { body: `<a href="#x" id="before">A link</a>` });
  await page.focus("#before");
  await order();
  await point(page);
  await press(page, "F6", "Escape");
  await folded(page, "Feedback closed.");
  // Longer than the bar stands by itself, by the page's own clock.
  const long = () => page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 10_000)));
  await long();
  assert.ok(await page.$("asklet-prompt"), "pointed at");
  await press(page, "F6");
  await page.mouse.move(5, 5);
  await long();
  assert.equal(await focus(page), "prompt button");
  await press(page, "Escape");
  assert.equal(await focus(page), "page a before");
  await ask.gone();
  assert.equal(await focus(page), "page a before");
});

test("a finger on the prompt does not hold the bar", async (t) => {
  const { page, order, ask } = await openShop(t);
  await page.setViewport({ width: 400, height: 700, hasTouch: true, isMobile: true });
  await order();
  await (await ask.find("[part~=later]")).tap();
  assert.equal((await event(page, "dismissed")).reason, "later");
  await ask.gone();
});

test("an inline prompt moves the page at the visitor's acts only", async (t) => {
  const { page, ask } = await openShop(t, {
    surveys: [{ id: "help", ask: "csat", about: "this page", placement: "inline", touchpoints: [{ on: "page" }] }],
    body: `<asklet-survey survey="help"></asklet-survey><p id="after">After</p>`,
  });
  await ask.asks("satisfied are you with this page");
  assert.equal(await page.$("asklet-prompt >>> [part~=later]"), null, "what stands in the page need not be refused");
  const top = () => page.$eval("#after", (after) => after.getBoundingClientRect().top);
  await ask.choose(2);
  const before = await top();
  await ask.close();
  await folded(page, "Feedback closed.");
  assert.ok((await top()) < before, "a bar is enough now");
  await (await ask.find("[part~=undo]")).click();
  await focused(page, "h2");
  assert.equal(await top(), before);
  assert.equal(await checked(page), "2");
  await ask.close();
  await folded(page, "Feedback closed.");
  const after = await top();
  await page.mouse.move(1, 1);
  await ask.gone();
  assert.equal(await top(), after, "nobody did anything");
});

test("a prompt nobody asked for moves neither focus, caret nor scroll (12), and waits with its announcement (13)", async (t) => {
  const { page } = await openShop(t, {
    body: `<input id="field"><p style="height: 3000px">Long</p>`,
  });
  const live = () => page.evaluate(() => [...document.querySelectorAll("[aria-live=polite]")].map(({ textContent }) => textContent));
  await page.focus("#field");
  await page.evaluate(() => scrollTo(0, 40));
  const scroll = await page.evaluate(() => scrollY);
  await page.keyboard.type("ab");
  await page.keyboard.press("ArrowLeft");
  await page.evaluate(() => asklet.track("order_placed"));
  await prompt(page).asks("recommend Acme");
  await page.keyboard.type("cd");
  const after = await page.evaluate(() => {
    const { value, selectionStart } = document.querySelector("#field");
    return [value, selectionStart, document.activeElement.id, scrollY];
  });
  assert.deepEqual(after, ["acdb", 3, "field", scroll]);
  assert.deepEqual(await live(), [""], "one region, silent while the visitor types");
  await seen(page, "the announcement", () => document.querySelector("[aria-live=polite]").textContent);
  assert.deepEqual(await live(), [`Feedback question: ${QUESTION} Press F6 to answer.`]);
});

test("show() brings the focus in, since the visitor asked", async (t) => {
  const { page, ask } = await openShop(t, { body: `<button id="b" onclick="asklet.show('after-order')">Feedback</button>` });
  await page.click("#b");
  await ask.asks("recommend Acme");
  await focused(page, "h2");
  assert.equal(await page.$("asklet-prompt >>> [part~=later]"), null, "whoever asked to be asked need not refuse");
  await point(page);
  await press(page, "Escape");
  await folded(page, "Feedback closed.");
  assert.equal(await focus(page), "page button b");
});

test("a preview says so from the start, on every screen", async (t) => {
  const { page, ask } = await openShop(t);
  await page.evaluate(() => asklet.show("after-order", { preview: true }));
  await ask.status("Preview: nothing is saved or sent.");
  await ask.choose(9);
  await ask.go();
  await ask.asks("reason");
  await ask.status("Preview: nothing is saved or sent.");
});

test("the accessibility tree: one group named by the question, eleven radios named by number and meaning (1-6, 14)", async (t) => {
  const { page, order } = await openShop(t);
  await order();
  const session = await page.createCDPSession();
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const of = (...roles) => nodes.filter(({ ignored, role }) => !ignored && roles.includes(role?.value));
  const name = (node) => node.name?.value;
  const [group, ...others] = of("radiogroup", "group");
  assert.equal(others.length, 0);
  assert.equal(name(group), QUESTION);
  assert.match(group.description?.value ?? "", /0.*Not at all likely.*10.*Extremely likely/);
  const radios = of("radio");
  assert.deepEqual(radios.map(name), ["0 Not at all likely", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10 Extremely likely"]);
  assert.ok(radios.every(({ properties }) => properties.find(({ name }) => name == "checked").value.value == "false"));
  assert.deepEqual(of("region").map(name), ["Feedback"]);
  assert.deepEqual(of("heading").map(name).filter((text) => text != "Shop"), [QUESTION]);
  assert.deepEqual(of("button").map(name), ["Close feedback", "Next", "Ask me later", "Don't ask again"]);
});

test("every point of CSAT and CES has its meaning in its name (3, 4)", async (t) => {
  const touchpoints = [{ on: "call" }];
  const kinds = [
    { id: "csat5", ask: "csat", about: "this", touchpoints },
    { id: "csat3", questions: [{ id: "q", kind: "csat", points: 3, text: "Well?" }], touchpoints },
    { id: "ces7", ask: "ces", about: "this", touchpoints },
    { id: "ces5", questions: [{ id: "q", kind: "ces", points: 5, text: "Well?" }], touchpoints },
  ];
  const { page, ask } = await openShop(t, { surveys: kinds });
  for (const { id } of kinds) {
    await page.evaluate((id) => asklet.show(id), id);
    await ask.find("input");
    const session = await page.createCDPSession();
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const names = nodes.filter(({ role, ignored }) => !ignored && role?.value == "radio").map(({ name }) => name.value);
    assert.equal(names.length, Number(id.at(-1)), id);
    names.forEach((name, index) => assert.match(name, RegExp(`^${index + 1} \\p{L}`, "u"), id));
    assert.equal(new Set(names.map((name) => name.slice(2))).size, names.length, id);
    await page.evaluate(() => asklet.close());
    await ask.gone();
  }
});

/** What axe finds wrong, one line each. */
const scan = async (page) => {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  assert.ok(passes.length > 0);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.flat()} ${failureSummary}`));
};

test("axe finds nothing: each step, light and dark, wide and narrow, inline", async (t) => {
  for (const [scheme, width] of [["light", 1280], ["dark", 320]])
    await t.test(`${scheme}, ${width} px`, async (t) => {
      const { page, ask, order } = await openShop(t, {
        surveys: [
          { id: "help", ask: "csat", about: "this page", placement: "inline", touchpoints: [{ on: "page" }] },
        ],
        head: `<style>html { color-scheme: light dark }</style>`,
        body: `<asklet-survey survey="help"></asklet-survey>`,
      });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.setViewport({ width, height: 700 });
      await ask.asks("satisfied are you with this page");
      assert.deepEqual(await scan(page), [], "csat, inline");
      await ask.close();
      await folded(page, "Feedback closed.");
      assert.deepEqual(await scan(page), [], "csat, folded");
      await page.evaluate(() => document.querySelector("asklet-survey").remove());
      await order();
      assert.deepEqual(await scan(page), [], "nps");
      await point(page);
      await (await ask.find("[part~=never]")).focus();
      await press(page, "Enter");
      await folded(page, "You will not be asked again.");
      assert.deepEqual(await scan(page), [], "nps, folded");
      await press(page, "F6", "Enter");
      await focused(page, "h2");
      await ask.go();
      await ask.find("[role=alert]:not(:empty)");
      assert.deepEqual(await scan(page), [], "nps, left empty");
      await ask.choose(9);
      assert.deepEqual(await scan(page), [], "nps, chosen");
      await ask.go();
      await ask.asks("reason");
      await ask.find("textarea");
      assert.deepEqual(await scan(page), [], "text");
      await ask.go();
      await ask.asks("Thank you");
      await ask.status("has been sent");
      assert.deepEqual(await scan(page), [], "thanks");
    });
});

/** How the prompt lies in the window, and how large its targets are. */
const layout = (page) =>
  page.evaluate(() => {
    const root = document.querySelector("asklet-prompt").shadowRoot;
    const visible = (selector) => [...root.querySelectorAll(selector)].filter((element) => element.checkVisibility({ visibilityProperty: true }));
    const inside = ({ left, right, top, bottom }) => left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
    const box = (selector) => visible(selector).map((element) => element.getBoundingClientRect());
    const wide = visible("*").filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 1 && (left < 0 || right > innerWidth);
    });
    const targets = visible("label, button").map((element) => {
      const { width, height } = element.getBoundingClientRect();
      const text = document.createRange();
      text.selectNodeContents(element);
      const clipped = text.getBoundingClientRect().width > width + 1 || element.scrollWidth > element.clientWidth + 1;
      return [element.textContent, Math.round(width), Math.round(height), clipped && element.localName == "button"];
    });
    return {
      page: document.scrollingElement.scrollWidth,
      wide: wide.map(({ outerHTML }) => outerHTML.slice(0, 80)),
      // The cross; where it is folded, the way back.
      inView: [...box("[part~=prompt]"), ...box("[part~=close], [part~=undo]")].map(inside),
      targets,
    };
  });

for (const [width, heights, font, least] of [[320, [640, 256], 16, 44], [320, [640, 480], 32, 44], [1280, [700], 16, 24], [1280, [700], 32, 24]])
  test(`${width} px, text of ${font} px: no sideways scroll, the close button in view (26), targets of ${least} px (20)`, async (t) => {
    const { page, order, ask } = await openShop(t, { head: `<style>html { font-size: ${font}px }</style>` });
    const check = async (what) => {
      for (const height of heights) {
        await page.setViewport({ width, height, hasTouch: width == 320, isMobile: false });
        await ask.find("[part~=prompt]");
        const { page: scroll, wide, inView, targets } = await layout(page);
        assert.equal(scroll, width, what);
        assert.deepEqual(wide, [], what);
        assert.deepEqual(inView, [true, true], `${what}, ${height} px high`);
        for (const [name, width, height, clipped] of targets) {
          assert.ok(width >= least && height >= least, `${what}: ${name} ${width} x ${height}`);
          assert.ok(!clipped, `${what}: ${name} is clipped`);
        }
      }
    };
    await page.setViewport({ width, height: heights[0], hasTouch: width == 320, isMobile: false });
    await order();
    await check("open");
    await page.setViewport({ width, height: heights[0], hasTouch: width == 320, isMobile: false });
    await point(page);
    await (await ask.find("[part~=prompt]")).evaluate((region) => region.querySelector("[part~=later]").focus());
    await press(page, "Enter");
    await folded(page, "You will be asked another time.");
    await press(page, "F6");
    await check("folded");
  });

test("what has the focus on the page is never hidden: thirty links below the prompt (15)", async (t) => {
  const cases = [["a long page", 700, 600], ["a page that cannot scroll", 700, 600], ["a page that cannot scroll", 360, 600]];
  for (const [place, width, height] of cases)
    await t.test(`${place}, ${width} x ${height}`, async (t) => {
      const fixed = place == "a page that cannot scroll" ? "position: fixed; inset: 0" : "";
      const links = Array.from({ length: 30 }, (_, i) => `<a href="#${i}" style="display: block; margin-left: auto; width: 60%; text-align: right">Link ${i}</a>`);
      const { page, order } = await openShop(t, { body: `<div style="${fixed}">${links.join("")}</div>` });
      await page.setViewport({ width, height });
      await order();
      const tall = () => page.evaluate(() => document.querySelector("asklet-prompt").shadowRoot.querySelector("[part~=prompt]").offsetHeight);
      const whole = await tall();
      for (const step of ["forward", "back"]) {
        if (step == "back") await page.keyboard.down("Shift");
        for (let nth = 0; nth < (step == "back" ? 29 : 30); nth++) {
          await page.keyboard.press("Tab");
          const hidden = () =>
            page.evaluate(() => {
              const { left, top, right, bottom } = document.activeElement.getBoundingClientRect();
              const corners = [[left + 2, top + 2], [right - 2, top + 2], [left + 2, bottom - 2], [right - 2, bottom - 2]];
              const under = corners.filter(([x, y]) => document.elementFromPoint(x, y) != document.activeElement);
              return document.activeElement.localName != "a" ? "no link has the focus" : under.length && document.activeElement.textContent;
            });
          await seen(page, `link ${nth} in the clear, going ${step}: ${await hidden()}`, () => {
            const { left, top, right, bottom } = document.activeElement.getBoundingClientRect();
            const corners = [[left + 2, top + 2], [right - 2, top + 2], [left + 2, bottom - 2], [right - 2, bottom - 2]];
            return corners.every(([x, y]) => document.elementFromPoint(x, y) == document.activeElement);
          });
        }
        await page.keyboard.up("Shift");
      }
      await press(page, "F6");
      assert.equal(await tall(), whole, "what had to give way is whole again for whoever turns to it");
    });
});

test("language and direction are the prompt's own (7)", async (t) => {
  const { site, page } = await openShop(t);
  site.put("/asklet.json", {
    delivery: { url: "/responses" },
    surveys: [
      {
        id: "ar",
        questions: [{ id: "q", kind: "text", text: { ar: "ما رأيك؟", en: "Well?" } }],
        touchpoints: [{ on: "page" }],
      },
    ],
  });
  site.put("/", html({ tag: { config: "/asklet.json", locale: "ar" } }));
  await page.reload();
  const region = await prompt(page).find("[part~=prompt]");
  assert.deepEqual(await region.evaluate(({ lang, dir }) => [lang, dir]), ["ar", "rtl"]);
});
