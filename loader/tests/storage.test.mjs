import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { clear, storage } from "./host.mjs";

const { erase, read, write } = await import("../storage.js");

beforeEach(clear);

/** A database that is deleted as `end` says: "onsuccess" or "onerror". */
const databases = (end) => {
  const deleted = [];
  globalThis.indexedDB = {
    deleteDatabase(name) {
      const request = {};
      setImmediate(() => {
        deleted.push(name);
        request[end]();
      });
      return request;
    },
  };
  return deleted;
};

test("reading what is there, odd or not at all", () => {
  for (const [text, expect] of [['{"a":1}', { a: 1 }], ["{", {}], ["", {}], ["null", {}], [undefined, {}]]) {
    clear();
    if (text !== undefined) storage["asklet.note"] = text;
    assert.deepEqual(read("note"), expect, text);
  }
});

test("erasing takes everything of ours, and nothing of the page's; it is done when the database is gone", async () => {
  for (const end of ["onsuccess", "onerror"]) {
    const deleted = databases(end);
    for (const key of ["asklet.visit", "asklet.note", "asklet.consent", "asklet.later", "asklet", "cart", "my.asklet.visit"]) storage[key] = "x";
    await erase();
    assert.deepEqual(Object.keys(storage), ["asklet", "cart", "my.asklet.visit"]);
    assert.deepEqual(deleted, ["asklet"]);
    clear();
  }
});

test("erasing where there are no databases", async () => {
  globalThis.indexedDB = undefined;
  storage["asklet.visit"] = "x";
  await erase();
  assert.deepEqual(storage, {});
});

test("writing where there is no room throws nothing", () => {
  Object.freeze(storage);
  write("consent", "granted");
  assert.equal(storage["asklet.consent"], undefined);
});
