import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { clear, clock, storage } from "./host.mjs";

const { gate, live } = await import("../gate.js");

const delivery = { url: "/responses" };
const point = (touchpoint, more) => ({ delivery, surveys: [{ id: "s", touchpoints: [touchpoint], ...more }] });
const url = "https://shop.example/help";
const NOW = 1_800_000_000_000;

beforeEach(() => {
  clear();
  clock.now = NOW;
});

/** Whether a signal of this key, seen at `url`, is passed on. */
const wanted = (config, key, loading) => live(gate(config), url, loading).some((point) => point.key == key);
/** The kinds that are to be watched on the page at `url`. */
const watched = (config) => live(gate(config), url).filter(({ watch }) => watch).map(({ on, touchpoint }) => [on, touchpoint]);

test("which signals a touchpoint waits for", () => {
  const inline = { placement: "inline" };
  const table = [
    [point({ on: "event", name: "ordered" }), "eventordered", true],
    [point({ on: "event", name: "other" }), "eventordered", false],
    [point({ on: "event", name: "ordered", pages: ["/help"] }), "eventordered", true],
    [point({ on: "event", name: "ordered", pages: ["/basket"] }), "eventordered", false],
    [point({ on: "event", name: "ordered", pages: [{ regex: "help$" }] }), "eventordered", true],
    [point({ on: "event", name: "ordered", pages: [{ regex: "^/help$" }] }), "eventordered", false],
    [point({ on: "event", name: "ordered" }, inline), "eventordered", true],
    [point({ on: "event", name: "ordered" }), "page", false],
    [point({ on: "event", name: ".buy" }), "click.buy", false],
    [point({ on: "page" }), "page", true],
    [point({ on: "page", pages: ["/he*"] }), "page", true],
    [point({ on: "page", pages: ["!/help"] }), "page", false],
    [point({ on: "page" }), "eventordered", false],
    [point({ on: "page" }, inline), "page", false],
    [point({ on: "page" }, inline), "pages", true],
    [point({ on: "page" }, { ...inline, id: "t" }), "pages", false],
    [point({ on: "click", selector: ".buy" }), "click.buy", true],
    [point({ on: "click", selector: ".sell" }), "click.buy", false],
    [point({ on: "visible", selector: ".buy" }), "visible.buy", true],
    [point({ on: "visible", selector: ".buy" }), "click.buy", false],
    [point({ on: "scroll", percent: 50 }), "scroll", true],
    [point({ on: "dwell", for: "5s" }), "dwell", true],
    [point({ on: "idle", for: "5s" }), "idle", true],
    [point({ on: "exit_intent" }), "exit_intent", true],
    [point({ on: "exit_intent", pages: ["/basket"] }), "exit_intent", false],
    [point({ on: "call" }), "page", false],
  ];
  for (const [config, key, expect] of table) {
    assert.equal(gate(config).odd, undefined, JSON.stringify(config));
    assert.equal(wanted(config, key), expect, JSON.stringify([config, key]));
  }
});

test("which touchpoints are watched in the part of their own", () => {
  const touchpoints = [
    { on: "event", name: "ordered" },
    { on: "page" },
    { on: "click", selector: ".buy" },
    { on: "call" },
    { on: "visible", selector: ".buy" },
    { on: "scroll", percent: 50 },
    { on: "dwell", for: "5s" },
    { on: "idle", for: "5s" },
    { on: "exit_intent" },
    { on: "exit_intent", pages: ["/basket"] },
  ];
  const config = { delivery, surveys: [{ id: "s", touchpoints }] };
  assert.deepEqual(watched(config), [["visible", 4], ["scroll", 5], ["dwell", 6], ["idle", 7], ["exit_intent", 8]]);
  assert.deepEqual(watched(point({ on: "page" }, { placement: "inline" })), [["page", 0]]);
  assert.deepEqual(watched(point({ on: "page", pages: ["/basket"] }, { placement: "inline" })), []);
});

test("the event of `after` is watched wherever it happens", () => {
  const config = point({ on: "event", name: "solved", pages: ["/basket"], after: { event: "opened", within: "1d" } });
  assert.equal(wanted(config, "eventsolved"), false);
  assert.equal(wanted(config, "eventopened"), true);
});

test("an event that cancels counts while a moment waits, or the widget is here", () => {
  const config = point({ on: "event", name: "ordered", pages: ["/basket"], cancel_on: ["cancelled", "returned"] });
  for (const key of ["eventcancelled", "eventreturned"]) {
    assert.equal(wanted(config, key), false);
    assert.equal(wanted(config, key, true), true);
  }
  storage["asklet.note"] = JSON.stringify({ due: NOW + 1 });
  assert.equal(wanted(config, "eventcancelled"), true, "whatever became of the config since");
  assert.equal(wanted(config, "eventordered"), false);
});

test("one selector is watched once", () => {
  const touchpoint = { on: "click", selector: ".buy" };
  const config = { delivery, surveys: ["a", "b"].map((id) => ({ id, touchpoints: [touchpoint, { on: "visible", selector: ".sell" }] })) };
  assert.deepEqual([...gate(config).clicks], [".buy"]);
});

// --- the widget's note ----------------------------------------------------------------------------------------

const two = {
  delivery,
  surveys: ["a", "b"].map((id) => ({
    id,
    touchpoints: [{ on: "event", name: id, after: { event: "opened" }, cancel_on: ["closed"] }, { on: "dwell", for: "5s" }],
  })),
};
const note = (more) => (storage["asklet.note"] = JSON.stringify({ tag: gate(two).tag, at: NOW, until: { a: NOW + 1 }, ...more }));
const keys = (loading) => live(gate(two), url, loading).map(({ key, survey }) => survey + ":" + key);
const ALL = ["a", "b"].flatMap((id) => [`event${id}`, "eventopened", "dwell", "event"].map((key) => `${id}:${key}`));

test("a settled survey is passed over, with all its touchpoints, until then", () => {
  assert.deepEqual(keys(), ALL);
  note();
  assert.deepEqual(keys(), ALL.filter((key) => key.startsWith("b")));
  // The widget is here, and can say why not.
  assert.deepEqual(keys(true).filter((key) => !key.endsWith("closed")), ALL);
  clock.now = NOW + 1;
  assert.deepEqual(keys(), ALL);
});

test("a note on another config, from the future, or an odd one settles nothing", () => {
  const odd = [
    { tag: "other" },
    { tag: undefined },
    { at: NOW + 1 },
    { at: undefined },
    { at: "now" },
    { until: undefined },
    { until: null },
    { until: 7 },
    { until: { a: "for ever" } },
    { until: { a: null } },
    { until: { a: NOW } },
    { until: ["a"] },
  ];
  for (const more of odd) {
    note(more);
    assert.deepEqual(keys(), ALL, JSON.stringify(more));
  }
  for (const text of ["", "{", "null", "7", "[]", '"x"']) {
    storage["asklet.note"] = text;
    assert.deepEqual(keys(), ALL, text);
  }
  note({ until: { constructor: NOW + 1, toString: NOW + 1 } });
  assert.deepEqual(keys(), ALL, "names that every object has");
});

test("the tag is another one for another config, and the same for the same", () => {
  const tags = [
    two,
    { ...two, about: "Acme" },
    { ...two, surveys: two.surveys.slice(1) },
    { ...two, surveys: [...two.surveys].reverse() },
    { ...two, frequency: { quiet: "30d" } },
    { ...two, frequency: { quiet: "31d" } },
  ].map((config) => gate(config).tag);
  assert.equal(new Set(tags).size, tags.length);
  assert.equal(gate(structuredClone(two)).tag, gate(two).tag);
  assert.ok(tags.every((tag) => typeof tag == "string"));
});

// --- configs that are wrong -----------------------------------------------------------------------------------

const cyclic = { delivery, surveys: [] };
cyclic.self = cyclic;

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
    { delivery, surveys: "all" },
    { delivery, surveys: [null] },
    { delivery, surveys: [7] },
    { delivery, surveys: [{ id: "s" }] },
    { delivery, surveys: [{ id: "s", touchpoints: "page" }] },
    { surveys: [] },
    { delivery: {}, surveys: [] },
    { delivery: { url: 7 }, surveys: [] },
    { delivery: null, surveys: [] },
    cyclic,
    { delivery, surveys: [], count: 7n },
    point(null),
    point("page"),
    point({}),
    point({ on: "evnt", name: "x" }),
    point({ on: "constructor" }),
    point({ on: "__proto__" }),
    point({ on: { toString: 7 } }),
    point({ on: ["page"], pages: 7 }),
    point({ on: "event" }),
    point({ on: "event", name: 7 }),
    point({ on: "event", name: ["x"] }),
    point({ on: "click" }),
    point({ on: "click", selector: 7 }),
    point({ on: "click", selector: "<" }),
    point({ on: "visible" }),
    point({ on: "visible", selector: "<" }),
    point({ on: "page", pages: "/help" }),
    point({ on: "page", pages: null }),
    point({ on: "page", pages: [7] }),
    point({ on: "page", pages: [{}] }),
    point({ on: "page", pages: [{ regex: "(" }] }),
    point({ on: "page", after: null }),
    point({ on: "page", after: {} }),
    point({ on: "page", after: "opened" }),
    point({ on: "page", cancel_on: "closed" }),
    point({ on: "page", cancel_on: [7] }),
    point({ on: "page", cancel_on: null }),
    point({ on: "page" }, { id: undefined }),
    point({ on: "page" }, { id: 7 }),
    point({ on: "page" }, { id: undefined, placement: "inline" }),
  ];
  for (const config of bad) assert.equal(gate(config).odd, true, String(config && Object.keys(config)) + String(config?.surveys?.[0]?.touchpoints));
  assert.equal(gate({ delivery, surveys: [] }).odd, undefined);
});

test("what is wrong never hides what is right", () => {
  const config = {
    delivery,
    surveys: [
      7,
      { id: "a", touchpoints: [{ on: "click", selector: "<" }, { on: "event", name: "ordered" }] },
      { touchpoints: [{ on: "event", name: "lost" }] },
      { id: "b", touchpoints: [{ on: "event", name: "paid" }, { on: "scroll", pages: 7 }] },
    ],
  };
  for (const [name, expect] of [["ordered", true], ["paid", true], ["lost", false]])
    assert.equal(wanted(config, "event" + name), expect, name);
  assert.equal(gate(config).clicks.size, 0);
  assert.equal(gate(config).odd, true);
});

test("whatever is written anywhere in a config: nothing throws, and the other surveys are seen", () => {
  // mulberry32: the same configs each time.
  let seed = 42;
  const random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const pick = (list) => list[Math.floor(random() * list.length)];
  const junk = () =>
    pick([
      null, undefined, true, 0, -1, 1e999, NaN, 7n, "", "x", "<", "!", "/**", "event", "exit_intent", "__proto__", [], [[]], [null], {}, { regex: "(" }, { regex: "a" },
      { toString: 7 }, { length: 3 }, { forEach: 1 }, () => 7, Symbol("s"), new Date(NaN), new Map(), { get x() { throw Error("x"); } },
      new Proxy({}, { get() { throw Error("p"); } }),
    ]); // prettier-ignore
  const config = () => ({
    about: "Acme",
    delivery: { url: "/responses" },
    privacy: { consent: "not_needed" },
    surveys: [
      {
        id: "broken",
        placement: pick(["popover", "inline"]),
        touchpoints: [
          { on: "event", name: "a", where: [{ property: "p", is: 1 }], pages: ["/help", "!/x", { regex: "h" }], after: { event: "b" }, cancel_on: ["c"] },
          { on: "visible", selector: ".a", ratio: 0.5, for: "1s" },
          { on: "click", selector: ".b" },
          { on: pick(["page", "scroll", "dwell", "idle", "exit_intent", "call"]), pages: ["/**"] },
        ],
      },
      { id: "whole", touchpoints: [{ on: "event", name: "ordered", pages: ["/help"] }] },
    ],
  });
  /** Puts junk in the place of something inside `value`, or under a new name. */
  const spoil = (value) => {
    const names = Object.keys(value);
    const name = random() < 0.1 ? pick(["on", "id", "pages", "touchpoints", "after", "x"]) : pick(names);
    const inner = value[name];
    if (inner && typeof inner == "object" && random() < 0.75) spoil(inner);
    else value[name] = junk();
  };
  let seen = 0;
  for (let round = 0; round < 20_000; round++) {
    const given = config();
    spoil(round % 2 ? given : given.surveys[0]);
    const found = gate(given);
    for (const at of [url, "https://shop.example/", "file:///tmp/x.html", "about:blank"]) live(found, at);
    // JSON cannot hold everything: then nothing is known of the config, and the widget looks at it.
    if (!found.tag) {
      assert.equal(found.odd, true);
      continue;
    }
    if (round % 2) continue;
    seen++;
    assert.ok(live(found, url).some(({ key }) => key == "eventordered"), String(round));
  }
  assert.ok(seen > 5_000, String(seen));
});
