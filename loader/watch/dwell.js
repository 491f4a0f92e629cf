import { countdown } from "./countdown.js";
import { duration } from "./duration.js";
import { watchSight } from "./sight.js";

/** So long on this page view, all in all; while the tab is hidden no time passes. */
export const dwell = (point, seen, signal) => {
  const clock = countdown(duration(point.for), seen, signal);
  watchSight(clock.run, clock.hold, signal);
};
