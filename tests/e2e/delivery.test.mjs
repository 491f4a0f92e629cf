// An answer that was saved reaches the endpoint, once, whatever happens in between.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";

import { awayAndBack, event, folder, html, launch, loaded, npsConfig, openEndpoint, openPage, openSite, prompt, settle } from "./harness.mjs";

/** A shop whose visitors are asked when they have ordered. */
const openShop = async (t, more) => {
  const endpoint = await openEndpoint(t);
  const site = await openSite(t);
  site.put("/asklet.json", npsConfig(endpoint.url, more));
  site.put("/", html());
  site.put("/away", "<!doctype html><title>Away</title>");
  return { endpoint, site };
};

/** Comes to the shop and orders: the prompt is open. */
const order = async (page, site, path = "/?utm=1#top") => {
  await page.goto(site.url + path);
  await loaded(page);
  await page.evaluate(() => asklet.track("order_placed", { total: 99 }));
  const ask = prompt(page);
  await ask.asks("recommend Acme");
  return ask;
};

const kinds = (list) => list.map(([kind]) => kind);
const waiting = (page) => page.evaluate(async () => (await asklet.outbox()).waiting.length);
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test("answered online: the row is exactly the response document", async (t) => {
  const { endpoint, site } = await openShop(t, { privacy: { attributes: ["plan"] } });
  const page = await openPage(await launch(t));
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(site.url + "/");
  await loaded(page);
  await page.evaluate(() => asklet.identify("v-7", { plan: "pro", salary: 1 }));
  const before = Date.now();
  await page.evaluate(() => history.replaceState(0, "", "/thanks?order=7#top"));
  await page.evaluate(() => asklet.track("order_placed", { total: 99 }));
  const ask = prompt(page);
  await ask.asks("recommend Acme");
  await ask.choose(9);
  await ask.go();
  await ask.asks("reason");
  await ask.write("Schnell & gut");
  await ask.go();
  await ask.asks("Thank you");
  await ask.status("has been sent");
  const [row] = await endpoint.stored();
  const { id, shown_at, answered_at, seconds, ...rest } = row;
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.match(shown_at, MOMENT);
  assert.match(answered_at, MOMENT);
  assert.ok(Date.parse(shown_at) >= before - 1 && Date.parse(answered_at) <= Date.now());
  assert.equal(seconds, Math.round((Date.parse(answered_at) - Date.parse(shown_at)) / 100) / 10);
  assert.deepEqual(rest, {
    revision: rest.revision,
    status: "complete",
    survey: "after-order",
    touchpoint: { on: "event", name: "order_placed", stage: "purchase" },
    answers: [
      { question: "score", kind: "nps", value: 9, points: 11, bucket: "promoter" },
      { question: "reason", kind: "text", value: "Schnell & gut" },
    ],
    metric: "nps",
    score: 9,
    comment: "Schnell & gut",
    page: site.url + "/thanks",
    locale: "en",
    direction: "ltr",
    placement: "popover",
    device: "desktop",
    visitor: { id: "v-7", attributes: { plan: "pro" } },
    asklet: await page.evaluate(() => asklet.version),
  });
  assert.ok(Number.isInteger(rest.revision) && rest.revision >= 1);

  await ask.go();
  await ask.gone();
  const seen = await page.evaluate(() => seen);
  const all = ["ready", "eligible", "shown", "answered", "queued", "answered", "queued", "completed", "delivered"];
  assert.deepEqual(kinds(seen), all);
  assert.equal(seen.find(([kind]) => kind == "shown")[1].id, id);
  assert.deepEqual(seen.filter(([kind]) => kind == "answered").map(([, { value }]) => value), [9, "Schnell & gut"]);
  assert.equal(await waiting(page), 0);
  await page.evaluate(() => asklet.track("order_placed"));
  const { rules } = await event(page, "suppressed");
  assert.ok(rules.some(({ rule, holds, next }) => rule == "answered" && !holds && next > Date.now()));
  assert.deepEqual(page.wrong, []);
});

test("endpoint stopped, answered, tab closed, browser killed and started again, endpoint back: stored once", async (t) => {
  const { endpoint, site } = await openShop(t);
  const profile = await folder(t);
  const first = await launch(t, profile);
  const page = await openPage(first, { isolated: false });
  await endpoint.stop();
  const ask = await order(page, site);
  await ask.choose(3);
  await ask.go();
  await ask.asks("reason");
  await ask.write("slow");
  await ask.go();
  await ask.asks("Thank you");
  // What the visitor reads is true: it is saved, and it will be sent.
  await ask.status("saved on this device and will be sent");
  const { id } = await event(page, "queued");
  await page.close();
  await first.kill();

  const second = await launch(t, profile);
  const back = await openPage(second, { isolated: false });
  await back.goto(site.url);
  await loaded(back);
  assert.equal(await waiting(back), 1);
  assert.deepEqual(await endpoint.rows().catch(() => []), []);
  await endpoint.start();
  await back.evaluate(() => asklet.flush());
  await endpoint.stored();
  await event(back, "delivered");
  await back.reload();
  await loaded(back);
  await settle(back);
  const rows = await endpoint.rows();
  assert.deepEqual(rows.map((row) => [row.id, row.status, row.score, row.comment]), [[id, "complete", 3, "slow"]]);
  assert.equal(await waiting(back), 0);
});

test("the same without anybody's help: the next page view sends it", async (t) => {
  const { endpoint, site } = await openShop(t);
  const browser = await launch(t);
  const page = await openPage(browser);
  await endpoint.stop();
  const ask = await order(page, site);
  await ask.choose(8);
  await ask.go();
  await ask.asks("reason");
  await ask.go();
  await ask.status("saved on this device and will be sent");
  await page.close();
  await endpoint.start();
  const context = page.browserContext();
  for (let visit = 0; visit < 2; visit++) {
    const next = await context.newPage();
    await next.goto(site.url);
    await endpoint.stored();
    await next.close();
  }
  const rows = await endpoint.rows();
  assert.deepEqual(rows.map(({ status, score, comment }) => [status, score, comment]), [["complete", 8, undefined]]);
});

test("a prompt that stays open tries again by itself", async (t) => {
  const { endpoint, site } = await openShop(t);
  const page = await openPage(await launch(t));
  await endpoint.stop();
  const ask = await order(page, site);
  await ask.choose(8);
  await ask.go();
  await ask.asks("reason");
  await ask.go();
  await ask.status("saved on this device and will be sent");
  await endpoint.start();
  await event(page, "delivered");
  await ask.status("has been sent");
  assert.equal((await endpoint.rows()).length, 1);
});

test("score given, then the tab is closed before the reason: the score is kept", async (t) => {
  for (const way of ["closes the tab", "goes to another page", "closes the prompt"])
    await t.test(`the visitor ${way}`, async (t) => {
      const { endpoint, site } = await openShop(t);
      const page = await openPage(await launch(t));
      const ask = await order(page, site);
      await ask.choose(6);
      await ask.go();
      await ask.asks("reason");
      await event(page, "answered");
      if (way == "closes the tab") await page.close({ runBeforeUnload: true });
      else if (way == "goes to another page") await page.goto(site.url + "/away");
      else await ask.close();
      const rows = await endpoint.stored();
      assert.deepEqual(
        rows.map(({ status, score, answers, comment }) => [status, score, answers.length, comment]),
        [["partial", 6, 1, undefined]],
      );
    });
});

test("score given, then the browser is killed: the score is kept", async (t) => {
  const { endpoint, site } = await openShop(t);
  const profile = await folder(t);
  const first = await launch(t, profile);
  const page = await openPage(first, { isolated: false });
  const ask = await order(page, site);
  await ask.choose(10);
  await ask.go();
  await event(page, "answered");
  await first.kill();
  assert.deepEqual(await endpoint.rows(), []);

  const second = await launch(t, profile);
  const back = await openPage(second, { isolated: false });
  await back.goto(site.url);
  await loaded(back);
  const box = await back.evaluate(() => asklet.outbox());
  assert.deepEqual(box.waiting.map(({ status, survey }) => [status, survey]), [["partial", "after-order"]]);
  assert.deepEqual(await endpoint.rows(), [], "it could be another tab's, which is still being answered");

  // Half an hour later nobody can be at it any more.
  const later = await openPage(second, {
    isolated: false,
    prepare: () => {
      const now = Date.now;
      Date.now = () => now() + 31 * 60_000;
    },
  });
  await later.goto(site.url);
  const rows = await endpoint.stored();
  assert.deepEqual(rows.map(({ status, score }) => [status, score]), [["partial", 10]]);
});

test("submit pressed twice quickly: stored once", async (t) => {
  const { endpoint, site } = await openShop(t, {
    surveys: [
      {
        id: "one",
        about: "Acme",
        questions: [{ id: "score", kind: "nps" }],
        touchpoints: [{ on: "event", name: "order_placed" }],
      },
    ],
  });
  const page = await openPage(await launch(t));
  const ask = await order(page, site);
  const posts = [];
  page.on("request", (request) => request.method() == "POST" && posts.push(request.postData()));
  await ask.choose(7);
  const button = await ask.find("[part~=button]");
  await button.evaluate((button) => {
    button.click();
    button.click();
  });
  await endpoint.stored();
  await settle(page);
  assert.deepEqual((await endpoint.rows()).map(({ score, status }) => [score, status]), [[7, "complete"]]);
  assert.equal(posts.length, 1);
  assert.equal(await page.evaluate(() => seen.filter(([type]) => type == "completed").length), 1);

  // And a double click on the first of two questions answers that one only.
  const other = await openShop(t);
  const twice = await openPage(await launch(t));
  const two = await order(twice, other.site);
  await two.choose(7);
  await (await two.find("[part~=button]")).click({ count: 2 });
  await event(twice, "answered");
  await settle(twice);
  await two.asks("reason");
  assert.equal(await twice.evaluate(() => seen.filter(([type]) => type == "answered" || type == "completed").length), 1);
  await twice.close({ runBeforeUnload: true });
  const rows = await other.endpoint.stored();
  assert.deepEqual(rows.map(({ score }) => score), [7]);
});

test("put aside after the score, taken up again out of the back/forward cache: one response, completed", async (t) => {
  const { endpoint, site } = await openShop(t);
  for (const path of ["/", "/away"]) site.put(path, path == "/" ? html() : "<!doctype html>", { "cache-control": "max-age=60" });
  const page = await openPage(await launch(t));
  const ask = await order(page, site);
  await ask.choose(6);
  await ask.go();
  await ask.asks("reason");
  await event(page, "answered");
  await settle(page);
  let partial;
  const kept = await awayAndBack(page, site.url + "/away", async () => ([partial] = await endpoint.stored()));
  if (!kept) return t.skip("this browser did not put the page into its cache");
  assert.deepEqual([partial.status, partial.score], ["partial", 6]);
  await ask.write("second thoughts");
  await ask.go();
  await ask.status("has been sent");
  const rows = await endpoint.rows();
  assert.deepEqual(rows.map(({ id, status, comment }) => [id, status, comment]), [[partial.id, "complete", "second thoughts"]]);
  assert.ok(rows[0].revision > partial.revision);
});

test("two tabs open, one answer waiting, the endpoint comes back: stored once", async (t) => {
  const { endpoint, site } = await openShop(t);
  const browser = await launch(t);
  const one = await openPage(browser, { isolated: false });
  await endpoint.stop();
  const ask = await order(one, site);
  await ask.choose(9);
  await ask.go();
  await ask.asks("reason");
  await ask.go();
  await ask.status("saved on this device and will be sent");
  const two = await openPage(browser, { isolated: false });
  await two.goto(site.url);
  await loaded(two);
  assert.equal(await waiting(two), 1);
  await endpoint.start();
  const posts = [];
  for (const page of [one, two])
    page.on("requestfinished", (request) => request.method() == "POST" && posts.push(request.response()?.status()));
  await Promise.all([one, two].map((page) => page.evaluate(() => asklet.flush())));
  await endpoint.stored();
  await Promise.all([one, two].map(settle));
  assert.equal((await endpoint.rows()).length, 1);
  assert.equal(posts.length, 1, "the two tabs agreed on who sends it");
  assert.equal(await waiting(one), 0);
});

test("what the endpoint refuses is kept apart", async (t) => {
  const { site } = await openShop(t);
  const read = async (request) => {
    let text = "";
    for await (const part of request) text += part;
    return text;
  };
  const server = createServer(async (request, response) => {
    const text = await read(request);
    response.writeHead(text ? 422 : 204, {
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "content-type",
    });
    response.end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => (server.closeAllConnections(), server.close()));
  site.put("/asklet.json", npsConfig(`http://127.0.0.1:${server.address().port}/`));
  const page = await openPage(await launch(t));
  const ask = await order(page, site);
  await ask.choose(1);
  await ask.go();
  await ask.asks("reason");
  await ask.go();
  const { id } = await event(page, "parked");
  const box = await page.evaluate(() => asklet.outbox());
  assert.deepEqual(box.parked.map((one) => [one.id, one.survey, one.status]), [[id, "after-order", 422]]);
  assert.deepEqual(box.books, { enqueued: 1, delivered: 0, waiting: 0, parked: 1, evicted: 0 });
});
