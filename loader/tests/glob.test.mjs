import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { globs } from "../glob.js";

const rows = JSON.parse(await readFile(new URL("../../tests/tables/globs.json", import.meta.url), "utf8"));

test("the table of globs", () => {
  assert.ok(rows.length >= 40);
  for (const { pages, url, match } of rows)
    assert.equal(globs(pages)(url), match, `${JSON.stringify(pages)} ${url}`);
});

test("entries that are no text are passed over", () => {
  assert.equal(globs([null, 7, {}, ["/"]])("https://shop.example/help"), true);
  assert.equal(globs([7, "/help"])("https://shop.example/basket"), false);
});

test("what the stars mean, held against a slow and plain reading", () => {
  const reads = (glob, text) =>
    glob == ""
      ? text == ""
      : glob.startsWith("**")
        ? reads(glob.slice(2), text) || (text != "" && reads(glob, text.slice(1)))
        : glob[0] == "*"
          ? reads(glob.slice(1), text) || (text != "" && text[0] != "/" && reads(glob, text.slice(1)))
          : text[0] == glob[0] && reads(glob.slice(1), text.slice(1));
  const words = (alphabet, longest) => {
    let last = [""];
    const all = [""];
    for (let length = 0; length < longest; length++) {
      last = last.flatMap((word) => [...alphabet].map((letter) => word + letter));
      all.push(...last);
    }
    return all;
  };
  const texts = words("/ab", 5).map((text) => "/" + text);
  for (const glob of words("*/a", 4).map((text) => "/" + text)) {
    const allows = globs([glob]);
    for (const text of texts) {
      const folder = glob.endsWith("/**") && !glob.endsWith("***") && reads(glob.slice(0, -3), text);
      assert.equal(allows("https://shop.example" + text), reads(glob, text) || folder, `${glob} ${text}`);
    }
  }
});
