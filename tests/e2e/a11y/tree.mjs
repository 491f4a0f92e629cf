// The accessibility tree, as Chromium hands it to assistive technology: as a text to compare, and as what a screen
// reader would say.

/** The parts of the tree that are not ignored, in order, each with its depth. Texts are left to what they name. */
export const walk = async (page) => {
  page.ax ??= await page.createCDPSession();
  const { nodes } = await page.ax.send("Accessibility.getFullAXTree");
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const found = [];
  const visit = (node, depth) => {
    const { ignored, role, childIds = [] } = node;
    // A form without a name means nothing to anybody, and some releases of Chromium leave it out.
    const nameless = role?.value == "form" && !node.name?.value;
    const skip = ignored || nameless || /^(none|generic|RootWebArea|InlineTextBox|LabelText|Legend)$/.test(role?.value ?? "none");
    if (!skip) found.push({ depth, node });
    if (role?.value == "StaticText") return;
    for (const id of childIds) if (byId.has(id)) visit(byId.get(id), depth + (skip ? 0 : 1));
  };
  visit(nodes[0], 0);
  return found.map(({ depth, node: { role, name, description, value, properties = [] } }) => ({
    depth,
    role: role.value,
    name: name?.value ?? "",
    description: description?.value ?? "",
    value: value?.value ?? "",
    states: Object.fromEntries(properties.map(({ name, value }) => [name, value.value])),
  }));
};

/** What belongs to the prompt: its region or dialog, and what is in it. The page around has no other. */
export const inPrompt = async (page) => {
  const all = await walk(page);
  const start = all.findIndex(({ role }) => /^(region|dialog)$/.test(role));
  if (start < 0) throw Error("no region or dialog in the accessibility tree");
  const end = all.findIndex(({ depth }, i) => i > start && depth <= all[start].depth);
  const part = all.slice(start, end < 0 ? undefined : end);
  return part.map((node) => ({ ...node, depth: node.depth - part[0].depth }));
};

/**
 * Names against what is written: an accessible name begins with the visible numeral, and holds the visible words.
 * (accessibility.md, item 4.)
 */
export const names = async (page) => {
  const written = await page.evaluate(() => a11y.written());
  const told = (await inPrompt(page)).filter(({ role }) => /^(radio|checkbox|button|link|textbox)$/.test(role)).map(({ name }) => name);
  if (written.length != told.length) return [`${written.length} controls are drawn, ${told.length} are in the accessibility tree`];
  return written.flatMap(({ words, numeral }, i) => {
    const name = told[i].replace(/\s+/g, " ").trim();
    if (!name) return [`a ${written[i].kind} has no name`];
    if (numeral && name != words[0] && !name.startsWith(`${words[0]} `)) return [`"${name}" does not begin with "${words[0]}"`];
    const missing = words.find((word) => !name.includes(word.replace(/\s+/g, " ")));
    return missing ? [`"${missing}" is written on what is called "${name}"`] : [];
  });
};

const STATES = ["checked", "invalid", "required", "modal", "level", "disabled", "live", "atomic"];
const plain = (value) => [false, "false", "", undefined].includes(value);

/** One line for each: role, name, what describes it, and its states. A text that is in a name already is left out. */
export const draw = (nodes) => {
  const lines = [];
  const above = [];
  let before = "";
  for (const { depth, role, name, description, value, states } of nodes) {
    above.length = depth;
    above.push(name);
    if (role == "StaticText" && [before, ...above.slice(0, -1)].some((said) => said.includes(name.trim()))) continue;
    if (role != "StaticText") before = name;
    const more = STATES.filter((state) => !plain(states[state])).map((state) => `${state}=${states[state]}`);
    if (description) more.push(`described as "${description}"`);
    if (value) more.push(`value "${value}"`);
    lines.push(`${"  ".repeat(depth)}${role == "StaticText" ? "text" : role} "${name}"${more.length ? ` ${more.join(" ")}` : ""}`);
  }
  return `${lines.join("\n")}\n`;
};
