// What a screen reader would say: live regions as they change, and for each stop of the focus what was entered on the way, name,
// role, state and description, all from the accessibility tree that the browser hands out. (Guidepup's virtual screen
// reader was tried first: it does not look into shadow roots.)

import { until } from "../harness.mjs";
import { walk } from "./tree.mjs";

/** Evaluated in a page before its scripts: writes down what live regions say. */
export const overhear = () => {
  window.heard = [];
  const live = "[aria-live], [role=alert], [role=status]";
  const listen = (root) =>
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        for (const added of addedNodes) if (added.shadowRoot) listen(added.shadowRoot);
        const region = (target.nodeType == 3 ? target.parentElement : target)?.closest?.(live);
        if (!region?.textContent.trim()) continue;
        const tone = region.getAttribute("aria-live") ?? (region.getAttribute("role") == "alert" ? "assertive" : "polite");
        const said = `${tone}: ${region.textContent.trim()}`;
        if (heard.at(-1) != said) heard.push(said);
      }
    }).observe(root, { subtree: true, childList: true, characterData: true });
  listen(document);
};

const ENTERED = /^(region|dialog|group|radiogroup|main|form)$/;

/** Reads along: `heard()` is what live regions said since it was last asked, `at(said)` waits until that is said at the focus. */
export const reader = (page) => {
  let around = [];
  const stop = async () => {
    const nodes = await walk(page);
    const at = nodes.findLastIndex(({ states }) => states.focused);
    if (at < 0) return { text: "nothing", above: [] };
    const groups = [];
    for (let i = at, depth = nodes[at].depth; i >= 0; i--)
      if (nodes[i].depth < depth) {
        depth = nodes[i].depth;
        if (ENTERED.test(nodes[i].role) && nodes[i].name) groups.unshift(nodes[i]);
      }
    const called = ({ role, name, description }) => `${role} "${name}"${description ? ` (${description})` : ""}`;
    const above = groups.map(called);
    const { role, states } = nodes[at];
    const said = [...above.filter((one) => !around.includes(one)), called(nodes[at])];
    if ("checked" in states) said.push(states.checked == "true" ? "checked" : "not checked");
    if (states.invalid && states.invalid != "false") said.push("invalid");
    if (states.required) said.push("required");
    if (role == "radio") {
      const all = nodes.filter((node, i) => node.role == "radio" && i > nodes.indexOf(groups.at(-1)));
      said.push(`${all.indexOf(nodes[at]) + 1} of ${all.length}`);
    }
    return { text: said.join(", "), above };
  };
  return {
    heard: () => page.evaluate(() => window.heard.splice(0)),
    at: async (said) => {
      let last;
      await until(said, async () => (last = await stop()).text == said).catch((error) => {
        throw Error(`${error.message}; it says: ${last.text}`);
      });
      around = last.above;
    },
  };
};
