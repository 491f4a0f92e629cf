// asklet-watch-<hash>.mjs: watches for what a page view can bring beyond events, page views and clicks. The loader
// fetches it where a touchpoint asks for that.

import { child } from "./child.js";
import { dwell } from "./dwell.js";
import { exitIntent } from "./exit_intent.js";
import { idle } from "./idle.js";
import { scroll } from "./scroll.js";
import { slot } from "./slot.js";
import { visible } from "./visible.js";

// Each is called as `kind(point, seen, signal)`, throws where the touchpoint makes no sense, and has left nothing behind
// once `signal` has aborted.
const kinds = { page: slot, visible, scroll, dwell, idle, exit_intent: exitIntent };

let page = new AbortController();

/**
 * Watches for `points`, the touchpoints that count in this page view, in place of those of the view before, until
 * `signal` aborts. Calls `see(type, more, subject)`, for each touchpoint once; for the slot of an inline survey each
 * time that it turns up. Says whether something looks wrong.
 */
export const watch = (points, see, signal) => {
  page.abort();
  page = child(signal);
  let odd = false;
  for (const { on, survey, touchpoint, selector = "", ...point } of points) {
    const own = child(page.signal);
    const seen = () => {
      if (own.signal.aborted) return;
      if (on == "page") return see("page", { survey }, survey);
      own.abort();
      see(on, { survey, touchpoint }, selector);
    };
    try {
      if (!own.signal.aborted) kinds[on]({ survey, selector, ...point }, seen, own.signal);
    } catch {
      odd = true;
      own.abort();
    }
  }
  return odd;
};
