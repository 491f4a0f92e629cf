/**
 * Makes an element. `props` are attributes, except that a function becomes a listener (`onclick`),
 * and that false, null and undefined leave the attribute out. Text stays text.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child != null && child !== false));
  return node;
}

const pounds = new Intl.NumberFormat("en-GB", { style: "currency", currency: "GBP" });

/** Pence as text: 950 is £9.50. */
export const price = (pence) => pounds.format(pence / 100);
