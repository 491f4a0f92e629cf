// Keyboard walks: what each key does in each kind of question, from F6 to thanks, as a table. They need nothing that only
// Chromium has. (accessibility.md, items 8 to 10, 14, 17.)

import assert from "node:assert/strict";

/** Where the focus is, in words: `page a before`, `radio 7 chosen`, `field "abc"`, `button next`, `heading`. */
export const where = (page) =>
  page.evaluate(() => {
    const inside = document.activeElement.shadowRoot?.activeElement;
    if (!inside) return ["page", document.activeElement.localName, document.activeElement.id].join(" ").trim();
    const { localName, type, value, checked } = inside;
    if (localName == "h2") return "heading";
    if (/radio|checkbox/.test(type)) return `${type} ${value}${checked ? " chosen" : ""}`;
    if (localName == "input" || localName == "textarea") return `field "${value}"`;
    return inside.getAttribute("part");
  });

/** Presses keys, such as `Shift+Tab`; what is in quotes is typed. */
export const press = async (page, keys) => {
  for (const key of keys.match(/"[^"]*"|\S+/g)) {
    if (key.startsWith('"')) {
      await page.keyboard.type(key.slice(1, -1));
      continue;
    }
    const [last, ...held] = key.replace("Space", " ").split("+").reverse();
    for (const one of held.reverse()) await page.keyboard.down(one);
    await page.keyboard.press(last);
    for (const one of held) await page.keyboard.up(one);
  }
};

/** A scale of numerals: arrows and their wrapping, Home and End, digits, one stop for Tab. */
const scale = (low, high, { rtl = false } = {}) => {
  const [next, back] = rtl ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
  return [
    ["F6", `radio ${low}`],
    ["Enter", `radio ${low}`, "alert"],
    [next, `radio ${low + 1} chosen`],
    ["ArrowDown", `radio ${low + 2 > high ? low : low + 2} chosen`],
    ["ArrowUp", `radio ${low + 1} chosen`],
    [back, `radio ${low} chosen`],
    [back, `radio ${high} chosen`],
    [next, `radio ${low} chosen`],
    ["End", `radio ${high} chosen`],
    ["Home", `radio ${low} chosen`],
    [`${high}`.split("").join(" "), `radio ${high} chosen`],
    [`${low + 1}`, `radio ${low + 1} chosen`],
    ["Tab", "button"],
    ["Shift+Tab", `radio ${low + 1} chosen`],
    ["Enter", "heading", "thanks"],
  ];
};

/** For each kind: keys, where the focus is then, and what else is to be seen; at last what was answered. */
export const walks = (options) => ({
  nps: { keys: scale(0, 10, options), answer: 1 },
  csat3: { keys: scale(1, 3, options), answer: 2 },
  csat5: { keys: scale(1, 5, options), answer: 2 },
  csat7: { keys: scale(1, 7, options), answer: 2 },
  stars: { keys: scale(1, 5, options), answer: 2 },
  faces: { keys: scale(1, 5, options), answer: 2 },
  thumbs: { keys: scale(1, 2, options), answer: 2 },
  ces5: { keys: scale(1, 5, options), answer: 2 },
  ces7: { keys: scale(1, 7, options), answer: 2 },
  text: {
    keys: [
      ["F6", 'field ""'],
      ['"Fast" Enter "and good"', 'field "Fast\nand good"'],
      ["Tab", "button"],
      ["Shift+Tab", 'field "Fast\nand good"'],
      ["Control+Enter", "heading", "thanks"],
    ],
    answer: "Fast\nand good",
  },
  choice: {
    keys: [
      ["F6", "radio price"],
      ["Enter", "radio price", "alert"],
      ["Space", "radio price chosen"],
      ["ArrowDown", "radio delivery chosen"],
      ["ArrowUp ArrowUp", "radio other chosen"],
      ["Home", "radio price chosen"],
      ["End", "radio other chosen"],
      ["Tab", 'field ""'],
      ['"Home 1"', 'field "Home 1"'],
      ["Tab", "skip|button"],
      ["Shift+Tab", 'field "Home 1"'],
      ["Enter", "heading", "thanks"],
    ],
    answer: "other",
  },
  several: {
    keys: [
      ["F6", "checkbox price"],
      ["Enter", "checkbox price", "alert"],
      ["Space", "checkbox price chosen"],
      ["Space", "checkbox price"],
      ["Space Tab", "checkbox delivery"],
      ["Space Tab", "checkbox range"],
      ["Space Tab", "checkbox advice"],
      ["Space", "checkbox advice chosen"],
      ["Enter", "checkbox price chosen", "alert"],
      ["Space", "checkbox price"],
      ["Tab Tab Tab", "checkbox advice chosen"],
      ["Tab", "checkbox other"],
      ["Shift+Tab", "checkbox advice chosen"],
      ["Enter", "heading", "thanks"],
    ],
    answer: ["delivery", "range", "advice"],
  },
  email: {
    keys: [
      ["F6", 'field ""'],
      ['"ada"', 'field "ada"'],
      ["Enter", 'field "ada"', "alert"],
      ['"@example.com"', 'field "ada@example.com"'],
      ["Tab", "button"],
      ["Space", "heading", "thanks"],
    ],
    answer: "ada@example.com",
  },
  consent: {
    keys: [
      ["F6", "checkbox yes"],
      ["Space", "checkbox yes chosen"],
      ["Space", "checkbox yes"],
      ["Space", "checkbox yes chosen"],
      ["Tab", "link"],
      ["Tab", "button"],
      ["Enter", "heading", "thanks"],
    ],
    answer: true,
  },
});

/** Walks one of them; `seen` waits until what it is given is to be seen. */
export const walk = async (page, { keys, answer }, seen) => {
  for (const [pressed, stop, also] of keys) {
    await press(page, pressed);
    const stops = stop.split("|");
    const there = () => where(page).then((now) => stops.includes(now));
    if (also == "thanks") {
      await seen("thanks", () => document.querySelector("asklet-prompt").shadowRoot.querySelector("[part~=heading]").textContent == "That was all.");
    }
    if (!(await there())) assert.equal(await where(page), stop, `after ${pressed}`);
    const { alert, invalid } = await page.evaluate(() => {
      const { shadowRoot } = document.querySelector("asklet-prompt");
      return {
        alert: shadowRoot.querySelector("[role=alert]").textContent,
        invalid: !!shadowRoot.querySelector("[aria-invalid=true]"),
      };
    });
    if (also == "alert") assert.ok(alert && invalid, `${pressed} says what is missing`);
    const early = await page.evaluate(() => window.seen.filter(([type]) => type == "answered").length);
    if (also != "thanks") assert.equal(early, 0, `${pressed} does not submit`);
  }
  await seen("the answer", () => window.seen.some(([type]) => type == "answered"));
  const value = await page.evaluate(() => window.seen.find(([type]) => type == "answered")[1].value);
  assert.deepEqual(value, answer);
};
