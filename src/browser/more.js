// What not every prompt needs: fetched where a page or its config has colours of its own, where a prompt stands beside something,
// and where there is a finger to drag a sheet with.

/** Has a prompt stand beside what `beside` selects, if that can be seen: below it, above it, or at its side. */
export const stand = (element, box, beside) => {
  const rect = document.querySelector(beside)?.getBoundingClientRect();
  if (!rect?.width) return delete element.dataset.beside;
  element.dataset.beside = "";
  const { offsetWidth: width, offsetHeight: height } = box;
  const { clientWidth, clientHeight } = document.documentElement;
  const within = (at, most) => Math.max(8, Math.min(at, most - 8));
  const below = rect.bottom + 8;
  const above = rect.top - height - 8;
  let x = box.dir == "rtl" ? rect.right - width : rect.left;
  let y = below + height < clientHeight ? below : above;
  if (y < 8) {
    y = rect.top;
    x = rect.right + width + 16 < clientWidth ? rect.right + 8 : rect.left - width - 8;
  }
  element.style.setProperty("--x", within(x, clientWidth - width) + "px");
  element.style.setProperty("--y", within(y, clientHeight - height) + "px");
};

/** Lets a sheet be dragged away by its grip. Its button does the same. (accessibility.md, item 11.) */
export const drag = (root) =>
  root.addEventListener("pointerdown", ({ target, clientY, pointerId }) => {
    if (target.className != "grip") return;
    target.setPointerCapture(pointerId);
    const box = target.parentNode;
    target.onpointermove = target.onpointerup = target.onpointercancel = (event) => {
      const way = Math.max(0, event.clientY - clientY);
      const moves = event.type == "pointermove";
      box.style.translate = moves ? `0 ${way}px` : "";
      if (moves) return;
      target.onpointermove = target.onpointerup = target.onpointercancel = null;
      if (event.type == "pointerup" && way > box.offsetHeight / 3) root.querySelector(".close").click();
    };
  });

// Colours as [red, green, blue], from 0 to 1. Luminance and contrast as WCAG 2.2 defines them.

const luminance = (colour) => {
  const [r, g, b] = colour.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

const contrast = (one, other) => {
  const [dark, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
};

const mix = (one, other, share) => one.map((part, index) => part * share + other[index] * (1 - share));

/** What a style sheet has as `color(srgb r g b / alpha)`; what shows through is taken for `ground`. */
const parse = (text, ground) => {
  const [r, g, b, alpha = 1] = text.match(/-?[\d.]+(e-\d+)?/g)?.map(Number) ?? [0, 0, 0];
  const colour = text.startsWith("rgb") ? [r / 255, g / 255, b / 255] : [r, g, b];
  return mix(
    colour.map((part) => Math.max(0, Math.min(1, part))),
    ground,
    alpha,
  );
};

/**
 * Corrects the colours of a prompt that cannot be read: text below 4.5:1 becomes black or white; an accent or a line below 3:1 is moved
 * until it is there; what is written on the accent is black or white. The style sheet has the colours in properties that it
 * does not draw with.
 */
export const readable = (box) => {
  const computed = getComputedStyle(box);
  const set = (name, colour) => box.style.setProperty(name, colour ? `color(srgb ${colour.join(" ")})` : "");
  for (const name of ["--text", "--line", "--fill", "--on", "--wrong"]) set(name);
  const [black, white] = [[0, 0, 0], [1, 1, 1]];
  const back = parse(computed.columnRuleColor, computed.colorScheme == "dark" ? black : white);
  const far = contrast(back, black) > contrast(back, white) ? black : white;
  let text = parse(computed.textDecorationColor, back);
  if (contrast(text, back) < 4.5) set("--text", (text = far));
  if (contrast(parse(computed.textEmphasisColor, back), back) < 4.5) set("--wrong", text);
  // Moved away from the ground until it stands out from it.
  const clear = (colour, to) => {
    let moved = colour;
    for (let share = 1; contrast(moved, back) < 3 && share > 0; share -= 0.05) moved = mix(colour, to, share);
    return moved;
  };
  const fill = clear(parse(computed.caretColor, back), far);
  set("--fill", fill);
  set("--on", contrast(fill, black) > contrast(fill, white) ? black : white);
  set("--line", clear(mix(text, back, 0.52), text));
};
