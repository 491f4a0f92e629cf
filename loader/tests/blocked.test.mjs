// Storage that is blocked: a process of its own, since the loader asks for it once.

import assert from "node:assert/strict";
import { test } from "node:test";

for (const name of ["localStorage", "indexedDB"])
  Object.defineProperty(globalThis, name, {
    get() {
      throw new DOMException("blocked", "SecurityError");
    },
  });
const { attempt, erase, local, read, write } = await import("../storage.js");
const { visit } = await import("../visits.js");

test("the page's memory stands in, and everything goes on", async () => {
  assert.equal(visit().pages, 1);
  assert.equal(visit().pages, 2);
  write("consent", "granted");
  assert.equal(local["asklet.consent"], "granted");
  assert.deepEqual(read("note"), {});
  await erase();
  assert.deepEqual(local, {});
  assert.equal(attempt(() => localStorage), undefined);
});
