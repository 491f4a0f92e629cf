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

test("regular expressions are held against the whole address, fragment included", () => {
  const url = "https://shop.example/help?from=/basket#returns";
  const table = [
    [[{ regex: "help" }], true],
    [[{ regex: "^https://shop\\.example/" }], true],
    [[{ regex: "^/help" }], false],
    [[{ regex: "#returns$" }], true],
    [[{ regex: "from=%2Fbasket" }], false],
    [[{ regex: "HELP" }], false],
    [["/basket", { regex: "returns" }], true],
    [["/basket", { regex: "sale" }], false],
    [["!/help", { regex: "returns" }], false],
    [["!/basket", { regex: "sale" }], false],
    [["!/basket", { regex: "help|sale" }], true],
    [[{ regex: "(?<=\\?)from" }], true],
  ];
  for (const [pages, expect] of table) assert.equal(globs(pages)(url), expect, JSON.stringify(pages));
});

test("a regular expression of an owner's does not remember where it was", () => {
  const allows = globs([{ regex: "help" }]);
  assert.deepEqual([1, 2, 3].map(() => allows("https://shop.example/help")), [true, true, true]);
});

test("what is neither a glob nor an expression throws", () => {
  const bad = [null, undefined, 7, true, {}, [], ["/help"], { regex: 7 }, { regex: null }, { regex: ["a"] }, { regex: "(" }, { regex: {} }];
  for (const entry of bad) assert.throws(() => globs(["/help", entry]), JSON.stringify(entry));
  for (const list of [undefined, null, 7, "/help", {}]) assert.throws(() => globs(list), JSON.stringify(list));
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
