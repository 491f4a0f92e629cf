// What the presets render, read by the receivers' own libraries, or laid beside what those send for the same answer.
// For receivers that cannot run here; those that can are in ../receivers.
//
// The libraries are installed into RECEIVERS_SCRATCH the first time.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { createRequire } from "node:module";
import { test } from "node:test";
import { npm } from "../receivers/common.mjs";
import { FULL, HOSTILE, RICH, renderAll } from "./render.mjs";

const PACKAGES = [
  "@elastic/elasticsearch@9.5.1",
  "@posthog/core@1.67.3",
  "@rudderstack/rudder-sdk-node@3.0.13",
  "@segment/loosely-validate-event@2.0.0",
  "@snowplow/tracker-core@4.10.2",
  "adaptivecards@3.0.6",
  "cloudevents@10.0.0",
];

let load;
test.before(() => {
  load = createRequire(npm("presets", ...PACKAGES)("."));
});

const json = ({ body }) => JSON.parse(body);

/** Runs `check` for the request of each shape. */
const each = (name, check, values) => {
  for (const { request, responses } of renderAll(name, values)) check(request, responses);
};

test("cloudevents-batch: the SDK reads every event", () => {
  const { HTTP } = load("cloudevents");
  each("cloudevents-batch", ({ headers, body }, responses) => {
    const events = HTTP.toEvent({ headers, body });
    assert.equal(events.length, responses.length);
    for (const [index, event] of events.entries()) {
      assert.ok(event.validate());
      assert.equal(event.subject, responses[index].id);
      assert.deepEqual(event.data, responses[index]);
    }
  });
});

for (const [name, file] of [
  ["segment", "@segment/loosely-validate-event"],
  ["rudderstack", "@rudderstack/rudder-sdk-node/cjs/loosely-validate-event/index.js"],
])
  test(`${name}: its own check takes every event`, () => {
    const loaded = load(file);
    const check = loaded.default ?? loaded;
    assert.throws(() => check({ type: "track", event: "Survey Answered" }), "it checks something");
    each(name, (request, responses) => {
      const { batch } = json(request);
      assert.equal(batch.length, responses.length);
      for (const [index, event] of batch.entries()) {
        // In its own library a time is still a date.
        check({ ...event, ...(event.timestamp && { timestamp: new Date(event.timestamp) }) });
        const { id, revision, visitor, answers } = responses[index];
        assert.ok(event.messageId.length <= 100 && event.messageId.endsWith(`${id}-${revision}`));
        assert.deepEqual([event.userId, event.anonymousId], visitor ? [visitor.id, undefined] : [undefined, id]);
        for (const { question, value } of answers) assert.deepEqual(event.properties[`answer_${question}`], value);
      }
    });
  });

test("rudderstack: the write key is the user of basic authentication", () => {
  each("rudderstack", ({ headers }) => {
    assert.equal(Buffer.from(headers.authorization.slice("Basic ".length), "base64").toString(), "WRITE_KEY:");
  });
});

test("posthog: the answers have the names that its library gives them", () => {
  const { buildSurveyResponseProperties, getSurveyResponseKey } = load("@posthog/core/surveys");
  each("posthog", (request, responses) => {
    const { api_key, batch } = json(request);
    assert.equal(api_key, "phc_PROJECT_TOKEN");
    assert.equal(batch.length, responses.length);
    for (const [index, { event, uuid, distinct_id, properties }] of batch.entries()) {
      const { id, status, answers, visitor } = responses[index];
      assert.deepEqual([event, uuid, distinct_id], ["survey sent", id, visitor?.id ?? id]);
      const given = Object.fromEntries(answers.map(({ question, value }) => [getSurveyResponseKey(question), value]));
      const questions = answers.map(({ question }) => ({ id: question, question }));
      const { $survey_questions, ...theirs } = buildSurveyResponseProperties(given, { questions });
      assert.deepEqual(Object.fromEntries(Object.entries(properties).filter(([key]) => key in theirs)), theirs);
      assert.equal(properties.$survey_submission_id, id);
      assert.equal(properties.$survey_completed, status == "complete");
    }
  });
});

test("snowplow: its tracker writes an event with the same members", () => {
  const { buildSelfDescribingEvent, trackerCore } = load("@snowplow/tracker-core");
  each("snowplow", (request, responses) => {
    const { schema, data } = json(request);
    assert.equal(schema, "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4");
    assert.equal(data.length, responses.length);
    for (const [index, ours] of data.entries()) {
      let theirs;
      const tracker = trackerCore({ base64: false, callback: (payload) => (theirs = payload.build()) });
      tracker.setAppId("shop");
      tracker.setPlatform("web");
      const event = { schema: "iglu:com.example/survey_response/jsonschema/1-0-0", data: responses[index] };
      tracker.track(buildSelfDescribingEvent({ event }));
      assert.deepEqual(JSON.parse(ours.ue_pr), JSON.parse(theirs.ue_pr));
      for (const key of ["e", "p", "aid"]) assert.equal(ours[key], theirs[key]);
      assert.equal(ours.eid, responses[index].id);
      // Its schema has texts only.
      for (const [key, value] of Object.entries(ours)) assert.equal(typeof value, "string", key);
    }
  });
});

test("elasticsearch: its client sends the same lines", async (t) => {
  const { Client } = load("@elastic/elasticsearch");
  let heard;
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    heard = { url: request.url, key: request.headers.authorization, body: String(Buffer.concat(parts)) };
    response.writeHead(200, { "content-type": "application/json", "x-elastic-product": "Elasticsearch" });
    response.end(`{"took":1,"errors":false,"items":[]}`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = new Client({ node: `http://127.0.0.1:${server.address().port}`, auth: { apiKey: "API_KEY" } });
  t.after(async () => {
    await client.close();
    server.close();
  });
  for (const { request, responses } of renderAll("elasticsearch")) {
    const lines = responses.flatMap((response) => [{ create: { _id: `${response.id}.${response.revision}` } }, response]);
    await client.bulk({ index: "responses", operations: lines });
    assert.equal(request.url, `https://search.example${heard.url}`);
    assert.equal(request.headers.authorization, heard.key);
    assert.equal(request.body, heard.body);
  }
});

test("teams: every card is one, and nothing that was answered is formatting", () => {
  const { AdaptiveCard, SerializationContext, Versions } = load("adaptivecards/dist/adaptivecards.js");
  const problems = (card) => {
    const context = new SerializationContext(Versions.v1_4);
    new AdaptiveCard().parse(card, context);
    return Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
  };
  assert.equal(problems({ type: "AdaptiveCard", version: "1.4", body: [{ type: "Card" }] }).length, 1, "it checks something");
  each("teams", (request, [response]) => {
    const { type, attachments } = json(request);
    assert.equal(type, "message");
    const [{ contentType, content }] = attachments;
    assert.equal(contentType, "application/vnd.microsoft.card.adaptive");
    assert.deepEqual(problems(content), []);
    const marked = JSON.stringify(content.body.filter((element) => element.type == "TextBlock"));
    assert.ok(!marked.includes("shop.example"));
    if (response == RICH) {
      assert.ok(content.body.some(({ inlines }) => inlines?.some(({ text }) => text == HOSTILE)));
    }
  });
});

test("slack: what was answered is neither a link nor a call to everyone", () => {
  each("slack", ({ headers, body }, [response]) => {
    // Anything else would be asked for in a preflight, which Slack refuses.
    assert.deepEqual(Object.values(headers), ["application/x-www-form-urlencoded"]);
    const payload = JSON.parse(new URLSearchParams(body).get("payload"));
    const fields = payload.attachments?.[0].fields ?? [];
    assert.equal(fields.length, response.answers.length);
    for (const { value } of fields) assert.doesNotMatch(value, /[<>]|&(?!amp;|lt;|gt;)/);
    if (response == FULL) assert.equal(fields[1].value, "Quick &amp; good");
  });
});
