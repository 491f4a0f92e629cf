// How a prompt behaves, in Firefox: keyboard walks, focus, undo, modal, right to left, and the way of an answer. Looks and
// accessibility trees are measured in Chromium alone (matrix.test.mjs). The browser is the one that FIREFOX names, else
// `firefox-esr` or `firefox` of the PATH.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { before, test } from "node:test";
import puppeteer from "puppeteer-core";

import { CEILING, event, folder, openEndpoint, prompt, seen } from "./harness.mjs";
import { asked } from "./a11y/kinds.mjs";
import { overhear } from "./a11y/reader.mjs";
import { go, visit as visitIn, walkAll } from "./a11y/visit.mjs";
import { press, where } from "./a11y/walks.mjs";

const search = "command -v firefox-esr || command -v firefox || true";
const FIREFOX = process.env.FIREFOX ?? execFileSync("sh", ["-c", search], { encoding: "utf8" }).trim();
if (!FIREFOX) throw Error("there is no Firefox: install firefox-esr, or name one in FIREFOX");

let browser;
before(async (t) => {
  browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: FIREFOX,
    userDataDir: await folder(t),
    // Tab stops at links and buttons alike on every system.
    extraPrefsFirefox: { "accessibility.tabfocus": 7, "intl.accept_languages": "en-GB" },
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    protocolTimeout: CEILING,
  });
  t.after(() => browser.close());
});

const visit = (t, options) => visitIn(browser, t, { prepare: overhear, height: 700, ...options });

walkAll(visit);

test("a prompt nobody asked for moves neither focus, caret nor scroll, and waits with its announcement (12, 13)", async (t) => {
  const page = await visit(t, { survey: asked("nps"), body: `<input id="field"><p style="height: 3000px">Long</p>` });
  await page.focus("#field");
  await page.evaluate(() => scrollTo(0, 40));
  await page.keyboard.type("ab");
  await press(page, "ArrowLeft");
  await go(page);
  await page.keyboard.type("cd");
  const now = await page.evaluate(() => {
    const { value, selectionStart } = document.querySelector("#field");
    return [value, selectionStart, document.activeElement.id, scrollY];
  });
  assert.deepEqual(now, ["acdb", 3, "field", 40]);
  await seen(page, "the announcement", () => heard.length);
  assert.match((await page.evaluate(() => heard))[0], /^polite: Feedback question: .* Press F6 to answer\.$/);
  await page.close();
});

test("an answer arrives at the endpoint, by keyboard alone", async (t) => {
  const endpoint = await openEndpoint(t);
  const page = await visit(t, { survey: { id: "nps", ask: "nps" }, more: { delivery: { url: endpoint.url } } });
  await go(page);
  await press(page, "F6 8 Enter");
  await prompt(page).asks("reason");
  assert.equal(await where(page), "heading");
  await press(page, 'Tab "Quick" Control+Enter');
  await prompt(page).asks("Thank you");
  await event(page, "completed");
  const [row] = await endpoint.stored();
  assert.deepEqual([row.score, row.comment, row.status, row.placement], [8, "Quick", "complete", "popover"]);
  await page.close();
});

test("F6 in and out, Escape from inside only, and undo (9, 14, 16)", async (t) => {
  const page = await visit(t, { survey: asked("nps") });
  await go(page);
  // The bar that is left goes by itself unless it is pointed at.
  await page.mouse.move(1220, 660);
  await press(page, "Escape 7");
  await prompt(page).find("fieldset");
  assert.equal(await where(page), "page a before");
  await press(page, "F6 4");
  assert.equal(await where(page), "radio 4 chosen");
  await press(page, "F6");
  assert.equal(await where(page), "page a before");
  await press(page, "F6 Escape");
  await prompt(page).find("[part~=undo]");
  assert.equal(await where(page), "page a before");
  await press(page, "F6 Enter");
  await seen(page, "the focus on the heading", () => document.activeElement.shadowRoot?.activeElement?.localName == "h2");
  await press(page, "F6 F6");
  assert.equal(await where(page), "radio 4 chosen");
  await page.close();
});

test("a modal holds the focus, Escape closes it, and the focus goes back (16, 18)", async (t) => {
  const body = `<button id="ask" onclick="asklet.show('nps')">Feedback</button><a href="#y">After</a>`;
  const page = await visit(t, { survey: { ...asked("nps"), placement: "modal" }, body });
  await page.focus("#ask");
  await press(page, "Enter");
  await prompt(page).find("dialog:modal [part~=button]");
  assert.equal(await where(page), "heading");
  const stops = new Set();
  // Not round: after the last stop Firefox goes on to its own buttons.
  for (const key of ["Tab", "Tab", "Shift+Tab", "Shift+Tab"]) {
    await press(page, key);
    const stop = await where(page);
    assert.doesNotMatch(stop, /page (a|button)/, "the page behind cannot be reached");
    stops.add(stop);
  }
  assert.ok(stops.has("close") && stops.has("button"), [...stops].join());
  await page.focus("asklet-prompt >>> [part~=button]");
  await press(page, "Escape");
  await seen(page, "the focus on the page's button", () => document.activeElement.id == "ask");
  await page.close();
});

test("a tab opens by keyboard and closes to its button", async (t) => {
  const page = await visit(t, { survey: { ...asked("nps"), placement: "tab" } });
  await page.evaluate(() => asklet.track("go"));
  await prompt(page).find("[part~=tab]");
  assert.equal(await where(page), "page a before");
  await press(page, "F6 Enter");
  await seen(page, "the focus in the question", () => document.activeElement.shadowRoot?.activeElement?.matches("h2, input"));
  await press(page, "Escape");
  await prompt(page).find("[part~=tab]");
  assert.equal(await where(page), "tab");
  await page.close();
});
