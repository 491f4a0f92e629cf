// Everyone can answer: every kind of question, in every placement, wide and narrow, light, dark and in forced colours, left to
// right and right to left. The numbers are those of the accessibility contract. ASKLET_ONLY (a pattern) picks cells;
// ASKLET_MATRIX=all measures pixels in all of them, and not only in those that cover every pair.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { before, test } from "node:test";

import { html, launch, loaded, openPage, openSite, prompt, seen } from "./harness.mjs";
import { PLACEMENTS, asked, config, screens, surveys } from "./a11y/kinds.mjs";
import { looks } from "./a11y/looks.mjs";
import { inPage } from "./a11y/measure.mjs";
import { pairs } from "./a11y/pairs.mjs";
import { TRIAGE, bring, scan } from "./a11y/scan.mjs";
import { overhear, reader } from "./a11y/reader.mjs";
import { draw, inPrompt, names } from "./a11y/tree.mjs";
import { visit as visitIn, walkAll } from "./a11y/visit.mjs";
import { press, where } from "./a11y/walks.mjs";

let browser;
before(async (t) => {
  browser = await launch(t);
});

const ONLY = RegExp(process.env.ASKLET_ONLY ?? "");
const WIDTHS = [1280, 320];
const SCHEMES = ["light", "dark", "forced"];
const LANGUAGES = { en: "ltr", ar: "rtl" };

/** The page's look: forced colours are dark where the text runs from right to left. */
const emulate = async (page, scheme, dark = scheme == "dark") => {
  page.ax ??= await page.createCDPSession();
  await page.ax.send("Emulation.setEmulatedMedia", {
    features: [
      { name: "forced-colors", value: scheme == "forced" ? "active" : "none" },
      { name: "prefers-color-scheme", value: dark ? "dark" : "light" },
      { name: "prefers-reduced-motion", value: "reduce" },
    ],
  });
};

const open = async (t, { placement, width, scheme, language }) => {
  const site = await openSite(t);
  site.put("/asklet.json", config(surveys(placement), { locale: language }));
  site.put("/", html({
    body: `<p>Words of the page.</p><div id="slot"></div>`,
  }));
  const page = await openPage(browser, { prepare: inPage });
  await page.setViewport({ width, height: 800, hasTouch: width == 320 });
  await emulate(page, scheme, scheme == "dark" || (scheme == "forced" && language == "ar"));
  await page.goto(site.url);
  await loaded(page);
  await bring(page);
  // From now on a focus that a script gives shows its ring, as after any key.
  await page.keyboard.press("Shift");
  return page;
};

/** Calls checks of the page's own, and says which of them complained. */
const measure = async (page, what, ...checks) => {
  const found = await page.evaluate((checks) => checks.flatMap(([check, ...args]) => a11y[check](...args)), checks);
  return found.map((sentence) => (what ? `${what}: ${sentence}` : sentence));
};

/** All that is to be seen in a cell, as sentences about what is wrong. */
const check = async (page, { placement, width, scheme, language }, { pixels, open }) => {
  const inline = placement == "inline";
  const forced = scheme == "forced";
  const least = width == 320 ? 44 : 24;
  const wrong = [
    ...(await scan(page, { forced, open })),
    ...(await names(page)),
    ...(await measure(page, "", ["structure", language, LANGUAGES[language]], ["targets", least], ["reflow", inline], ["clipped"])),
  ];
  if (pixels) wrong.push(...(await looks(page, { forced })));
  await page.evaluate(() => a11y.spaced(true));
  wrong.push(...(await measure(page, "text spacing", ["clipped"], ["reflow", inline])));
  await page.evaluate(() => a11y.large(true));
  wrong.push(...(await measure(page, "200 %, text spacing", ["clipped"], ["reflow", inline])));
  await page.evaluate(() => a11y.spaced(false));
  wrong.push(...(await measure(page, "200 %", ["clipped"], ["reflow", inline], ["targets", 24])));
  await page.evaluate(() => a11y.large(false));
  if (width == 320) {
    await page.setViewport({ ...page.viewport(), height: 256 });
    wrong.push(...(await measure(page, "256 px high", ["reflow", inline])));
    await page.setViewport({ ...page.viewport(), height: 800 });
  }
  return wrong;
};

/** Brings a screen up. */
const reach = async (page, { name, survey, reach }, inline = false) => {
  await page.evaluate((survey, inline) => a11y.show(survey, inline), survey, inline);
  await seen(page, `${name} is drawn`, (survey) => a11y.drawn(survey), survey);
  for (const step of reach) await page.evaluate((step) => a11y.reach(step), step);
};

const leave = async (page) => {
  await page.evaluate(() => a11y.close());
  await seen(page, "no prompt", () => !document.querySelector("asklet-prompt"));
};

const cells = PLACEMENTS.flatMap((placement) =>
  WIDTHS.flatMap((width) =>
    SCHEMES.flatMap((scheme) =>
      Object.keys(LANGUAGES).flatMap((language) => screens.map((screen) => ({ placement, width, scheme, language, screen }))),
    ),
  ),
).filter((cell) => ONLY.test(called(cell)));

function called({ placement, width, scheme, language, screen }) {
  return `${screen.name}: ${placement}, ${width} px, ${scheme}, ${LANGUAGES[language]}`;
}

const covering = new Set(process.env.ASKLET_MATRIX == "all" ? cells : pairs(cells, ({ screen, ...rest }) => ({ ...rest, screen: screen.name })));
const triaged = new Map();

/** Cells that share a page. */
const pages = Object.values(
  cells.reduce((pages, cell) => {
    const { placement, width, scheme, language } = cell;
    (pages[[placement, width, scheme, language]] ??= []).push(cell);
    return pages;
  }, {}),
);

for (const group of pages) {
  const { placement, width, scheme, language } = group[0];
  test(`${placement}, ${width} px, ${scheme}, ${LANGUAGES[language]}: ${group.length} screens`, async (t) => {
    const page = await open(t, group[0]);
    const wrong = [];
    for (const cell of group) {
      await reach(page, cell.screen, placement == "inline");
      const found = await check(page, cell, { pixels: covering.has(cell), open: triaged });
      wrong.push(...found.map((sentence) => `${cell.screen.name}: ${sentence}`));
      await leave(page);
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual(page.wrong, []);
    await page.close();
  });
}

test(`${cells.length} cells, ${covering.size} of them in pixels; what the scanners left open is answered, and no answer is left over`, (t) => {
  for (const [{ rule, why }, count] of triaged) t.diagnostic(`${count} x ${rule}: ${why}`);
  if (!process.env.ASKLET_ONLY) assert.deepEqual(TRIAGE.filter((row) => !triaged.has(row)), []);
});

// --- the checks themselves --------------------------------------------------------------------------------------

/** Ways to spoil a prompt, and what has to be said about each. */
const SPOILT = [
  ["a target too small", () => (all("label")[3].style.cssText = "width: 20px; min-width: 0; height: 20px; overflow: hidden"), /is 20\.0 x 20\.0/],
  ["a target under another thing", () => (all(".num, label")[4].style.cssText = "position: relative; left: -60px"), /lies under|lie over/],
  ["a line that does not wrap", () => (all("h2")[0].style.cssText = "white-space: nowrap; width: 400px"), /stands out/],
  ["a text cut off", () => (all("[part~=button]")[0].style.cssText = "width: 44px; overflow: hidden; white-space: nowrap"), /stands out/],
  ["a close button out of view", () => (all("[part~=close]")[0].style.cssText = "position: fixed; top: -30px"), /out of view/],
  ["a reference to nothing", () => all("fieldset")[0].setAttribute("aria-describedby", "nothing"), /names nothing/],
  ["a tab order of its own", () => (all("[part~=button]")[0].tabIndex = 3), /tabindex of 3/],
  ["the page's language", () => (all("[part~=prompt]")[0].lang = "de"), /lang de/],
  ["an animation", () => all("h2")[0].animate({ opacity: [0, 1] }, 1e6), /1 animations run/],
  ["a name that begins with a word", () => all("input")[2].setAttribute("aria-label", "Rate 2"), /does not begin with "2"/],
  ["a name without what is written", () => all("[part~=button]")[0].setAttribute("aria-label", "Go on"), /is written on what is called "Go on"/],
  ["pale text", () => (all("[part~=ends]")[0].style.color = "#888"), /has a contrast of [1-4]\./],
  ["no focus ring", () => sheet(":focus-visible, :focus-visible ~ * { outline: none !important }"), /the focus on .* shows in 0 px/],
  ["a pale focus ring", () => sheet(":focus-visible, :focus-visible ~ * { outline-color: #ccc !important }"), /the focus on .* shows in \d+/],
  ["chosen by hue alone", () => sheet(":checked ~ .num { background: #e6fae6 !important; color: inherit !important; border-color: var(--line) !important; font-weight: 400 !important }"), /what is chosen differs by/],
  ["a button for a scanner to find", () => (all("form")[0].insertAdjacentHTML("beforeend", "<button type=button></button>")), /axe button-name[^]*IBM/],
];

test("each check sees what is broken", async (t) => {
  const page = await open(t, { placement: "popover", width: 320, scheme: "light", language: "en" });
  for (const [what, spoil, expected] of SPOILT) {
    await reach(page, screens[0]);
    await page.evaluate((spoil) => {
      const all = (selector) => [...a11y.root().querySelectorAll(selector)];
      const sheet = (text) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        a11y.root().adoptedStyleSheets = [...a11y.root().adoptedStyleSheets, sheet];
      };
      return eval(`(${spoil})()`) && 0;
    }, String(spoil));
    const found = await check(page, { placement: "popover", width: 320, scheme: "light", language: "en" }, { pixels: true });
    assert.match(found.join("\n"), expected, what);
    await leave(page);
  }
  await page.close();
});

// --- the accessibility tree -------------------------------------------------------------------------------------

test("the accessibility tree of every screen, against what is kept in a11y/tree", async (t) => {
  const compare = async (page, name, screen, inline) => {
    await reach(page, screen, inline);
    const path = new URL(`a11y/tree/${name.replace(/\W+/g, "-")}.txt`, import.meta.url);
    const tree = draw(await inPrompt(page));
    if (process.env.ASKLET_WRITE) await writeFile(path, tree);
    assert.equal(tree, await readFile(path, "utf8"), name);
    await leave(page);
  };
  for (const placement of PLACEMENTS) {
    const page = await open(t, { placement, width: 1280, scheme: "light", language: "en" });
    // Other placements differ in what is around the question only.
    for (const screen of placement == "popover" ? screens : screens.slice(0, 1))
      await compare(page, placement == "popover" ? screen.name : `${screen.name}, ${placement}`, screen, placement == "inline");
    await page.close();
  }
});

// --- keyboard and focus -----------------------------------------------------------------------------------------

const visit = (t, options) => visitIn(browser, t, { prepare: inPage, ...options });

walkAll(visit);

for (const [placement, width, height] of [["popover", 1280, 600], ["popover", 320, 640], ["sheet", 1280, 600], ["sheet", 320, 640]])
  test(`thirty links under a ${placement}, ${width} px: none is hidden while it has the focus (15)`, async (t) => {
    const links = Array.from({ length: 30 }, (_, i) => `<p><a href="#${i}">Link ${i}</a></p>`).join("");
    const page = await visit(t, { survey: { ...asked("nps"), placement }, body: links, width, height });
    await page.evaluate(() => asklet.track("go"));
    await prompt(page).find("[part~=button]");
    for (const key of ["Tab", "Shift+Tab"])
      for (let nth = 0; nth < 30; nth++) {
        await press(page, key);
        await seen(page, `${key} ${nth} in the clear`, () => {
          const { left, top, right, bottom } = document.activeElement.getBoundingClientRect();
          const corners = [[left + 2, top + 2], [right - 2, top + 2], [left + 2, bottom - 2], [right - 2, bottom - 2]];
          return document.activeElement.localName == "a" && corners.every(([x, y]) => document.elementFromPoint(x, y) == document.activeElement);
        });
      }
    await page.close();
  });

test("a modal holds the focus, Escape closes it, and the focus goes back; unasked it is no modal (16, 18)", async (t) => {
  const body = `<button id="ask" onclick="asklet.show('nps')">Feedback</button><a href="#y">After</a>`;
  const page = await visit(t, { survey: { ...asked("nps"), placement: "modal" }, body });
  const modal = () => page.evaluate(() => !!document.querySelector("asklet-prompt")?.shadowRoot.querySelector("dialog:modal"));
  await page.focus("#ask");
  await press(page, "Enter");
  await prompt(page).find("dialog");
  await seen(page, "the focus on the heading", () => document.activeElement.shadowRoot?.activeElement?.localName == "h2");
  assert.ok(await modal());
  const stops = new Set();
  for (let nth = 0; nth < 12; nth++) {
    await press(page, nth < 8 ? "Tab" : "Shift+Tab");
    const stop = await where(page);
    assert.doesNotMatch(stop, /page (a|button)/, "the page behind cannot be reached");
    stops.add(stop);
  }
  assert.ok(stops.has("close") && stops.has("button") && stops.size >= 3, [...stops].join());
  await page.focus("asklet-prompt >>> [part~=button]");
  await press(page, "Escape");
  await seen(page, "the focus on the page's button", () => document.activeElement.id == "ask");
  assert.equal(await modal(), false);
  await page.close();

  const calm = await visit(t, { survey: { ...asked("nps"), placement: "modal" } });
  await calm.evaluate(() => asklet.track("go"));
  await prompt(calm).find("[part~=button]");
  assert.equal(await where(calm), "page a before");
  assert.equal(await calm.evaluate(() => !!document.querySelector("asklet-prompt").shadowRoot.querySelector("dialog:modal")), false);
  await calm.close();

  const loud = await visit(t, { survey: { ...asked("nps"), placement: "modal", interrupt: true } });
  await loud.evaluate(() => asklet.track("go"));
  await prompt(loud).find("dialog:modal [part~=button]");
  await press(loud, "Escape");
  await seen(loud, "the focus back", () => document.activeElement.id == "before");
  await loud.close();
});

test("a tab opens by keyboard, takes the focus, and closes to its button (14, 16)", async (t) => {
  const page = await visit(t, { survey: { ...asked("nps"), placement: "tab" } });
  await page.evaluate(() => asklet.track("go"));
  await prompt(page).find("[part~=tab]");
  assert.equal(await where(page), "page a before");
  assert.equal(await page.$("asklet-prompt >>> fieldset:not([hidden]) input:focus"), null);
  await press(page, "F6");
  assert.equal(await where(page), "tab");
  await press(page, "Enter");
  await seen(page, "the focus in the question", () => document.activeElement.shadowRoot?.activeElement?.matches("h2, input"));
  await press(page, "Escape");
  await prompt(page).find("[part~=tab]");
  assert.equal(await where(page), "tab");
  await press(page, "F6");
  assert.equal(await where(page), "page a before");
  await page.close();
});

test("a page that takes the slot away, changes its looks and has another: the prompt can be read as before (24)", async (t) => {
  const page = await open(t, { placement: "inline", width: 1280, scheme: "light", language: "en" });
  await reach(page, screens[0], true);
  const colours = () => page.evaluate(() => a11y.all("[part~=prompt], [part~=button]").map((one) => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor].join()));
  const before = await colours();
  // In steps of their own, as a page does it.
  await page.evaluate(() => document.querySelector("asklet-survey").remove());
  await page.evaluate(() => (document.documentElement.className = "changed"));
  await reach(page, screens[0], true);
  assert.deepEqual(await colours(), before);
  await page.close();
});

// --- words ------------------------------------------------------------------------------------------------------

test("the pseudo-locale: no text and no name is left in English (29)", async (t) => {
  const words = () => "[owner]";
  // What is left once everything in brackets and every numeral is taken away.
  const bare = (text) => {
    let rest = text;
    for (let before; before != rest; ) [before, rest] = [rest, rest.replace(/\[[^[\]]*\]/gu, "")];
    return /\p{L}/u.test(rest);
  };
  const texts = (page) =>
    page.evaluate(() => {
      const walker = document.createTreeWalker(a11y.root(), NodeFilter.SHOW_TEXT);
      const found = [];
      while (walker.nextNode()) found.push(walker.currentNode.data);
      for (const element of a11y.root().querySelectorAll("*"))
        for (const name of ["aria-label", "aria-description", "aria-valuetext", "placeholder", "title", "alt"])
          if (element.hasAttribute(name)) found.push(element.getAttribute(name));
      return [...found, ...[...document.querySelectorAll("[aria-live]")].map(({ textContent }) => textContent)];
    });
  const english = async (page) => {
    const named = (await inPrompt(page)).flatMap(({ name, description }) => [name, description]);
    return [...new Set([...named, ...(await texts(page))].filter(bare))];
  };
  for (const placement of ["popover", "tab"]) {
    const site = await openSite(t);
    site.put("/asklet.json", config(surveys(placement, words), { locale: "en-XA" }));
    site.put("/", html());
    const page = await openPage(browser, { prepare: inPage });
    await page.goto(site.url);
    await loaded(page);
    for (const screen of screens) {
      await reach(page, screen);
      assert.deepEqual(await english(page), [], `${screen.name}, ${placement}`);
      assert.ok((await texts(page)).some((text) => /\[[^[\]]*[^\x20-\x7e][^[\]]*\]/.test(text)), "accented");
      await leave(page);
    }
    await page.close();
  }

  // What only a prompt says that came up by itself: the announcement, refusals, and the bar that is left. The preset's own words too.
  const page = await visit(t, { survey: { id: "nps", ask: "nps", about: "[owner]" }, more: { locale: "en-XA" } });
  const left = async () => (await english(page)).filter((text) => bare(text.replace("F6", "")));
  await page.evaluate(() => asklet.track("go"));
  await seen(page, "the announcement", () => document.querySelector("[aria-live]")?.textContent);
  assert.deepEqual(await left(), [], "unasked");
  for (const part of ["later", "never", "close"]) {
    await (await prompt(page).find(`[part~=${part}]`)).click();
    await prompt(page).find("[part~=undo]");
    assert.deepEqual(await left(), [], part);
    await (await prompt(page).find("[part~=undo]")).click();
    await prompt(page).find("fieldset");
  }
  await page.close();
});

/** What is done, what live regions say then, and what is said at the focus. */
const SCRIPT = [
  [
    "",
    ["polite: Feedback question: How likely is it that you would recommend Acme to a friend or colleague? Press F6 to answer."],
    'link "A link"',
  ],
  [
    "F6",
    [],
    'region "Feedback", radiogroup "How likely is it that you would recommend Acme to a friend or colleague?" ' +
      '(0 is Not at all likely, 10 is Extremely likely.), radio "0 Not at all likely", not checked, 1 of 11',
  ],
  [
    "Enter",
    ["assertive: Choose a number from 0 to 10."],
    'radiogroup "How likely is it that you would recommend Acme to a friend or colleague?" (0 is Not at all likely, ' +
      '10 is Extremely likely. Choose a number from 0 to 10.), radio "0 Not at all likely", not checked, 1 of 11',
  ],
  ["End", [], 'radio "10 Extremely likely", checked, 11 of 11'],
  ["9", [], 'radio "9", checked, 10 of 11'],
  ["Tab", [], 'button "Next"'],
  ["Enter", ["polite: Your answer is saved."], 'heading "What is the main reason for your answer?"'],
  ["Tab", [], 'textbox "What is the main reason for your answer?"'],
  ['"Quick"', [], 'textbox "What is the main reason for your answer?"'],
  ["Tab", [], 'button "Submit"'],
  ["Enter", ["polite: Your answer is saved.", "polite: Your answer has been sent."], 'heading "Thank you for your answer."'],
  ["Tab", [], 'button "Done"'],
  ["Enter", [], 'link "A link"'],
];

test("what a screen reader says, from the announcement to thanks", async (t) => {
  const page = await visit(t, { survey: { id: "nps", ask: "nps" }, prepare: overhear });
  const { heard, at } = reader(page);
  for (const [keys, live, said] of SCRIPT) {
    if (keys) await press(page, keys);
    else await page.evaluate(() => asklet.track("go"));
    await seen(page, `${live}`, (count) => window.heard.length >= count, live.length);
    await at(said);
    assert.deepEqual(await heard(), live, keys);
  }
  await page.close();
});
