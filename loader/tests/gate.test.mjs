import assert from "node:assert/strict";
import { test } from "node:test";

import { gate, wanted } from "../gate.js";

const delivery = { url: "/responses" };
const point = (touchpoint, more) => ({ delivery, surveys: [{ id: "s", touchpoints: [touchpoint], ...more }] });
const valid = (selector) => {
  if (selector.includes("<")) throw new SyntaxError(selector);
};
const url = "https://shop.example/help";
const none = () => undefined;

test("which signals a touchpoint waits for", () => {
  const slot = (id) => id == "s";
  const event = { type: "event", name: "ordered", url };
  const page = { type: "page", url };
  const click = { type: "click", selector: ".buy", url };
  const inline = { placement: "inline" };
  const table = [
    [point({ on: "event", name: "ordered" }), event, none, true],
    [point({ on: "event", name: "other" }), event, none, false],
    [point({ on: "event", name: "ordered", pages: ["/help"] }), event, none, true],
    [point({ on: "event", name: "ordered", pages: ["/basket"] }), event, none, false],
    [point({ on: "event", name: "ordered" }, inline), event, none, true],
    [point({ on: "event", name: "ordered" }), page, none, false],
    [point({ on: "event", name: ".buy" }), click, none, false],
    [point({ on: "page" }), page, none, true],
    [point({ on: "page", pages: ["/he*"] }), page, none, true],
    [point({ on: "page", pages: ["!/help"] }), page, none, false],
    [point({ on: "page" }), event, none, false],
    [point({ on: "page" }, inline), page, none, false],
    [point({ on: "page" }, inline), page, slot, true],
    [point({ on: "page" }, { ...inline, id: "t" }), page, slot, false],
    [point({ on: "click", selector: ".buy" }), click, none, true],
    [point({ on: "click", selector: ".sell" }), click, none, false],
    [point({ on: "call" }), page, none, false],
    [point({ on: "call" }), { type: "event", name: "", url }, none, false],
  ];
  for (const [config, signal, slot, expect] of table) {
    const { odd, points } = gate(config, valid);
    assert.equal(odd, false, JSON.stringify(config));
    assert.equal(!!wanted(points, signal, slot), expect, JSON.stringify([config, signal]));
  }
});

test("one selector is watched once", () => {
  const touchpoint = { on: "click", selector: ".buy" };
  const config = { delivery, surveys: ["a", "b"].map((id) => ({ id, touchpoints: [touchpoint] })) };
  assert.deepEqual([...gate(config, valid).selectors], [".buy"]);
});

test("a config that looks wrong has the widget look at it", () => {
  const bad = [
    undefined,
    null,
    7,
    "text",
    [],
    {},
    { delivery },
    { delivery, surveys: {} },
    { delivery, surveys: [null] },
    { delivery, surveys: [{ id: "s" }] },
    { surveys: [] },
    { delivery: {}, surveys: [] },
    point(null),
    point("page"),
    point({}),
    point({ on: "evnt", name: "x" }),
    point({ on: "constructor" }),
    point({ on: { toString: 7 } }),
    point({ on: "event" }),
    point({ on: "event", name: 7 }),
    point({ on: "click" }),
    point({ on: "click", selector: "<" }),
    point({ on: "page", pages: "/help" }),
    point({ on: "page", pages: null }),
    point({ on: "page" }, { id: undefined }),
    point({ on: "page" }, { id: 7 }),
  ];
  for (const config of bad) assert.equal(gate(config, valid).odd, true, JSON.stringify(config));
  assert.equal(gate({ delivery, surveys: [] }, valid).odd, false);
});

test("what is wrong never hides what is right", () => {
  const config = {
    delivery,
    surveys: [
      7,
      { id: "a", touchpoints: [{ on: "click", selector: "<" }, { on: "event", name: "ordered" }] },
      { touchpoints: [{ on: "event", name: "lost" }] },
      { id: "b", touchpoints: [{ on: "event", name: "paid", pages: "/thanks" }] },
    ],
  };
  const { points, selectors } = gate(config, valid);
  for (const [name, expect] of [["ordered", true], ["paid", true], ["lost", false]])
    assert.equal(wanted(points, { type: "event", name, url }, none), expect, name);
  assert.equal(selectors.size, 0);
});
