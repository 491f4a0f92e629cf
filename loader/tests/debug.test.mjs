import assert from "node:assert/strict";
import { test } from "node:test";

import { owed, surveysOf } from "../debug/owed.js";
import { eventSays, moment, next, outboxSays, ruleName, span, value, verdict } from "../debug/words.js";

const DAY = 86_400_000;

test("before consent every survey says so, whatever the config is", () => {
  const rules = (found) => [{ rule: "consent", wants: "granted", found, holds: false }];
  const config = { surveys: [{ id: "a" }, { id: "b" }] };
  assert.deepEqual(owed(config, undefined, true), [
    { survey: "a", asks: false, rules: rules("owed") },
    { survey: "b", asks: false, rules: rules("owed") },
  ]);
  assert.deepEqual(owed(config, "b", "denied"), [{ survey: "b", asks: false, rules: rules("denied") }]);
  assert.deepEqual(owed(config, "c", "required"), []);
  for (const odd of [undefined, null, 7, {}, { surveys: 7 }, { surveys: null }, { surveys: [null, 7, {}] }])
    assert.deepEqual(owed(odd, undefined, ""), [], JSON.stringify(odd));
  assert.deepEqual(surveysOf({ surveys: [null, { id: "a" }, { id: "b" }] }), ["a", "b"]);
});

test("spans and moments", () => {
  const table = [[0, "0 s"], [900, "1 s"], [90_000, "90 s"], [120_000, "2 min"], [90 * 60_000, "90 min"], [36 * 3_600_000, "36 h"], [2 * DAY, "2 d"], [180 * DAY, "180 d"]];
  for (const [ms, text] of table) assert.equal(span(ms), text);
  const noon = new Date(2026, 10, 22, 12, 5, 9).getTime();
  assert.equal(moment(noon), "22 Nov 2026, 12:05");
  assert.equal(moment(noon, true), "12:05:09");
  assert.equal(next(noon, noon - 3 * DAY), "22 Nov 2026, 12:05, in 3 d");
  assert.equal(next(noon, noon + 1), "22 Nov 2026, 12:05, now");
  assert.equal(next(undefined, noon), "");
});

test("what a rule wants and found", () => {
  const noon = new Date(2026, 10, 22, 12, 0).getTime();
  const table = [
    ["quiet", 30 * DAY, "30 d"],
    ["answered_across", 7 * DAY, "7 d"],
    ["quiet", noon, "22 Nov 2026, 12:00"],
    ["sample", 0.25, "0.25"],
    ["per_session", 1, "1"],
    ["nth", 3, "3"],
    ["sessions", { gte: 3, lt: 10 }, "gte 3, lt 10"],
    ["devices", ["mobile", "desktop"], "mobile, desktop"],
    ["pages", ["/a", { regex: "b" }], "/a, regex b"],
    ["window", { hours: { from: "09:00", until: "17:00" } }, "hours from 09:00, until 17:00"],
    ["attributes", { plan: null, vip: true }, "plan , vip true"],
    ["refused", null, ""],
    ["refused", undefined, ""],
  ];
  for (const [rule, what, text] of table) assert.equal(value(rule, what), text, rule);
  assert.equal(ruleName({ rule: "pages", touchpoint: 0 }), "touchpoints[0]: pages");
  assert.equal(ruleName({ rule: "quiet" }), "quiet");
});

test("sentences", () => {
  const rules = (...holds) => holds.map((holds, index) => ({ rule: "r" + index, holds }));
  assert.equal(verdict({ asks: true, rules: rules(true) }), "would be asked");
  assert.equal(verdict({ asks: false, rules: rules(true, false) }), "not asked: 1 rule does not hold");
  assert.equal(verdict({ asks: false, rules: rules(false, false) }), "not asked: 2 rules do not hold");
  const table = [
    [{ survey: "a", asks: false, rules: rules(true, false, false) }, "a: because of r1, r2"],
    [{ survey: "a", delay: 2_000 }, "a: in 2 s"],
    [{ survey: "a", delay: 0 }, "a"],
    [{ survey: "a", id: "x", question: "score", value: 9 }, "a: score 9"],
    [{ survey: "a", id: "x", reason: "later" }, "a: later"],
    [{ id: "x", survey: "a", revision: 1, status: "partial" }, "a: partial"],
    [{ version: "0.1.0" }, "0.1.0"],
    [{ message: "Something is wrong." }, "Something is wrong."],
  ];
  for (const [detail, text] of table) assert.equal(eventSays(detail), text);
  const books = { enqueued: 3, delivered: 2, waiting: 1, parked: 0, evicted: 0 };
  const box = { waiting: [{}], parked: [], durable: true, books };
  assert.equal(outboxSays(box), "1 waiting, 0 parked. Of 3 ever: 2 delivered, 0 evicted.");
  assert.match(outboxSays({ ...box, durable: false }), /Storage is blocked/);
});
