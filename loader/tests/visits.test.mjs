import assert from "node:assert/strict";
import { test } from "node:test";

import { visit } from "../visits.js";

const KEY = "asklet.visit";
const MINUTE = 60_000;
const NOON = 1_800_000_000_000;

test("the first page view is the first session", () => {
  const host = { localStorage: {} };
  assert.equal(visit(host, NOON), 1);
  assert.deepEqual(JSON.parse(host.localStorage[KEY]), { first: NOON, session: 1, pages: 1, last: NOON });
});

test("a session ends after 30 minutes without a page view", () => {
  const host = { localStorage: {} };
  const views = [0, 29, 58, 88, 118.1, 119, 2_000].map((minutes) => visit(host, NOON + minutes * MINUTE));
  assert.deepEqual(views, [1, 1, 1, 1, 2, 2, 3]);
  assert.deepEqual(JSON.parse(host.localStorage[KEY]), {
    first: NOON,
    session: 3,
    pages: 7,
    last: NOON + 2_000 * MINUTE,
  });
});

test("a clock that is set back starts no session, and is made good at the next view", () => {
  const host = { localStorage: {} };
  visit(host, NOON);
  assert.equal(visit(host, NOON - 9_000 * MINUTE), 1);
  assert.equal(visit(host, NOON - 8_900 * MINUTE), 2);
});

test("what somebody else wrote under our key", () => {
  for (const text of ["", "{", "null", "7", '"x"', "[]", '{"session":"x","pages":{},"last":"y"}', '{"session":-0.5}']) {
    const host = { localStorage: { [KEY]: text } };
    assert.equal(visit(host, NOON), 1, text);
    assert.equal(visit(host, NOON + 31 * MINUTE), 2, text);
    assert.equal(JSON.parse(host.localStorage[KEY]).pages, 2, text);
  }
});

test("storage that is blocked, missing or full", () => {
  const blocked = {
    get localStorage() {
      throw new DOMException("blocked", "SecurityError");
    },
  };
  const full = { localStorage: Object.freeze({ [KEY]: '{"first":1,"session":4,"pages":9,"last":1}' }) };
  assert.equal(visit(blocked, NOON), 1);
  assert.equal(visit({}, NOON), 1);
  assert.equal(visit(full, 2), 4);
});
