import { countdown } from "./countdown.js";
import { duration } from "./duration.js";
import { inSight, watchSight } from "./sight.js";

// What visitors do. Not every `scroll`: carousels scroll by themselves.
const INPUT = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "touchmove"];

/** So long without any input, at a stretch, while the tab can be seen. */
export const idle = (point, seen, signal) => {
  const clock = countdown(duration(point.for), seen, signal);
  const again = () => {
    clock.reset();
    if (inSight()) clock.run();
  };
  for (const type of INPUT) addEventListener(type, again, { capture: true, passive: true, signal });
  // The page as a whole was scrolled, by its bar perhaps: what scrolls inside it does not get up to here.
  addEventListener("scroll", again, { passive: true, signal });
  watchSight(again, clock.reset, signal);
};
