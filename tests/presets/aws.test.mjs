// EventBridge, SQS and Kinesis behind an API Gateway, as moto has them: what the presets render goes through the mapping
// that they tell, boto3 checks it, and what is stored is what was answered.
//
// moto is installed into RECEIVERS_SCRATCH the first time.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { pip } from "../receivers/common.mjs";
import { BARE, FULL, RICH, preset, render } from "./render.mjs";

const PACKAGES = ["moto[server]==5.2.5", "boto3==1.44.8"];
const SERVER = fileURLToPath(new URL("servers/aws.py", import.meta.url));

test("eventbridge, sqs and kinesis store what was answered", () => {
  const program = pip("aws", ...PACKAGES);
  // A first revision, a repeat of it, and the next.
  const earlier = { ...FULL, revision: 1, status: "partial" };
  const sent = [earlier, earlier, FULL, BARE, RICH];
  const names = ["eventbridge", "sqs", "kinesis"];
  const posts = names.flatMap((name) => sent.map((response) => ({ preset: name, body: JSON.parse(render(name, [response])[0].body) })));
  const input = posts.map((post) => JSON.stringify(post)).join("\n");
  const said = execFileSync(program("python"), [SERVER], { input, stdio: ["pipe", "pipe", "ignore"] });
  const { stored, replies } = JSON.parse(String(said).trim().split("\n").at(-1));
  assert.deepEqual(stored.kinesis, sent);
  // A queue of messages in order takes a repeat for one, and a revision for another.
  assert.deepEqual(stored.sqs, [earlier, FULL, BARE, RICH]);
  const byId = (list) => list.map((document) => JSON.stringify(document)).sort();
  assert.deepEqual(byId(stored.eventbridge), byId(sent));
  // What `ok_if` asks for is in the answer.
  const { path, is } = preset("eventbridge").delivery.ok_if;
  for (const { preset, reply } of replies) if (preset == "eventbridge") assert.equal(reply[path], is);
});
