import { child } from "./child.js";
import { countdown } from "./countdown.js";
import { duration } from "./duration.js";
import { inSight, watchSight } from "./sight.js";

/** How long changes of the page are gathered before elements are looked for again, in ms. */
const GATHER = 100;
/** Edges lie between pixels: this much of an element may be missing. */
const SLACK = 0.99;
/** An observer says so when any of these shares of an element comes into view or leaves it. */
const STEPS = Array.from({ length: 21 }, (_, step) => step / 20);

/**
 * What of an element can be in the window at once, as shares of the element: `most`, and `now`. `entry` is what an
 * IntersectionObserver says.
 */
export const shares = ({ boundingClientRect: box, intersectionRect: part, rootBounds, isIntersecting }, window) => {
  const root = rootBounds ?? window;
  const area = box.width * box.height;
  if (!area) return { most: 1, now: +isIntersecting };
  const most = (Math.min(box.width, root.width) * Math.min(box.height, root.height)) / area;
  return { most, now: isIntersecting ? (part.width * part.height) / area : 0 };
};

/** An element that matches is in view for so long at a stretch, as much of it as asked for, while the tab can be seen. */
export const visible = ({ selector, ratio = 0.5, for: span = "1s" }, seen, signal) => {
  const ms = duration(span);
  if (typeof ratio != "number" || !(ratio >= 0 && ratio <= 1)) throw 0;

  const watched = new Map();
  const observers = new Map();

  const judge = (entries) => {
    for (const entry of entries) {
      const one = watched.get(entry.target);
      if (!one) continue;
      const { most, now } = shares(entry, { width: innerWidth, height: innerHeight });
      const enough = ratio * most * SLACK;
      one.inView = entry.isIntersecting && now >= enough;
      if (!one.inView) one.clock.reset();
      else if (inSight()) one.clock.run();
      // Something larger than the window has a threshold of its own.
      observe(entry.target, one, enough);
    }
  };

  const observe = (element, one, threshold) => {
    if (one.threshold === threshold) return;
    observers.get(one.threshold)?.unobserve(element);
    if (!observers.has(threshold))
      observers.set(threshold, new IntersectionObserver(judge, { threshold: [...STEPS, threshold] }));
    one.threshold = threshold;
    observers.get(threshold).observe(element);
  };

  const look = () => {
    const found = new Set(document.querySelectorAll(selector));
    for (const [element, one] of watched)
      if (!found.has(element)) {
        one.life.abort();
        observers.get(one.threshold).unobserve(element);
        watched.delete(element);
      }
    for (const element of found)
      if (!watched.has(element)) {
        const life = child(signal);
        const one = { life, clock: countdown(ms, seen, life.signal), inView: false, threshold: undefined };
        watched.set(element, one);
        observe(element, one, ratio * SLACK);
      }
  };

  // Elements may turn up, go, and change what they match.
  let timer;
  const changes = new MutationObserver(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      look();
    }, GATHER);
  });
  changes.observe(document, { childList: true, subtree: true, attributes: true });
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    changes.disconnect();
    for (const observer of observers.values()) observer.disconnect();
    watched.clear();
  });
  look();
  watchSight(
    () => watched.forEach(({ inView, clock }) => inView && clock.run()),
    () => watched.forEach(({ clock }) => clock.reset()),
    signal,
  );
};
