// A page with a link that has the focus, and a survey that waits for an event `go`.

import assert from "node:assert/strict";
import { test } from "node:test";

import { html, loaded, openPage, openSite, prompt, seen } from "../harness.mjs";
import { asked, config } from "./kinds.mjs";
import { press, walk, walks, where } from "./walks.mjs";

/** Opens it. `prepare` runs in the page before everything else; `more` goes into the config. */
export const visit = async (browser, t, { survey, body = "", prepare, width = 1280, height = 800, more }) => {
  const site = await openSite(t);
  site.put("/asklet.json", config([{ ...survey, touchpoints: [{ on: "event", name: "go" }] }], more));
  site.put("/responses", "");
  site.put("/", html({ body: `<a id="before" href="#x">A link</a>${body}` }));
  const page = await openPage(browser, { prepare });
  await page.setViewport({ width, height, hasTouch: width == 320 }).catch((error) => {
    // Puppeteer turns the screen along with the size, which older releases of Firefox (140 is one) do not know: the size is set.
    if (!/setScreenOrientationOverride/.test(error.message)) throw error;
  });
  await page.goto(site.url);
  await loaded(page);
  await page.focus("#before");
  return page;
};

/** Has the prompt come up. */
export const go = async (page) => {
  await page.evaluate(() => asklet.track("go"));
  await prompt(page).find("[part~=button]");
};

/** The keyboard walks through every kind of question, as tests. `open` is `visit` in some browser. */
export const walkAll = (open) => {
  for (const dir of ["ltr", "rtl"])
    test(`keyboard walks, ${dir}: nothing moves the focus until it is asked for, and every kind is answered`, async (t) => {
      for (const [kind, steps] of Object.entries(walks({ rtl: dir == "rtl" })))
        await t.test(kind, async (t) => {
          const page = await open(t, { survey: asked(kind), more: { locale: dir == "rtl" ? "ar" : "en" } });
          await go(page);
          assert.equal(await where(page), "page a before");
          await walk(page, steps, (what, look) => seen(page, what, look));
          await press(page, "Escape");
          await prompt(page).gone();
          assert.equal(await where(page), "page a before");
          assert.deepEqual(page.wrong, []);
          await page.close();
        });
    });
};
