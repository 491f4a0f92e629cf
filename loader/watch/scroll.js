import { watchScrolls } from "./scrolls.js";

/** So many percent of the way down: the lower edge of the view against the whole height, after scrolling down. */
export const scroll = ({ percent }, seen, signal) => {
  if (!Number.isInteger(percent) || percent < 1 || percent > 100) throw 0;
  watchScrolls(({ top, before, view, whole }) => {
    // A pixel less will do: positions are fractions, and are rounded.
    if (top > before && ((top + view + 1) / whole) * 100 >= percent) seen();
  }, signal);
};
