// Two scanners, run in the page, and what they cannot decide by themselves, each with the reason why it holds.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const { resolve } = createRequire(import.meta.url);
const [AXE, IBM] = await Promise.all(
  ["axe-core/axe.min.js", "accessibility-checker-engine/ace.js"].map((path) => readFile(resolve(path), "utf8")),
);

const TAGS = [
  ...["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag21aaa", "wcag22a", "wcag22aa", "wcag22aaa"],
  "best-practice",
];

/** In forced colours axe takes what the style sheets say for what is drawn: there pixels alone are measured. */
const BLIND = { "color-contrast": { enabled: false }, "color-contrast-enhanced": { enabled: false } };

/**
 * What a scanner left to a person's judgement: rule, the element that it may be said of, and why it holds there. What is
 * not in this table fails the test.
 */
export const TRIAGE = [
  {
    rule: "IBM input_label_visible potential_no_label",
    on: /^<button[^>]*part="close"/,
    why: "a cross is drawn on the button, and its name says what it does; it is 44 px large",
  },
  {
    rule: "IBM aria_keyboard_handler_exists potential_no_keyboard_access",
    on: /^<fieldset[^>]*role="radiogroup"/,
    why: "the radio buttons in it are the browser's own, and have its keys (the keyboard walks press them)",
  },
  {
    rule: "IBM widget_tabbable_single potential_multiple_tabbable",
    on: /^<fieldset[^>]*role="radiogroup"/,
    why: "native radio buttons of one name are one stop for Tab (the keyboard walks count it)",
  },
  {
    rule: "IBM aria_child_valid Fail_invalid_child",
    on: /^<fieldset[^>]*role="radiogroup"/,
    why: "a recommendation: the legend's heading is in the group as it is in any fieldset; the role is there for aria-invalid",
  },
  {
    rule: "IBM input_label_visible potential_no_label",
    on: /^<input[^>]*part="input"/,
    why: "the field of the option Other stands right below that option, and only while it is chosen",
  },
  {
    rule: "IBM a_target_warning potential_warn",
    on: /^<a[^>]*target="_blank"/,
    why: "the link says that it opens a new tab, in the language of the survey; the rule knows the English words only",
  },
];

/** Brings the scanners into a page. */
export const bring = async (page) => {
  await page.evaluate(AXE);
  await page.evaluate(IBM);
};

const axe = (page, forced) =>
  page.evaluate(async (tags, rules) => {
    const { violations, incomplete, passes } = await axe.run(document, { runOnly: tags, rules });
    const lines = (kind, rules) =>
      rules.flatMap(({ id, nodes }) =>
        nodes.map(({ html, any, all, none }) => ({
          kind,
          rule: `axe ${id}`,
          html: html.slice(0, 240),
          why: [...any, ...all, ...none].map(({ message }) => message).join("; "),
        })),
      );
    return { ran: passes.length, found: [...lines("violation", violations), ...lines("open", incomplete)] };
  }, TAGS, forced ? BLIND : {});

const ibm = (page) =>
  page.evaluate(async () => {
    const { results } = await new ace.Checker().check(document, ["IBM_Accessibility", "WCAG_2_2"]);
    const found = results
      .filter(({ value }) => value[1] != "PASS")
      .map(({ ruleId, reasonId, value, message, snippet }) => ({
        kind: value.join() == "VIOLATION,FAIL" ? "violation" : "open",
        rule: `IBM ${ruleId} ${reasonId}`,
        html: snippet.slice(0, 240),
        why: message,
      }));
    return { ran: results.length, found };
  });

/** What both find wrong, one line each; `open` counts what the table answers. */
export const scan = async (page, { forced = false, open = new Map(), triage = TRIAGE } = {}) => {
  const wrong = [];
  for (const scanner of [axe, ibm]) {
    const { ran, found } = await scanner(page, forced);
    if (!ran) wrong.push("a scanner looked at nothing");
    for (const { kind, rule, html, why } of found) {
      const row = kind == "open" && triage.find((row) => row.rule == rule && row.on.test(html));
      if (row) open.set(row, (open.get(row) ?? 0) + 1);
      else wrong.push(`${rule}: ${html}: ${why}`);
    }
  }
  return wrong;
};
