// What has to happen before the widget can have anything to ask: necessary conditions only. The widget decides.

import { globs } from "./glob.js";

/**
 * Reads the touchpoints out of a config, whatever it is; never throws.
 *
 * `valid(selector)` throws where a selector is not valid. `odd` says that something looks wrong: then the widget,
 * which knows all the rules, has to look and say what.
 */
export const gate = (config, valid) => {
  const points = [];
  const selectors = new Set();
  let odd = typeof config?.delivery?.url != "string";
  const list = (value) => (Array.isArray(value) ? value : ((odd = true), []));
  for (const survey of list(config?.surveys))
    for (const point of list(survey?.touchpoints))
      try {
        const { on, name, selector, pages = [] } = point;
        const key = { event: name, click: selector, page: "", call: "" }[on];
        if (typeof key + typeof survey.id != "stringstring") throw 0;
        if (on == "click") {
          valid(key);
          selectors.add(key);
        }
        const inline = on == "page" && survey.placement == "inline";
        points.push({ on, key, survey: survey.id, inline, allows: globs(list(pages)) });
      } catch {
        odd = true;
      }
  return { odd, points, selectors };
};

/** Whether some touchpoint waits for this signal. `slot(id)` finds the slot of an inline survey in the page. */
export const wanted = (points, signal, slot) =>
  points.some(
    ({ on, key, survey, inline, allows }) =>
      on == signal.type &&
      key == (signal.name ?? signal.selector ?? "") &&
      allows(signal.url) &&
      (!inline || slot(survey)),
  );
