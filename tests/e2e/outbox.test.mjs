// The outbox and what it sends, seen from an owner who has an endpoint of another kind.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { before, test } from "node:test";

import { event, html, launch, loaded, openEndpoint, openPage, openSite, prompt, seen, until } from "./harness.mjs";

let browser;
before(async (t) => {
  browser = await launch(t);
});

/** An endpoint that is not ours. `answer(request)` says what it answers: `[status, text]`; nothing hangs up. */
const openReceiver = async (t, answer) => {
  const requests = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-methods", "POST, PUT, PATCH");
    response.setHeader("access-control-allow-headers", "content-type, authorization, idempotency-key");
    if (request.method == "OPTIONS") return response.end();
    const { method, url, headers } = request;
    const seen = { method, url, headers, body };
    requests.push(seen);
    const said = await receiver.answer(seen);
    if (!said) return request.socket.destroy();
    response.statusCode = said[0];
    response.end(said[1]);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => (server.closeAllConnections(), server.close()));
  const receiver = { answer, requests, url: `http://127.0.0.1:${server.address().port}` };
  return receiver;
};

/** A page that asks one NPS question, and a comment, when it is called for. */
const openAsking = async (t, delivery, { page: options, site: into } = {}) => {
  const site = await openSite(t);
  site.put("/asklet.json", {
    delivery,
    surveys: [
      {
        id: "one",
        about: "Acme",
        questions: [
          { id: "score", kind: "nps" },
          { id: "reason", kind: "text" },
        ],
        touchpoints: [{ on: "call" }],
      },
    ],
  });
  site.put("/", html(into));
  const page = await openPage(browser, options);
  await page.goto(site.url);
  await loaded(page);
  return { site, page };
};

const answer = async (page, score, reason) => {
  await page.evaluate(() => asklet.show("one"));
  const ask = prompt(page);
  await ask.choose(score);
  await ask.go();
  await ask.asks("reason");
  await ask.write(reason);
  await ask.go();
  await ask.gone();
};

const counted = (page, type, count) =>
  seen(page, `${count} ${type}`, (type, count) => window.seen.filter(([seen]) => seen == type).length >= count, type, count);
const box = (page) => page.evaluate(() => asklet.outbox());

test("a body of the owner's own: URL, headers and fields as the config says, the answer untouched", async (t) => {
  const receiver = await openReceiver(t, () => [201, ""]);
  const { page } = await openAsking(t, {
    url: receiver.url + "/tables/{{config.table}}/{{id}}?survey={{survey}}",
    method: "PUT",
    headers: { authorization: "Bearer {{config.key}}", "Idempotency-Key": "{{id}}-{{revision}}" },
    body: {
      fields: { score: "{{score}}", text: "{{answers.reason.value}}", nobody: "{{visitor.id}}", said: "{{score}} of 10: {{comment}}" },
      all: { "#map": "{{answers}}", as: "a", key: "{{a.question}}", value: "{{a.value}}" },
      at: "{{answered_at|ms}}",
    },
    values: { table: "answers", key: "public" },
  });
  const hostile = `{{id}} "}]\\ <b>\u202e &amp;`;
  await answer(page, 4, hostile);
  await event(page, "delivered");
  const [{ method, url, headers, body }, ...more] = receiver.requests;
  assert.equal(more.length, 0);
  const { id } = await event(page, "delivered");
  assert.deepEqual([method, url], ["PUT", `/tables/answers/${id}?survey=one`]);
  assert.equal(headers.authorization, "Bearer public");
  assert.match(headers["idempotency-key"], new RegExp(`^${id}-\\d+$`));
  assert.equal(headers.cookie, undefined);
  const { at, ...rest } = JSON.parse(body);
  assert.ok(Number.isInteger(at));
  assert.deepEqual(rest, {
    fields: { score: 4, text: hostile, said: `4 of 10: ${hostile}` },
    all: { score: 4, reason: hostile },
  });
  assert.deepEqual(page.wrong, []);
});

test("what a receiver refuses is parked with what it said, and retry() sends it when it is mended", async (t) => {
  const receiver = await openReceiver(t, () => [422, "score: no such column"]);
  const { page } = await openAsking(t, { url: receiver.url });
  await answer(page, 9, "quick");
  await event(page, "parked");
  const { parked, books } = await box(page);
  assert.deepEqual(parked.map(({ reason, status, problem }) => [reason, status, problem]), [["rejected", 422, "score: no such column"]]);
  assert.equal(books.parked, 1);
  await page.evaluate(() => asklet.flush());
  assert.equal(receiver.requests.length, 1, "flush() leaves alone what is parked");
  receiver.answer = () => [200, ""];
  await page.evaluate(() => asklet.retry());
  await event(page, "delivered");
  assert.equal(receiver.requests.length, 2);
  assert.equal(receiver.requests[0].body, receiver.requests[1].body);
  assert.deepEqual((await box(page)).books, { enqueued: 1, delivered: 1, waiting: 0, parked: 0, evicted: 0 });
});

test("a bulk endpoint: one request, a verdict each; the bad one is sent alone and parked, the others are kept", async (t) => {
  const receiver = await openReceiver(t, () => [503, ""]);
  const bulk = {
    url: receiver.url + "/_bulk",
    encode: "ndjson",
    batch: { max: 20 },
    body: {
      "#merge": {
        "#each": "{{records}}",
        as: "r",
        do: [{ create: { _id: "{{r.id}}" } }, { score: "{{r.score}}", text: "{{r.comment|or:\"\"}}" }],
      },
    },
    items: { list: "items", id: "create._id", status: "create.status", error: "create.error.type" },
    status: [{ code: 409, means: "duplicate" }],
  };
  const { page } = await openAsking(t, bulk);
  for (const [score, text] of [[1, "bad"], [8, "good"], [9, "known"]]) await answer(page, score, text);
  await counted(page, "queued", 6);
  assert.equal((await box(page)).waiting.length, 3);
  const lines = ({ body }) => body.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const verdicts = (request) => {
    const all = lines(request);
    const items = all.filter((_, index) => index % 2 == 0).map(({ create: { _id } }, index) => {
      const { text } = all[2 * index + 1];
      const status = { bad: 400, good: 201, known: 409 }[text];
      return { create: { _id, status, ...(status > 400 || status == 400 ? { error: { type: "x_" + status } } : {}) } };
    });
    return JSON.stringify({ errors: true, items });
  };
  const before = receiver.requests.length;
  receiver.answer = (request) => [200, verdicts(request)];
  // The endpoint's pause is over when somebody asks; the error of the known one is told by its status.
  bulk.items.means = { x_409: "duplicate", x_400: "reject" };
  await page.evaluate((delivery) => {
    asklet.configure({ delivery, surveys: [] });
    return asklet.flush();
  }, bulk);
  await counted(page, "delivered", 2);
  await event(page, "parked");
  const { books, parked } = await box(page);
  assert.deepEqual(books, { enqueued: 3, delivered: 2, waiting: 0, parked: 1, evicted: 0 });
  assert.equal(parked[0].reason, "rejected");
  const sent = receiver.requests.slice(before).map((request) => lines(request).length / 2);
  assert.ok(sent.includes(2) || sent.includes(3), `several in one request: ${sent}`);
  assert.equal(sent.at(-1), 1, "the refused one was alone at last");
});

test("a template that does not fit holds the answer, says where it is wrong, and lets it go once it is mended", async (t) => {
  const receiver = await openReceiver(t, () => [200, ""]);
  const { page } = await openAsking(t, { url: receiver.url, body: { customer: { id: "{{visitor.id!}}" } } });
  await answer(page, 7, "x");
  const { message } = await event(page, "error");
  assert.equal(message, "delivery.body.customer.id has nothing where something is required; what waits is kept");
  assert.equal(receiver.requests.length, 0);
  assert.equal((await box(page)).waiting.length, 1);
  await page.evaluate((url) => {
    asklet.configure({ delivery: { url, body: { customer: { id: "{{visitor.id}}" }, score: "{{score}}" } }, surveys: [] });
    return asklet.flush();
  }, receiver.url);
  await event(page, "delivered");
  assert.deepEqual(JSON.parse(receiver.requests[0].body), { customer: {}, score: 7 });
});

test("a function of the page's own takes the answers; what it throws away comes again", async (t) => {
  const { page } = await openAsking(t, { url: "/unused" });
  await page.evaluate(() => {
    window.taken = [];
    asklet.configure({
      delivery: {
        send: async (record) => {
          taken.push(record);
          if (taken.length == 1) throw Error("not yet");
          return "duplicate";
        },
      },
      surveys: [{ id: "one", about: "Acme", questions: [{ id: "score", kind: "nps" }, { id: "reason", kind: "text" }], touchpoints: [{ on: "call" }] }],
    });
  });
  await answer(page, 10, "fine");
  await seen(page, "a first try", () => taken.length);
  await page.evaluate(() => asklet.flush());
  await event(page, "delivered");
  const taken = await page.evaluate(() => taken);
  assert.equal(taken.length, 2);
  assert.deepEqual(taken[0], taken[1]);
  assert.equal(taken[0].comment, "fine");
  assert.deepEqual(page.wrong, []);
});

test("a policy of the page's own that forbids the endpoint: everything is kept, and seldom tried", async (t) => {
  const receiver = await openReceiver(t, () => [200, ""]);
  const head = `<meta http-equiv="content-security-policy" content="connect-src 'self'">`;
  const { page } = await openAsking(t, { url: receiver.url }, { site: { head } });
  await answer(page, 3, "x");
  await seen(page, "a refusal", () => window.violations.length);
  await page.evaluate(() => asklet.flush());
  await page.evaluate(() => asklet.flush());
  assert.equal(receiver.requests.length, 0);
  assert.equal(await page.evaluate(() => violations.length), 1, "it is not tried again at once");
  assert.equal((await box(page)).waiting.length, 1);
});

test("forget() in one tab while another is being answered: nothing comes back, nothing is sent", async (t) => {
  const receiver = await openReceiver(t, () => [503, ""]);
  const { page, site } = await openAsking(t, { url: receiver.url });
  await answer(page, 9, "first");
  const other = await page.browserContext().newPage();
  await other.goto(site.url);
  await loaded(other);
  await other.evaluate(() => asklet.show("one"));
  await prompt(other).choose(2);
  await page.evaluate(() => asklet.forget());
  const before = receiver.requests.length;
  receiver.answer = () => [200, ""];
  await (await other.$("asklet-prompt >>> [part~=button]"))?.click().catch(() => {});
  await until("no prompt", () => other.evaluate(() => !document.querySelector("asklet-prompt")));
  const left = await other.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  assert.deepEqual(left.filter((name) => name == "asklet"), []);
  assert.equal(receiver.requests.length, before);
});

test("an old page beside a later release: it uses what is there, and nothing is lost", async (t) => {
  const receiver = await openReceiver(t, () => [503, ""]);
  const { page } = await openAsking(t, { url: receiver.url });
  await answer(page, 9, "before");
  // A later release opens the database with a version of its own, and more in it; rows stay.
  await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const open = indexedDB.open("asklet", 7);
        open.onupgradeneeded = () => open.result.createObjectStore("later");
        open.onblocked = () => reject(Error("the old page holds it up"));
        open.onsuccess = () => resolve(open.result.close());
        open.onerror = () => reject(open.error);
      }),
  );
  await answer(page, 1, "after");
  const { waiting, durable } = await box(page);
  assert.deepEqual([waiting.length, durable], [2, true]);
  receiver.answer = () => [200, ""];
  await page.evaluate(() => asklet.flush());
  await counted(page, "delivered", 2);
});

test("background sync: a service worker sends what waits when no page is open", async (t) => {
  const endpoint = await openEndpoint(t);
  await endpoint.stop();
  const { page, site } = await openAsking(t, { url: endpoint.url });
  site.put(
    "/worker.mjs",
    `import { drain } from "/asklet/asklet-worker.mjs";
     addEventListener("sync", (event) => event.tag == "asklet" && event.waitUntil(drain("/asklet.json")));`,
    { "content-type": "text/javascript" },
  );
  const session = await page.createCDPSession();
  const registered = new Promise((resolve) =>
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => registrations[0] && resolve(registrations[0].registrationId)),
  );
  await session.send("ServiceWorker.enable");
  await page.evaluate(() => navigator.serviceWorker.register("/worker.mjs", { type: "module" }).then(() => navigator.serviceWorker.ready).then(() => {}));
  await answer(page, 5, "on the train");
  assert.equal((await box(page)).waiting.length, 1);
  const registrationId = await registered;
  // The page is gone; a page without Asklet stands for the browser that is still there.
  site.put("/bare", "<!doctype html><title>Bare</title>");
  await page.goto(site.url + "/bare");
  await endpoint.start();
  // The page may have gone in the middle of an attempt, which has a lease of half a minute: a browser calls again, and so does this.
  const rows = await until("1 stored", async () => {
    await session.send("ServiceWorker.dispatchSyncEvent", { origin: site.url, registrationId, tag: "asklet", lastChance: false });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const rows = await endpoint.rows();
    return rows.length && rows;
  });
  assert.deepEqual(rows.map(({ score, comment }) => [score, comment]), [[5, "on the train"]]);
});
