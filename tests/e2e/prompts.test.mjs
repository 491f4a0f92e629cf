// Kinds, placements, looks and languages of prompts, each as a visitor meets it and as the endpoint gets to hear of it.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";

import { DIST, event, html, launch, loaded, openEndpoint, openPage, openSite, prompt, seen } from "./harness.mjs";

let browser;
before(async (t) => {
  browser = await launch(t);
});

const OPTIONS = ["price", "range", "staff"].map((id) => ({ id, text: `The ${id}` }));

/** A page with one survey, `s`, that is asked at `now`. */
const open = async (t, { survey, config = {}, page: more = {}, lang = "en", say = () => {}, endpoint } = {}) => {
  const site = await openSite(t);
  site.put("/asklet.json", {
    about: "Acme",
    delivery: { url: endpoint?.url ?? "/responses" },
    surveys: [{ id: "s", touchpoints: [{ on: "event", name: "now" }], ...survey }],
    ...config,
  });
  site.put("/responses", "");
  site.put("/", html(more).replace('lang="en"', `lang="${lang}"`));
  const page = await openPage(browser);
  await say(page);
  await page.goto(site.url);
  await loaded(page);
  const ask = prompt(page);
  return {
    site,
    page,
    ask,
    now: async () => {
      await page.evaluate(() => asklet.track("now"));
      await ask.find("[part~=prompt]");
    },
    choose: async (...values) => {
      for (const value of values) await ask.choose(value);
    },
    /** The first that `selector` selects in the prompt, as `look` sees it. */
    look: (selector, look) =>
      page.$eval("asklet-prompt", (host, selector, look) => Function("it", `return ${look}`)(host.shadowRoot.querySelector(selector)), selector, look),
  };
};

test("every kind of answer, back and forth, arrives as it was meant", async (t) => {
  const endpoint = await openEndpoint(t);
  const questions = [
    { id: "thumb", kind: "csat", look: "thumbs" },
    { id: "stars", kind: "csat", look: "stars" },
    { id: "why", kind: "choice", text: "Why?", options: OPTIONS, several: true, other: true, shuffle: true, when: [{ question: "stars", bucket: "satisfied" }] },
    { id: "ease", kind: "ces", points: 5, when: [{ question: "why", contains: "price" }] },
    { id: "best", kind: "choice", text: "What is best?", options: OPTIONS },
    { id: "sorry", kind: "text", text: "What went wrong?", when: [{ question: "stars", bucket: "dissatisfied" }] },
    { id: "mail", kind: "email", text: "Where may we write, {name|dear visitor}?" },
    { id: "may", kind: "consent", text: "May we write?" },
    { id: "happy", kind: "statement", text: "Wonderful, {plan|friend}.", when: [{ question: "stars", bucket: "satisfied" }] },
    { id: "sad", kind: "statement", text: "We are sorry.", when: [{ question: "stars", bucket: "dissatisfied" }] },
  ];
  const { page, ask, now, choose, look } = await open(t, { endpoint, survey: { questions } });
  await page.evaluate(() => asklet.identify("v", { name: "<b>Ann</b> {plan}" }));
  await now();
  const step = async (question, ...values) => {
    await ask.asks(question);
    await choose(...values);
    await ask.go();
  };
  await step("How satisfied are you with Acme?", 2);
  // First down one branch ...
  await step("How satisfied", 1);
  await step("What is best?", "staff");
  await ask.asks("What went wrong?");
  await ask.write("Everything.");
  await ask.go();
  await ask.asks("Where may we write, <b>Ann</b> {plan}?");
  // ... and back, and down the other: what was said on the first is said no more.
  for (const question of ["What went wrong?", "What is best?", "How satisfied"]) {
    await (await ask.find("[part~=back]")).click();
    await ask.asks(question);
  }
  assert.equal(await look("input:checked", "it.value"), "1", "what was answered is there");
  await step("How satisfied", 5);
  await ask.asks("Why?");
  await choose("price", "other");
  await (await ask.find(".field")).type("  Free coffee ");
  await ask.go();
  await step("To what extent", 4);
  await ask.asks("What is best?");
  assert.equal(await look("input:checked", "it.value"), "staff", "what lies on both ways stays");
  await ask.go();
  await ask.asks("Where may we write");
  await (await ask.find(".field")).type("ann@shop");
  await (await ask.find(".field")).type(".example");
  await ask.go();
  await step("May we write?", "yes");
  await ask.asks("Wonderful, friend.");
  const [row] = await endpoint.stored();
  assert.equal(row.status, "complete");
  const { shown } = row.answers.find(({ question }) => question == "why");
  assert.deepEqual([...shown].sort(), ["price", "range", "staff"]);
  assert.deepEqual(row.answers, [
    { question: "thumb", kind: "csat", value: 2, points: 2, bucket: "satisfied" },
    { question: "stars", kind: "csat", value: 5, points: 5, bucket: "satisfied" },
    { question: "why", kind: "choice", value: ["price", "other"], other: "Free coffee", shown },
    { question: "ease", kind: "ces", value: 4, points: 5, bucket: "easy" },
    { question: "best", kind: "choice", value: "staff" },
    { question: "mail", kind: "email", value: "ann@shop.example" },
    { question: "may", kind: "consent", value: true },
  ]);
  assert.equal(row.comment, undefined, "an address is no comment");
  assert.deepEqual(page.wrong, []);
});

test("a branch that was left is not sent when the page goes away", async (t) => {
  const endpoint = await openEndpoint(t);
  const when = [{ question: "score", lte: 6 }];
  const questions = [{ id: "score", kind: "nps" }, { id: "bad", kind: "text", text: "What went wrong?", when }, { id: "last", kind: "text", text: "Anything else?" }];
  const { page, ask, now, choose } = await open(t, { endpoint, survey: { questions } });
  await now();
  await choose(2);
  await ask.go();
  await ask.asks("What went wrong?");
  await ask.write("All of it.");
  await ask.go();
  await ask.asks("Anything else?");
  for (let steps = 0; steps < 2; steps++) await (await ask.find("[part~=back]")).click();
  await ask.asks("recommend");
  await choose(9);
  await ask.go();
  await ask.asks("Anything else?");
  await ask.status("saved");
  await page.goto("about:blank");
  const [row] = await endpoint.stored();
  assert.deepEqual([row.status, row.answers.map(({ value }) => value)], ["partial", [9]]);
});

test("a modal follows an act of the visitor's; unasked it is a popover, unless its owner insists", async (t) => {
  for (const [keys, expect] of [
    [{}, "popover"],
    [{ interrupt: true }, "modal"],
    [{ touchpoints: [{ on: "click", selector: "#b" }] }, "modal"],
  ]) {
    const { page, now, look } = await open(t, { survey: { ask: "nps", placement: "modal", ...keys }, page: { body: `<button id="b">Ask me</button>` } });
    if (keys.touchpoints) await page.click("#b");
    await now();
    assert.equal(await look(".prompt", "it.getRootNode().host.dataset.placement"), expect);
    assert.equal(await look(".prompt", "it.matches(':modal')"), expect == "modal");
    assert.equal((await event(page, "shown")).placement, expect);
  }
});

test("a tab is there without asking, is no interruption, and is counted as shown when it is opened", async (t) => {
  const endpoint = await openEndpoint(t);
  const other = { id: "o", ask: "csat", touchpoints: [{ on: "event", name: "other" }] };
  const { page, ask, choose, look, site } = await open(t, {
    endpoint,
    survey: { ask: "nps", placement: "tab", tab: "Tell us", touchpoints: [{ on: "page" }] },
  });
  const config = JSON.parse(await (await fetch(site.url + "/asklet.json")).text());
  site.put("/asklet.json", { ...config, surveys: [...config.surveys, other] });
  await page.reload();
  await loaded(page);
  const tab = () => ask.find("[part~=tab]");
  assert.equal(await (await tab()).evaluate((tab) => tab.textContent), "Tell us");
  const shown = () => page.evaluate(() => seen.filter(([type]) => type == "shown").length);
  assert.equal(await shown(), 0);
  await (await tab()).click();
  await ask.asks("recommend Acme");
  await event(page, "shown");
  await choose(3);
  await ask.close();
  await tab();
  // A popover of another survey is not held back by it.
  await page.evaluate(() => asklet.track("other"));
  await seen(page, "the popover", () => document.querySelector("asklet-prompt[data-survey=o]"));
  await page.evaluate(() => asklet.close());
  await page.evaluate(() => asklet.show("s"));
  await ask.asks("recommend Acme");
  assert.equal(await look("input:checked", "it.value"), "3", "what was chosen is there");
  await ask.go();
  await ask.asks("main reason");
  await ask.close();
  await page.goto("about:blank");
  const rows = await endpoint.stored();
  assert.deepEqual(rows.map(({ survey, placement, score }) => [survey, placement, score]), [["s", "tab", 3]]);
});

test("a sheet can be dragged away by a finger, and has its button", async (t) => {
  const say = async (page) => {
    await page.setViewport({ width: 320, height: 568, hasTouch: true, isMobile: true });
  };
  const { page, ask, now } = await open(t, { survey: { ask: "nps" }, say });
  await now();
  const box = await (await ask.find(".grip")).boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const drag = async (by) => {
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y + by / 2);
    await page.mouse.move(x, y + by);
    await page.mouse.up();
  };
  await drag(30);
  await ask.asks("recommend Acme");
  await ask.find("[part~=close]");
  await drag(250);
  await ask.find("[part~=undo]");
  assert.deepEqual(page.wrong, []);
});

test("it stands beside what it belongs to, follows it, and else in its corner", async (t) => {
  const body = `<div style="height: 900px"><button id="b" style="margin: 100px">Here</button></div>`;
  const { page, now, look } = await open(t, { survey: { ask: "nps", beside: "#b", position: "top-end" }, page: { body } });
  await now();
  await seen(page, "beside", () => document.querySelector("asklet-prompt").dataset.beside === "");
  const gap = async () => (await look(".prompt", "it.getBoundingClientRect().top")) - (await page.$eval("#b", (b) => b.getBoundingClientRect().bottom));
  assert.ok(Math.abs((await gap()) - 8) < 1, String(await gap()));
  await page.evaluate(() => scrollBy(0, 60));
  await seen(page, "follows", () => {
    const { top } = document.querySelector("asklet-prompt").shadowRoot.querySelector(".prompt").getBoundingClientRect();
    return Math.abs(top - document.querySelector("#b").getBoundingClientRect().bottom - 8) < 1;
  });
  await page.evaluate(() => document.querySelector("#b").remove());
  await page.evaluate(() => scrollBy(0, 1));
  await seen(page, "the corner", () => document.querySelector("asklet-prompt").shadowRoot.querySelector(".prompt").getBoundingClientRect().top == 16);
});

/** Contrast as WCAG 2 has it, of two colours as computed. */
const contrast = (one, other) => {
  const luminance = (text) => {
    const numbers = text.match(/[\d.]+/g).map(Number).slice(0, 3);
    const [r, g, b] = numbers.map((part) => (text.startsWith("rgb") ? part / 255 : part)).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
};

test("an owner's colours are corrected where they could not be read, and kept where they can (24)", async (t) => {
  const poor = { accent: "#ffee88", background: "#fafafa", text: "#cccccc" };
  const fine = { accent: "#a0451c", background: "#fff8ee", text: "#33210f" };
  const cases = [
    ["the config's", { theme: { light: poor } }, "", false],
    ["a page's", {}, `<style>:root { --asklet-background: #808080; --asklet-text: rgb(140 140 140); --asklet-accent: gray }</style>`, false],
    ["those that can be read", { theme: { light: fine } }, "", true],
  ];
  for (const [name, config, head, kept] of cases) {
    const { page, now, choose, look } = await open(t, { survey: { ask: "nps" }, config, page: { head } });
    await now();
    await choose(7);
    await seen(page, "the colours", () => document.querySelector("asklet-prompt").shadowRoot.querySelector(".prompt").style.getPropertyValue("--fill"));
    const [back, text] = await look(".prompt", "[getComputedStyle(it).backgroundColor, getComputedStyle(it).color]");
    const [fill, on] = await look(":checked ~ .num", "[getComputedStyle(it).backgroundColor, getComputedStyle(it).color]");
    const line = await look(".num", "getComputedStyle(it).borderTopColor");
    assert.ok(contrast(text, back) >= 4.5, `${name}: ${text} on ${back}`);
    assert.ok(contrast(on, fill) >= 4.5, `${name}: ${on} on ${fill}`);
    for (const colour of [fill, line]) assert.ok(contrast(colour, back) >= 2.99, `${name}: ${colour} on ${back}`);
    if (kept) {
      assert.deepEqual([back, text], ["rgb(255, 248, 238)", "rgb(51, 33, 15)"]);
      assert.ok(contrast(fill, "rgb(160, 69, 28)") < 1.01, fill);
    }
  }
});

test("no style of the page comes in, and none goes out", async (t) => {
  const measure = async (head) => {
    const { page, now } = await open(t, { survey: { ask: "csat" }, page: { head, body: `<p id="p">Text</p>` } });
    await now();
    return page.evaluate(() => {
      const root = document.querySelector("asklet-prompt").shadowRoot;
      const box = (element) => {
        const { width, height } = element.getBoundingClientRect();
        const { color, fontSize, fontFamily, display, position, textTransform } = getComputedStyle(element);
        return [element.localName, Math.round(width), Math.round(height), color, fontSize, fontFamily, display, position, textTransform].join();
      };
      const live = document.querySelector("[data-asklet-live]").getBoundingClientRect();
      return { inside: [...root.querySelectorAll("*")].map(box), live: [live.width, live.height], page: getComputedStyle(document.querySelector("#p")).cssText };
    });
  };
  const plain = await measure("");
  for (const sheet of [
    "* { all: unset !important }",
    "div, asklet-prompt { position: absolute !important; transform: rotate(3deg) !important; display: none !important }",
    ":not(html) { color: red !important; font: 40px cursive !important; text-transform: uppercase !important; letter-spacing: 1em !important; line-height: 5 !important }",
  ]) {
    const hostile = await measure(`<style>${sheet}</style>`);
    assert.deepEqual(hostile.inside, plain.inside, sheet);
    assert.deepEqual(hostile.live, plain.live, sheet);
  }
});

test("it survives a page that draws itself anew, with what was chosen, written and focused", async (t) => {
  for (const placement of ["popover", "inline", "modal"]) {
    const body = `<div id="app"><asklet-survey survey="s"></asklet-survey></div>`;
    const { page, ask, now, choose, look } = await open(t, { survey: { ask: "nps", placement, interrupt: placement == "modal" || undefined, touchpoints: [{ on: "call" }] }, page: { body } });
    await page.evaluate(() => asklet.show("s"));
    await now();
    await choose(4);
    await ask.go();
    await ask.asks("main reason");
    await ask.write("half a sen");
    await page.evaluate(() => {
      const { innerHTML } = document.querySelector("main");
      if (document.querySelector("asklet-survey asklet-prompt")) document.querySelector("#app").innerHTML = `<asklet-survey survey="s"></asklet-survey>`;
      else document.body.innerHTML = `<main>${innerHTML}</main>`;
    });
    await seen(page, `the ${placement} again`, () => document.querySelector("asklet-prompt")?.shadowRoot.activeElement?.matches("textarea"));
    await page.keyboard.type("tence");
    assert.equal(await look("textarea", "it.value"), "half a sentence", placement);
    if (placement == "modal") assert.ok(await look(".prompt", "it.matches(':modal')"));
    await page.evaluate(() => asklet.destroy());
    await ask.gone();
    assert.equal(await page.$("[data-asklet-live]"), null);
  }
});

test("inside a form of the page's it is answered, and the form is not sent", async (t) => {
  const body = `<form id="f" action="/sent"><input name="a"><asklet-survey survey="s"></asklet-survey><button>Pay</button></form>`;
  const { site, page, ask, now, choose } = await open(t, { survey: { ask: "csat", placement: "inline" }, page: { body } });
  await now();
  await choose(5);
  await page.keyboard.press("Enter");
  await ask.asks("main reason");
  assert.ok(!site.log.includes("/sent"));
  assert.equal(await page.$eval("#f", (form) => [...new FormData(form).keys()].join()), "a");
});

test("each language is fetched when somebody is asked in it, and English when it cannot be", async (t) => {
  const endpoint = await openEndpoint(t);
  const cases = [
    ["en-GB", undefined, "How likely is it", "en", "ltr"],
    ["de-AT", "de", "Wie wahrscheinlich", "de", "ltr"],
    ["ar", "ar", "ما مدى", "ar", "rtl"],
    ["zh-TW", "zh-Hant", "Acme", "zh-Hant", "ltr"],
    ["xx", undefined, "How likely is it", "en", "ltr"],
  ];
  for (const [lang, file, words, locale, direction] of cases) {
    const { site, page, ask, now, choose, look } = await open(t, { endpoint, lang, survey: { ask: "nps" } });
    await now();
    await ask.asks(words);
    const fetched = site.log.filter((path) => path.startsWith("/asklet/locales/"));
    assert.deepEqual(fetched, file ? [`/asklet/locales/${file}.json`] : [], lang);
    assert.deepEqual(await look(".prompt", "[it.lang, it.dir]"), [locale, direction]);
    const texts = JSON.parse(await readFile(join(DIST, "locales", (file ?? "en-XA") + ".json"), "utf8"));
    if (file) {
      assert.equal(await look(".prompt", "it.getAttribute('aria-label')"), texts.region);
      assert.equal(await look("[part~=button]", "it.textContent"), texts.next);
      assert.equal(await look("[part~=later]", "it.textContent"), texts.ask_later);
    }
    await choose(8);
    await ask.go();
    if (file) await ask.status(texts.saved.slice(0, 8)).catch(() => ask.status(texts.sent.slice(0, 8)));
    await page.goto("about:blank");
    const rows = await endpoint.stored(cases.findIndex(([name]) => name == lang) + 1);
    assert.ok(rows.some((row) => row.locale == locale && row.direction == direction), JSON.stringify(rows.at(-1)));
  }

  // A file that is not there.
  const { site, page, ask, now } = await open(t, { endpoint, lang: "fr", survey: { ask: "nps" } });
  site.put("/asklet/locales/fr.json", "gone", {}, 404);
  await now();
  await ask.asks("How likely is it");
  assert.equal(await page.$eval("asklet-prompt", (host) => host.shadowRoot.querySelector(".prompt").lang), "en");
});

test("plural forms are those of the platform, in every language", async (t) => {
  const files = (await readdir(join(DIST, "locales"))).map((name) => name.replace(".json", ""));
  assert.ok(files.length >= 32, String(files));
  for (const tag of files.filter((tag) => tag != "en-XA")) {
    const { most } = JSON.parse(await readFile(join(DIST, "locales", tag + ".json"), "utf8"));
    assert.deepEqual(Object.keys(most).sort(), [...new Intl.PluralRules(tag).resolvedOptions().pluralCategories].sort(), tag);
  }
  for (const [lang, most] of [["pl", 3], ["pl", 5], ["ar", 3], ["ru", 2]]) {
    const options = Array.from({ length: 6 }, (_, index) => ({ id: `o${index}`, text: String(index) }));
    const survey = { questions: [{ id: "q", kind: "choice", text: "?", options, several: true, most }] };
    const { now, look } = await open(t, { lang, survey });
    await now();
    const forms = JSON.parse(await readFile(join(DIST, "locales", lang + ".json"), "utf8")).most;
    const number = most.toLocaleString(lang);
    assert.equal(await look("#most", "it.textContent"), forms[new Intl.PluralRules(lang).select(most)].replace("{count}", number));
  }
});

test("slow, in the background, with an on-screen keyboard, on the way out: no answer is lost, no focus thrown", async (t) => {
  const endpoint = await openEndpoint(t);
  const say = (page) => page.setViewport({ width: 320, height: 568, hasTouch: true, isMobile: true });
  const { page, ask, now, choose } = await open(t, { endpoint, survey: { ask: "nps" }, say });
  const session = await page.createCDPSession();
  await session.send("Emulation.setCPUThrottlingRate", { rate: 6 });
  await now();
  await choose(9);
  // The button twice, as people do on a slow page: the second is for nobody.
  await (await ask.find("[part~=button]")).click({ count: 2 });
  await ask.asks("main reason");
  await ask.write("Quick");
  // An on-screen keyboard leaves half of the window: the field stays in view, and has the focus.
  await page.setViewport({ width: 320, height: 284, hasTouch: true, isMobile: true });
  await seen(page, "the field in view", () => {
    const root = document.querySelector("asklet-prompt").shadowRoot;
    const { top, bottom } = root.querySelector("textarea").getBoundingClientRect();
    return root.activeElement?.matches("textarea") && bottom > 0 && top < innerHeight;
  });
  // Another tab comes to the front and goes again.
  const other = await page.browserContext().newPage();
  await other.bringToFront();
  await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
  await page.bringToFront();
  await other.close();
  assert.equal(await page.evaluate(() => document.querySelector("asklet-prompt").shadowRoot.activeElement.value), "Quick");
  // Submitted, and away in the same breath.
  await page.evaluate(() => {
    document.querySelector("asklet-prompt").shadowRoot.querySelector("[part~=button]").click();
    location.href = "about:blank";
  });
  const rows = await endpoint.stored();
  assert.deepEqual(rows.map(({ status, score, comment }) => [status, score, comment]), [["complete", 9, "Quick"]]);
});

test("nothing on the page is shifted: by what stands over it never, by what stands in it where its place is kept", async (t) => {
  const body = `<asklet-survey survey="s"></asklet-survey>` + "<p>Some text of the page.</p>".repeat(30);
  const shifts = async (placement, head) => {
    const { page, ask, now, choose } = await open(t, { survey: { ask: "nps", placement }, page: { body, head } });
    await page.evaluate(() => {
      window.shifts = [];
      // Not `hadRecentInput`: what comes up by itself must not hide behind a click that was before.
      const ours = (node) => node?.localName == "p" && node.getRootNode() == document;
      const moved = (entries) => entries.flatMap(({ sources }) => sources.filter(({ node }) => ours(node)));
      new PerformanceObserver((list) => shifts.push(...moved(list.getEntries()))).observe({ type: "layout-shift" });
    });
    await now();
    if (placement == "tab") await (await ask.find("[part~=tab]")).click();
    await choose(3);
    await ask.go();
    await ask.asks("main reason");
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100))));
    return page.evaluate(() => shifts.length);
  };
  for (const placement of ["popover", "modal", "sheet", "tab"]) assert.equal(await shifts(placement, ""), 0, placement);
  assert.equal(await shifts("inline", "<style>asklet-survey { display: block; min-height: 20rem }</style>"), 0);
  assert.ok((await shifts("inline", "")) > 0, "a shift would be seen");
});
