import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { clear, clock, storage } from "./host.mjs";

const { visit } = await import("../visits.js");

const KEY = "asklet.visit";
const MINUTE = 60_000;
const NOON = 1_800_000_000_000;

/** Counts a page view so many minutes after noon. */
const at = (minutes) => {
  clock.now = NOON + minutes * MINUTE;
  return visit();
};

beforeEach(clear);

test("the first page view is the first session", () => {
  assert.deepEqual(at(0), { first: NOON, session: 1, pages: 1 });
  assert.deepEqual(JSON.parse(storage[KEY]), { first: NOON, session: 1, pages: 1, last: NOON });
});

test("a session ends after 30 minutes without a page view", () => {
  const views = [0, 29, 58, 88, 118.1, 119, 2_000].map(at);
  assert.deepEqual(views.map(({ session }) => session), [1, 1, 1, 1, 2, 2, 3]);
  assert.deepEqual(views.map(({ pages }) => pages), [1, 2, 3, 4, 5, 6, 7]);
  assert.ok(views.every(({ first }) => first == NOON));
  const last = NOON + 2_000 * MINUTE;
  assert.deepEqual(JSON.parse(storage[KEY]), { first: NOON, session: 3, pages: 7, last });
});

test("a clock that is set back starts no session, and is made good at the next view", () => {
  assert.deepEqual([0, -9_000, -8_900].map((minutes) => at(minutes).session), [1, 1, 2]);
});

test("a first visit that lies in the future was none", () => {
  storage[KEY] = JSON.stringify({ first: NOON + 1e12, session: 2, pages: 3, last: NOON + 1e12 });
  assert.deepEqual(at(0), { first: NOON, session: 2, pages: 4 });
});

test("what somebody else wrote under our key", () => {
  const texts = ["", "{", "null", "7", '"x"', "[]", '{"session":"x","pages":{},"last":"y"}', '{"session":-0.5}', '{"first":"x"}', '{"first":{}}'];
  for (const text of texts) {
    storage[KEY] = text;
    assert.deepEqual(at(0), { first: NOON, session: 1, pages: 1 }, text);
    assert.deepEqual(at(31), { first: NOON, session: 2, pages: 2 }, text);
  }
});

test("storage that is full", () => {
  storage[KEY] = '{"first":1,"session":4,"pages":9,"last":1}';
  Object.freeze(storage);
  clock.now = 2;
  assert.deepEqual(visit(), { first: 1, session: 4, pages: 10 });
});
