import assert from "node:assert/strict";
import { test } from "node:test";

import { child } from "../watch/child.js";
import { countdown } from "../watch/countdown.js";
import { duration } from "../watch/duration.js";
import { shares } from "../watch/visible.js";

test("durations as a config writes them; anything else throws", () => {
  const table = [["0s", 0], ["5s", 5_000], ["2m", 120_000], ["12h", 43_200_000], ["30d", 2_592_000_000], ["36525d", 3_155_760_000_000]];
  for (const [text, ms] of table) assert.equal(duration(text), ms, text);
  for (const text of [undefined, null, 5, "", "5", "s", "5 s", " 5s", "5s ", "-5s", "1.5s", "5w", "5S", "1e3s", "5s5s", "36526d", "99999999999s", {}, []])
    assert.throws(() => duration(text), String(text));
});

test("what of an element is in the window", () => {
  const root = { width: 1000, height: 600 };
  const entry = (box, part, isIntersecting = true) => ({
    boundingClientRect: { width: box[0], height: box[1] },
    intersectionRect: { width: part[0], height: part[1] },
    rootBounds: root,
    isIntersecting,
  });
  const table = [
    ["whole", entry([200, 100], [200, 100]), { most: 1, now: 1 }],
    ["half", entry([200, 100], [200, 50]), { most: 1, now: 0.5 }],
    ["out of view", entry([200, 100], [0, 0], false), { most: 1, now: 0 }],
    ["higher than the window", entry([200, 2400], [200, 600]), { most: 0.25, now: 0.25 }],
    ["wider", entry([4000, 300], [1000, 150]), { most: 0.25, now: 0.125 }],
    ["both", entry([2000, 1200], [1000, 600]), { most: 0.25, now: 0.25 }],
    ["without a size, there", entry([0, 0], [0, 0]), { most: 1, now: 1 }],
    ["without a size, not there", entry([200, 0], [0, 0], false), { most: 1, now: 0 }],
  ];
  for (const [name, given, expect] of table) {
    assert.deepEqual(shares(given, { width: 1, height: 1 }), expect, name);
    assert.deepEqual(shares({ ...given, rootBounds: null }, root), expect, name + ", in a frame of another site");
  }
});

test("a child aborts with its parent, before it or after", () => {
  const parent = new AbortController();
  const [one, two] = [child(parent.signal), child(parent.signal)];
  one.abort();
  assert.deepEqual([parent.signal.aborted, two.signal.aborted], [false, false]);
  parent.abort();
  assert.ok(two.signal.aborted && child(parent.signal).signal.aborted);
});

test("a countdown: running, held, reset, and over", (t) => {
  let now = 0;
  t.mock.method(performance, "now", () => now);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  /** Time goes by, one millisecond after the other: timers see the right time. */
  const pass = (ms) => {
    for (; ms > 0; ms--) {
      now++;
      t.mock.timers.tick(1);
    }
  };
  const life = new AbortController();
  let over = 0;
  const clock = countdown(1_000, () => over++, life.signal);
  pass(2_000);
  assert.equal(over, 0, "it does not run by itself");
  clock.run();
  pass(600);
  clock.run();
  clock.hold();
  clock.hold();
  pass(5_000);
  clock.run();
  pass(399);
  assert.equal(over, 0);
  pass(1);
  assert.equal(over, 1);
  pass(5_000);
  assert.equal(over, 1, "once");

  clock.reset();
  clock.run();
  pass(999);
  clock.reset();
  clock.run();
  pass(999);
  assert.equal(over, 1, "from the start again");
  life.abort();
  clock.run();
  pass(5_000);
  assert.equal(over, 1, "not after the end");

  // Timers fire early, and know no more than 24 days.
  const early = countdown(2 ** 31 + 500, () => over++, new AbortController().signal);
  early.run();
  now += 2 ** 31 - 1;
  t.mock.timers.tick(2 ** 31 - 1);
  assert.equal(over, 1);
  pass(502);
  assert.equal(over, 2);
});
