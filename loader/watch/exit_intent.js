import { watchScrolls } from "./scrolls.js";

/** A finger that goes up this much of the window's height, within SPAN ms, is on its way to the address bar. */
const SHARE = 0.5;
const SPAN = 300;
/** So long after a touch a page scrolls on by itself, in ms. */
const MOMENTUM = 1_000;

/** The mouse leaves the window by its upper edge; on a touch screen, a fast scroll upwards after one down. */
export const exitIntent = (_point, seen, signal) => {
  const options = { capture: true, passive: true, signal };
  const left = ({ relatedTarget, clientY, buttons }) => {
    if (!relatedTarget && clientY <= 0 && !buttons) seen();
  };
  document.addEventListener("mouseout", left, options);
  if (!matchMedia("(pointer: coarse)").matches) return;

  let touched = -Infinity;
  // Not a tap: a button that leads to the top of the page is no way out.
  document.addEventListener("touchmove", () => (touched = performance.now()), options);
  const trails = new WeakMap();
  watchScrolls(({ target, top, before }) => {
    const now = performance.now();
    const trail = trails.get(target) ?? { down: false, steps: [] };
    trails.set(target, trail);
    if (top > before) trail.down = true;
    trail.steps = trail.steps.filter(({ at }) => now - at <= SPAN);
    trail.steps.push({ at: now, top: Math.max(top, before) });
    const rise = Math.max(...trail.steps.map((step) => step.top)) - top;
    if (trail.down && now - touched <= MOMENTUM && rise >= innerHeight * SHARE) seen();
  }, signal);
};
