/**
 * Calls `moved({ target, top, before, view, whole })` when the page is scrolled, or something inside it that is at least
 * half as high as the window, until `signal` aborts: the pixels above the view now and before, the view's height, and
 * that of the whole.
 */
export const watchScrolls = (moved, signal) => {
  const root = () => document.scrollingElement ?? document.documentElement;
  const tops = new WeakMap([[document, root().scrollTop]]);
  const look = ({ target }) => {
    const box = target == document ? root() : target;
    const view = target == document ? innerHeight : box.clientHeight;
    if (!(view >= innerHeight / 2)) return;
    const top = box.scrollTop;
    const before = tops.get(target) ?? 0;
    tops.set(target, top);
    moved({ target, top, before, view, whole: box.scrollHeight });
  };
  // Captured: what scrolls inside the page does not bubble.
  document.addEventListener("scroll", look, { capture: true, passive: true, signal });
};
