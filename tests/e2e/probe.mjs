// A page with the loader, and a probe in the widget's place that writes down how it is called.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { DIST, html, openPage, openSite, settle, until } from "./harness.mjs";

export const delivery = { url: "/responses" };
export const survey = (id, touchpoint, more) => ({ id, ask: "nps", touchpoints: [touchpoint], ...more });
export const config = (...surveys) => ({ about: "Acme", delivery, surveys });
export const ordered = { on: "event", name: "order_placed" };

/** The loader's own parts, which are no widget: the probe does not stand in their place. */
export const PART = /\/asklet-(watch|debug|more|form)-[^/]*$/;
const parts = (await readdir(DIST)).filter((name) => PART.test("/" + name));
const texts = await Promise.all(parts.map((name) => readFile(join(DIST, name), "utf8")));

/** The address of one of them, `watch` or `debug`, on the site. */
export const part = (kind) => "/asklet/" + parts.find((name) => name.startsWith(`asklet-${kind}-`));

/** The same for the widget's `mjs` or `wasm`. */
export const widgetFile = async (extension) => {
  const names = (await readdir(DIST)).filter((name) => /^asklet-\w{8}\./.test(name) && name.endsWith("." + extension));
  assert.equal(names.length, 1, String(names));
  return "/asklet/" + names[0];
};

/** A site on which the probe answers for the widget, and the loader's own parts for themselves. */
export const openProbe = async (t) => {
  const site = await openSite(t, { probe: true });
  parts.forEach((name, index) => site.put("/asklet/" + name, texts[index], { "content-type": "text/javascript" }));
  const { widget } = site;
  return Object.assign(site, {
    widget: () => widget().filter((path) => !PART.test(path)),
    parts: () => widget().filter((path) => PART.test(path)),
  });
};

/** A page of such a site. `calls()`: what the probe was told; `methods()`: their names. */
export const open = async (t, browser, { config, tag, head, body, headers, ...options } = {}) => {
  const site = options.site ?? (await openProbe(t));
  site.put("/asklet.json", config ?? {});
  site.put("/", html({ tag, head, body }), headers);
  const page = await openPage(browser, options);
  return { site, page, ...follow(site, page) };
};

/** What is asked of a page again and again. */
export const follow = (site, page) => {
  const calls = () => page.evaluate(() => window.calls ?? []);
  // A widget that is there hears of every page view, for its counts: those are left out where no touchpoint waits for one.
  const signals = async () => {
    const all = await calls();
    const views = (survey) => survey?.placement != "inline" && survey?.touchpoints?.some?.((it) => it?.on == "page");
    const paged = all.some(([method, config]) => method == "start" && config?.surveys?.some?.(views));
    const heard = ([method, { type, survey } = {}]) => method == "signal" && (type != "page" || survey || paged);
    return all.filter(heard).map(([, signal]) => signal);
  };
  return {
    calls,
    methods: async () => (await calls()).map(([method]) => method),
    signals,
    /** Waits until that many signals came through, and no more. */
    told: async (count) => {
      await until(`${count} signals`, async () => (await signals()).length >= count);
      await settle(page);
      const all = await signals();
      assert.equal(all.length, count, JSON.stringify(all));
      return all;
    },
    go: async (path = "/") => {
      await page.goto(site.url + path);
      await settle(page);
    },
  };
};
