// The report as its reader has it: its figures, its search, and whether everybody can read it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { bring, scan } from "./a11y/scan.mjs";
import { BIN, event, folder, html, launch, loaded, openEndpoint, openPage, openSite, prompt, seen, until } from "./harness.mjs";

let browser;
before(async (t) => {
  browser = await launch(t);
});

const HOSTILE = `</p><script>document.title = "taken"</script><img src=x onerror="document.title = 'taken'">`;

/** What the scanners leave to a person's judgement, and why it holds. */
const TRIAGE = [
  { rule: "axe color-contrast", on: /^<(text|td|th)/, why: "what a chart's text stands on, and what has to be scrolled to, is not known to a scanner: it is all of one colour, which is measured below" },
  { rule: "IBM element_attribute_deprecated fail_elem_attr", on: /^<meta/, why: "a policy of the page's own can be given in no other way in a file" },
  { rule: "IBM style_color_misuse Potential_1", on: /^<style/, why: "what is faint is said in the table and the caption; parts of a scale are words" },
  { rule: "IBM style_highcontrast_visible Manual_1", on: /^<style/, why: "forced colours have marks of their own" },
  { rule: "IBM list_structure_proper Potential_1", on: /^<dl/, why: "HTML allows groups in div" },
  { rule: "IBM form_submit_button_exists Potential_1", on: /^<form/, why: "the search answers as one types, and says how many there are" },
  { rule: "IBM style_focus_visible potential_focus_not_visible", on: /^<input/, why: "its outline is 3 px, beside its border" },
  { rule: "IBM input_checkboxes_grouped potential_unnamedcheckbox", on: /^<input/, why: "it is one by itself" },
  { rule: "IBM text_quoted_correctly Potential_1", on: /^<p/, why: "what visitors wrote is as they wrote it" },
];

/** Three months of made-up answers to two surveys, with a stage in which hardly anybody answers. */
const documents = () =>
  Array.from({ length: 600 }, (_, index) => {
    const nps = index % 3 > 0;
    const points = nps ? 11 : 5;
    const value = nps ? (index * 7) % 11 : 1 + ((index * 3) % 5);
    const bad = nps ? value < 7 : value < 3;
    const at = new Date(Date.UTC(2026, 8, 1) + index * 3.6e6 * 3.5);
    const stage = index % 60 == 1 ? "awareness" : ["purchase", "decision"][index % 2];
    const comment = index == 599 ? HOSTILE : bad ? `Late parcel ${index}` : "";
    return {
      id: `0198f0a0-7c1e-7b3a-9d5e-${String(index).padStart(12, "0")}`,
      revision: 1,
      status: index % 9 ? "complete" : "partial",
      survey: nps ? "after-order" : "help",
      touchpoint: { on: "event", name: nps ? "order_placed" : "help_read", stage },
      answers: [
        { question: "score", kind: nps ? "nps" : "csat", value, points },
        ...(comment ? [{ question: "reason", kind: "text", value: comment }] : []),
        ...(index % 10 == 3 ? [{ question: "mail", kind: "email", value: `v${index}@mail.example` }] : []),
      ],
      metric: nps ? "nps" : "csat",
      score: value,
      ...(comment && { comment }),
      shown_at: at.toISOString(),
      answered_at: new Date(+at + 7412).toISOString(),
      ...(nps && { turnaround_seconds: 60 + index }),
      ...(index % 20 == 0 && { replied_at: new Date(+at + 3.6e6).toISOString() }),
      locale: index % 4 ? "de" : "en",
    };
  });

const openReport = async (t) => {
  const at = await folder(t);
  const [data, report] = [join(at, "answers.jsonl"), join(at, "report.html")];
  await writeFile(data, documents().map((document) => JSON.stringify(document) + "\n").join(""));
  execFileSync(BIN, ["report", data, "--out", report], { stdio: "pipe" });
  const page = await openPage(browser);
  await page.goto(pathToFileURL(report).href);
  return { page, data };
};

test("every figure of the report is equal to asklet score's, and those of too few are not shown in large", async (t) => {
  const { page, data } = await openReport(t);
  const printed = await page.evaluate(() =>
    [...document.querySelectorAll("[data-figure]")].map((element) => {
      const { figure, n, value, low, high } = element.dataset;
      const row = element.closest("tr")?.dataset;
      return {
        survey: element.closest("[data-survey]").dataset.survey,
        question: element.closest("[data-question]")?.dataset.question ?? "",
        by: row?.by,
        key: row?.key,
        figure,
        numbers: [n, value, low, high].map((text) => (text === undefined ? null : Number(text))),
      };
    }),
  );
  let compared = 0;
  for (const by of [undefined, "week", "stage", "locale"]) {
    const { groups } = JSON.parse(execFileSync(BIN, ["score", data, "--format", "json", ...(by ? ["--by", by] : [])], { encoding: "utf8" }));
    const name = (row) => [row.survey, row.question, row.key, row.figure].join(" | ");
    const expect = groups.flatMap((group) =>
      group.figures
        .filter(({ question }) => !by || question)
        .map((figure) => [
          name({ survey: group.by.survey, key: by && group.by[by], ...figure }),
          [figure.n, figure.value, figure.low, figure.high],
        ]),
    );
    const found = printed.filter((row) => row.by == by).map((row) => [name(row), row.numbers]);
    assert.deepEqual(Object.fromEntries(found), Object.fromEntries(expect), by);
    compared += found.length;
  }
  assert.equal(compared, printed.length - printed.filter(({ by }) => by == "touchpoint" || by == "month").length);
  assert.ok(compared > 40, compared);
  const few = await page.$$eval("dl .few", (all) => all.map((element) => element.textContent));
  assert.ok(few.every((text) => text.includes("Too few to say anything")));
});

test("comments: the newest of the dissatisfied first, as text; a plain search, and what has no reply", async (t) => {
  const { page } = await openReport(t);
  assert.equal(await page.title(), "What visitors said");
  const items = () => page.$$eval("[data-survey=after-order] ol.comments > li", (all) => all.filter((li) => li.checkVisibility()).map((li) => li.textContent));
  const all = await items();
  const hostile = all.findIndex((text) => text.includes(HOSTILE));
  assert.ok(hostile == 0 && all[0].includes("detractor"), `${hostile}: ${all.slice(0, 2).join(" / ")}`);
  await page.type("[data-survey=after-order] input[type=search]", "parcel 59");
  const found = await items();
  assert.ok(found.length && found.length < all.length && found.every((text) => text.includes("parcel") && text.includes("59")), found.join("\n"));
  const status = () => page.$eval("[data-survey=after-order] [role=status]", (element) => element.textContent);
  assert.equal(await status(), `${found.length} of ${all.length} comments`);
  await page.click("[data-survey=after-order] input[type=checkbox]");
  assert.ok((await items()).every((text) => !text.includes("replied")));
  assert.deepEqual(page.wrong, []);
});

for (const [name, width, scheme] of [["wide", 1280, "light"], ["narrow", 320, "light"], ["dark", 1000, "dark"]]) {
  test(`${name}: both scanners find nothing, nothing is cut off, and each chart has its table`, async (t) => {
    const { page } = await openReport(t);
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.$$eval("details", (all) => all.forEach((details) => (details.open = true)));
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    const charts = await page.$$eval("figure", (all) =>
      all.map((figure) => [...figure.querySelectorAll("svg")].filter((svg) => svg.checkVisibility()).length + " " + figure.querySelectorAll("table").length),
    );
    assert.ok(charts.length > 5 && charts.every((chart) => chart == "1 1"), charts.join());
    await bring(page);
    const open = new Map();
    // What scrolls has to be reachable by keyboard, as axe asks for and IBM's does not like.
    const wrong = (await scan(page, { triage: TRIAGE, open })).filter((line) => !line.startsWith("IBM element_tabbable_role_valid"));
    assert.deepEqual(wrong, []);
    assert.deepEqual(TRIAGE.filter((row) => !open.has(row)).map(({ rule }) => rule), [], "nothing gives rise to these any more");
    const ratio = await page.evaluate(() => {
      const light = (color) => {
        const [r, g, b] = color.match(/\d+/g).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
      };
      const of = (element, key) => light(getComputedStyle(element)[key]);
      const [ground, text] = [of(document.body, "backgroundColor"), of(document.querySelector("svg text"), "fill")];
      return Math.max(ground, text) / Math.min(ground, text);
    });
    assert.ok(ratio >= 7, `text in charts has ${ratio}:1`);
  });
}

test("printed, the tables are there and what can only be clicked is not", async (t) => {
  const { page } = await openReport(t);
  await page.emulateMediaType("print");
  assert.equal(await page.$$eval("form, nav", (all) => all.filter((element) => element.checkVisibility()).length), 0);
  const tables = await page.$$eval("table", (all) => all.map((table) => table.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })));
  assert.ok(tables.length > 5 && tables.every(Boolean), tables.join());
  const pdf = await page.pdf();
  assert.ok(pdf.length > 10_000);
});

test("from the prompt to the report: who was asked, who answered, and a click that says it was replied to", async (t) => {
  const endpoint = await openEndpoint(t, ["--report"]);
  const site = await openSite(t);
  site.put("/asklet.json", {
    delivery: { url: endpoint.url, events: ["shown", "dismissed"] },
    surveys: [{ id: "one", about: "Acme", questions: [{ id: "score", kind: "nps" }, { id: "reason", kind: "text" }], touchpoints: [{ on: "call" }] }],
  });
  site.put("/", html());
  const page = await openPage(browser);
  await page.goto(site.url);
  await loaded(page);
  await page.evaluate(() => asklet.show("one"));
  const ask = prompt(page);
  await ask.choose(3);
  await ask.go();
  await ask.asks("reason");
  await ask.write("Nobody wrote back");
  await ask.go();
  await ask.gone();
  await endpoint.stored(1);
  await page.evaluate(() => asklet.show("one"));
  await seen(page, "a second prompt", () => window.seen.filter(([type]) => type == "shown").length == 2);
  await page.evaluate(() => asklet.close());
  const events = await until("three events", () => {
    const lines = execFileSync(BIN, ["export", "--db", endpoint.db, "--events"], { encoding: "utf8" }).trim().split("\n");
    const events = lines.map((line) => JSON.parse(line)).filter((document) => document.event);
    return events.length == 3 && events;
  });
  assert.deepEqual(events.map(({ event }) => event).sort(), ["dismissed", "shown", "shown"]);
  for (const document of events) {
    assert.ok(document.at.endsWith(":00:00.000Z") && !document.page && !document.visitor, JSON.stringify(document));
  }
  assert.equal(site.log.some((path) => path.includes("asklet-form")), false, "events are no form of one's own");

  const report = await openPage(browser);
  await report.goto(`${endpoint.origin}/report`);
  assert.match(await report.$eval("main", (main) => main.textContent), /2 prompts came up, and 1 responses came of them/);
  await Promise.all([report.waitForNavigation(), report.click("ol.comments button")]);
  assert.match(new URL(report.url()).pathname, /^\/report$/);
  assert.match(await report.$eval("ol.comments li", (li) => li.textContent), /Nobody wrote back.*replied/s);
  assert.equal(await report.$$eval("[data-figure=reply_median]", (all) => all.length), 1);
  assert.deepEqual([...page.wrong, ...report.wrong], []);
});
