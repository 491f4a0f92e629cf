// A few of the faults of tests/faults, with few trials: nothing that was acknowledged is lost, and nothing is there twice.
// `node tests/faults/faults.mjs` runs all of them, which takes the better part of an hour.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cells } from "../faults/cells.mjs";
import { run } from "../faults/faults.mjs";

const FEW = [
  ["killed 0-100 ms after saved, endpoint down", "chromium", 3],
  ["killed 0-100 ms after saved, endpoint down", "firefox", 2],
  ["killed with the request in flight", "chromium", 2],
  ["accepted, reply lost, twice", "chromium", 3],
  ["429, 503 with Retry-After, heard by a second tab", "chromium", 14],
  ["one of 20 poisoned, 500", "chromium", 20],
  ["ten tabs draining, no Web Locks", "chromium", 20],
  ["IndexedDB blocked", "chromium", 2],
  ["forget(): in flight", "chromium", 1],
];

for (const [name, kind, trials] of FEW)
  test(`${name} (${kind})`, async () => {
    const { row, wrong } = await run(cells.find((cell) => cell.name == name), kind, { trials });
    assert.deepEqual(wrong, []);
    // What was forgotten is not owed to anybody any more.
    assert.ok(row.acknowledged >= 1 || name.startsWith("forget()"), "nothing was acknowledged");
    assert.deepEqual([row.lost, row["repeats after dedupe"]], [0, 0]);
  });
