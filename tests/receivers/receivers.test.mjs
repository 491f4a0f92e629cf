// Receivers that are not ours take what the presets send: real programs on loopback, each installed as its users install
// it, and posted to from a page of another origin. Nothing is lost, nothing is there twice, and no answer, however
// hostile, comes out as anything but itself.
//
// RECEIVERS=a,b tries those only.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { html, launch, loaded, openPage, openSite, prompt, seen, until } from "../e2e/harness.mjs";
import { here } from "./common.mjs";
import { openWire } from "./wire.mjs";

const NAMES = readdirSync(here("."))
  .filter((file) => /^[a-z0-9-]+\.mjs$/.test(file) && !["common.mjs", "wire.mjs"].includes(file))
  .map((file) => file.slice(0, -".mjs".length));

const chosen = process.env.RECEIVERS?.split(",").filter(Boolean) ?? NAMES;
for (const name of chosen) if (!NAMES.includes(name)) throw Error(`there is no receiver ${name}; there are ${NAMES.join(", ")}`);

/** What a visitor could write to be taken for something else: by a template, a format, a database, a terminal, a reader. */
const HOSTILE = [
  `He said "no" \\ 'maybe' \`really\` \\" \\u0022 \\n`,
  `{{id}} {{config.key}} {{visitor.id!}} {{records|json}} }}{{ {"#each":"{{answers}}","do":"x"} #json`,
  `"},{"id":"forged","score":0}]}\n{"create":{"_id":"forged"}}\n{"id":"forged"}`,
  `</script><script>alert(1)</script> <!-- & &amp; %00 %2e%2e%2f ../.. ?a=b&score=0#c + ;`,
  `'); DROP TABLE responses; -- \${7*7} <%= 7*7 %> {% raw %} $(reboot) FORMAT JSONEachRow`,
  `=HYPERLINK("x") \t+1 @SUM(A1) -2`,
  `controls ${Array.from({ length: 159 }, (_, n) => String.fromCharCode(n + 1)).filter((c) => /[\0-\x1f\x7f-\x9f]/.test(c) && c != "\r").join("")}.`,
  `\ud800 alone, \udfff alone, \udc00\ud800 the wrong way round, \ud83d\ude00 together`,
  `\u202Egnp.exe\u202C \u2066isolated\u2069 \u200F\u05D0 \uFEFF\u200B\u00AD\uFFFE\uFFFF \u2028 \u2029 e\u0301 \uFB01`,
  // As long as the field lets it be, in characters that take the most room.
  "\u20AC\u{1F600}\"\\".repeat(800),
];

/** A shop whose page sends to `url` as a preset says, with the receiver's own values. */
const openShop = async (t, delivery, receiver, url) => {
  const own = { host: url, url: url + (receiver.path ?? "/"), ...receiver.set };
  const values = Object.fromEntries(Object.entries(delivery.values ?? {}).map(([name, value]) => [name, own[name] ?? value]));
  const site = await openSite(t);
  const survey = { id: "after-order", ask: "nps", touchpoints: [{ on: "event", name: "order_placed", stage: "purchase" }] };
  site.put("/asklet.json", { about: "Acme", delivery: { ...delivery, values }, surveys: [survey] });
  site.put("/", html());
  return site;
};

const arrive = async (browser, site) => {
  const page = await openPage(browser);
  await page.goto(`${site.url}/`);
  await loaded(page);
  return page;
};

const outbox = (page) => page.evaluate(() => asklet.outbox());

/** Answers the prompt; resolves to what must be stored. */
const answer = async (page, score, words, status) => {
  const count = await page.evaluate(() => window.seen.length);
  await page.evaluate(() => asklet.show("after-order"));
  const ask = prompt(page);
  await ask.asks("recommend Acme");
  await ask.choose(score);
  await ask.go();
  const field = await ask.find("textarea");
  // No keyboard has all of it. As JSON in ASCII: the way to the page knows no lone surrogates.
  const text = JSON.stringify(words).replaceAll(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  await field.evaluate((field, text) => {
    field.value = JSON.parse(text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }, text);
  await ask.go();
  await ask.asks("Thank you");
  if (status) await ask.status(status);
  const id = await page.evaluate((count) => window.seen.slice(count).findLast(([type]) => type == "queued")[1].id, count);
  await page.evaluate(() => asklet.close());
  await ask.gone();
  return { id, score, comment: words.toWellFormed() };
};

/** Sends what waits until nothing does. */
const flush = (page) =>
  until("an empty outbox", async () => {
    await page.evaluate(() => asklet.flush());
    return (await outbox(page)).waiting.length == 0;
  }).catch(async (error) => {
    throw Error(`${error.message}: ${JSON.stringify(await outbox(page))}`);
  });

/** Each of `answers` is stored as it was given, whatever else is; how many rows there are more than ids. */
const check = async (receiver, answers) => {
  const rows = await receiver.stored();
  let repeats = 0;
  for (const { id, score, comment } of answers) {
    const mine = rows.filter((row) => row.id == id);
    assert.ok(mine.length, `${id} is not stored`);
    const revisions = new Map(mine.map((row) => [row.revision, row]));
    repeats += mine.length - revisions.size;
    const last = revisions.get(Math.max(...revisions.keys()));
    assert.deepEqual({ score: last.score, comment: last.comment }, { score, comment });
    // Where the whole document is stored it is whole.
    if (last.answers) {
      const [first, second, ...more] = last.answers;
      assert.deepEqual([first.value, second.value, more.length], [score, comment, 0]);
      assert.equal(last.survey, "after-order");
    }
  }
  const forged = rows.filter((row) => !/^[0-9a-f-]{36}$/.test(row.id));
  assert.deepEqual(forged, [], "rows that nobody has sent");
  return repeats;
};

/** How many rows are left when the receiver, or who reads it, keeps one of each id. */
const distinct = async (receiver) => (receiver.once ? receiver.once() : new Set((await receiver.stored()).map((row) => row.id)).size);

for (const name of chosen)
  test(name, async (t) => {
    const { default: receiver } = await import(`./${name}.mjs`);
    const took = async (what, run) => {
      const start = Date.now();
      const result = await run();
      t.diagnostic(`${name}: ${what} took ${((Date.now() - start) / 1_000).toFixed(1)} s`);
      return result;
    };
    await took("installing", receiver.install);
    const open = await receiver.open(t);
    await took("starting", open.start);
    const browser = await launch(t);
    let answered = 0;

    for (const preset of receiver.presets) {
      const wire = await openWire(t, open.url);
      const { delivery } = JSON.parse(readFileSync(here(`../../presets/${preset}.json`), "utf8"));
      const site = await openShop(t, delivery, open, wire.url);
      const trials = [];
      let repeats = 0;

      await t.test(`${preset}: an answer arrives, whole and once`, async () => {
        const page = await arrive(browser, site);
        const given = await answer(page, 9, "Quick & good", "has been sent");
        trials.push(given);
        assert.equal(await check(open, [given]), 0);
        assert.equal(wire.posts.length, 1);
        assert.deepEqual((await outbox(page)).books, { enqueued: 1, delivered: 1, waiting: 0, parked: 0, evicted: 0 });
        assert.deepEqual(page.wrong, []);
        assert.deepEqual(await page.evaluate(() => window.violations), []);
        await page.browserContext().close();
      });

      await t.test(`${preset}: whatever is answered comes out as itself`, async () => {
        const page = await arrive(browser, site);
        const words = open.refuses ? HOSTILE.map((text) => text.replaceAll(open.refuses, "")) : [...HOSTILE, "a \0 and \0"];
        const given = [];
        for (const [index, text] of words.entries()) given.push(await answer(page, index % 11, text, "has been sent"));
        trials.push(...given);
        repeats += await check(open, given);
        const { waiting, parked } = await outbox(page);
        assert.deepEqual([waiting, parked], [[], []]);
        assert.deepEqual(page.wrong, []);
        await page.browserContext().close();
      });

      await t.test(`${preset}: answers given while it is down arrive when it is up`, async () => {
        await open.stop();
        const pages = [await arrive(browser, site), await arrive(browser, site)];
        const [tunnel] = pages;
        const given = [];
        for (const page of [tunnel, tunnel, tunnel, tunnel, pages[1]]) {
          given.push(await answer(page, given.length, `while it was down, ${given.length}`, "saved on this device"));
        }
        trials.push(...given);
        // Who comes out of a tunnel when it is up again has four to send. One goes ahead and one may be under way still; the
        // others go together if they can.
        await tunnel.setOfflineMode(true);
        await open.start();
        await tunnel.setOfflineMode(false);
        for (const page of pages) await flush(page);
        repeats += await check(open, given);
        // Which of them was in each request, and what came of it.
        const posts = wire.posts.map(({ status, body }) => [status, given.flatMap(({ id }, index) => (body.includes(id) ? [index] : []))]);
        const together = posts.some(([status, those]) => status && those.length > 1);
        assert.equal(together, !!delivery.batch, `several in one request: ${JSON.stringify(posts.filter(([, those]) => those.length))}`);
        for (const page of pages) {
          assert.deepEqual((await outbox(page)).parked, []);
          await page.browserContext().close();
        }
      });

      await t.test(`${preset}: a receipt that is lost does not make two of it`, async () => {
        const page = await arrive(browser, site);
        const before = wire.posts.length;
        wire.lose(1);
        const given = [await answer(page, 3, "stored, but nobody heard", "saved on this device")];
        given.push(await answer(page, 4, "and another"));
        trials.push(...given);
        await flush(page);
        repeats += await check(open, given);
        const { parked, books } = await outbox(page);
        assert.deepEqual([parked, books.delivered], [[], 2]);
        // Alone the same to the byte, or among others.
        const [first, ...later] = wire.posts.slice(before);
        const again = later.find(({ url, body }) => (url == first.url && body == first.body) || body.includes(given[0].id));
        assert.ok(again, "it was sent again");
        t.diagnostic(`${preset}: a repeat was answered with ${again.status} ${again.answer.trim().slice(0, 120)}`);
        await page.browserContext().close();
      });

      answered += trials.length;
      assert.equal(new Set(trials.map(({ id }) => id)).size, trials.length);
      assert.equal(await distinct(open), answered, "one of each");
      t.diagnostic(`${preset}: ${trials.length} answers, all stored; ${wire.posts.length} posts, ${repeats} repeats before one of each id is kept, 0 after`);
    }
  });
