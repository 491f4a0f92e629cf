// What has to happen before the widget can have anything to ask: necessary conditions only. The widget decides.

import { globs, text } from "./glob.js";
import { read } from "./storage.js";

/**
 * Reads the touchpoints out of a config, whatever it is; never throws.
 *
 * `odd` says that something looks wrong: then the widget, which knows all the rules, has to look and say what. `tag`
 * names the config. `clicks` are the selectors to be watched for clicks.
 */
export const gate = (config) => {
  const found = { points: [], clicks: new Set() };
  const each = (list, step) =>
    list.forEach((item, index) => {
      try {
        step(item, index);
      } catch {
        found.odd = true;
      }
    });
  each([config], () => {
    found.tag = JSON.stringify(config);
    // Or a function, which has a name.
    text(config.delivery.url ?? config.delivery.send.name);
    each(config.surveys, ({ id, placement, touchpoints }) =>
      each(touchpoints, (point, touchpoint) => {
        const { on, name, selector, pages = [], after = { event: "" }, cancel_on = [] } = point;
        const add = (on, subject, more) =>
          found.points.push({ survey: text(id), key: on + text(subject), pages: globs([]), ...more });
        // What each kind asks for.
        const keys = {
          event: name,
          page: "",
          click: selector,
          visible: selector,
          scroll: "",
          dwell: "",
          idle: "",
          exit_intent: "",
          call: "",
        };
        // Throws if it is none.
        if (selector) document.querySelector(selector);
        const slot = on == "page" && placement == "inline" && id;
        // Slots, and the kinds below clicks, are watched in a part of their own.
        const watch = slot || !/^(event|page|c)/.test(on);
        add(on, slot || keys[on], { ...point, touchpoint, pages: globs(pages), watch });
        if (on == "click") found.clicks.add(selector);
        // These count wherever they happen.
        add("event", after.event);
        cancel_on.forEach((name) => add("event", name, { cancels: true }));
      }),
    );
  });
  return found;
};

/**
 * The touchpoints that count at `url`, as the widget has left it: those of surveys that it has noted as settled do not.
 * Events that cancel count while a moment waits, or the widget is `loading` and knows. Only a note on this config
 * settles anything, and none from the future; once the widget is there it hears of them all, and can say why not.
 */
export const live = ({ points, tag }, url, loading) => {
  const now = Date.now();
  const { until, due = loading, ...note } = read("note");
  return points.filter(
    ({ survey, cancels, pages }) =>
      pages(url) && (cancels ? due : loading || !(note.tag == tag && note.at <= now && until?.[survey] > now)),
  );
};
