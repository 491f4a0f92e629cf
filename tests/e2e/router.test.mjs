// A single-page application with Vue and its router, as people build them: every navigation is seen once, and the router
// never notices that Asklet is there.

import assert from "node:assert/strict";
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

import { folder, html, launch, loaded, openPage, openSite, prompt, seen, settle } from "./harness.mjs";

const SOURCE = `
  import { createApp, h } from "vue";
  import { createRouter, createWebHashHistory, createWebHistory, RouterLink, RouterView } from "vue-router";

  const link = (to) => h(RouterLink, { to, "data-to": to }, () => to);
  const view = (name, ...more) => ({ render: () => h("section", { id: name }, [h("h2", name), ...more.map((step) => step())]) });
  const slot = () => h("asklet-survey", { survey: "inline" });
  const routes = [
    { path: "/", component: view("home") },
    { path: "/products/:id", component: view("product") },
    { path: "/help", component: view("help", slot) },
    { path: "/about", component: view("about") },
  ];
  const history = window.mode == "hash" ? createWebHashHistory() : createWebHistory();
  const app = createApp({ render: () => [h("nav", ["/", "/products/7", "/help", "/about"].map(link)), h(RouterView)] });
  window.router = createRouter({ history, routes });
  app.use(router).mount("#app");
`;

let browser;
let bundle;
before(async (t) => {
  browser = await launch(t);
  const work = await folder(t);
  await writeFile(join(work, "app.mjs"), SOURCE);
  // Where the packages of the tests are.
  await symlink(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(work, "node_modules"));
  const out = join(work, "app.js");
  await build({
    entryPoints: [join(work, "app.mjs")],
    outfile: out,
    bundle: true,
    preserveSymlinks: true,
    logLevel: "error",
    define: {
      "process.env.NODE_ENV": '"production"',
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
  });
  bundle = await readFile(out, "utf8");
});

/** Nothing stays away after it was seen: each navigation can ask anew. */
const frequency = { quiet: "0s", per_session: 100, shown: "0s", declined: "0s", answered: "0s", later: "0s" };
const config = (...surveys) => ({ about: "Acme", delivery: { url: "/responses" }, frequency, surveys });
const survey = (id, touchpoint, more) => ({ id, ask: "nps", touchpoints: [touchpoint], ...more });

/** The ways to the pages of the application, in both kinds of history. */
const KINDS = {
  history: { base: "", address: (path) => path, pages: (path) => [path.replace(/\d+$/, "*")] },
  hash: { base: "/#", address: (path) => "/#" + path, pages: (path) => [{ regex: "#" + path.replace(/\d+$/, "\\d+") + "$" }] },
};

const BROWSERS = { "the Navigation API": undefined, "only history": () => delete window.navigation };

/** The application on a site that answers with it wherever it is asked for. */
const open = async (t, mode, given, prepare) => {
  const site = await openSite(t);
  site.put("/asklet.json", given);
  site.put("/responses", "", {}, 204);
  site.put("/app.js", bundle);
  const page_ = html({
    head: `<script>window.mode = ${JSON.stringify(mode)}</script>`,
    body: `<div id="app"></div><script type="module" src="/app.js"></script>`,
  });
  for (const path of ["/", "/help", "/about", "/products/7", "/products/8"]) site.put(path, page_);
  const page = await openPage(browser, { prepare });
  const { address } = KINDS[mode];
  const is = (path) => seen(page, `the route ${path}`, (path) => window.router?.currentRoute.value.fullPath == path, path);
  /** Goes to a route in one of the ways that there are. */
  const move = async (how, path) => {
    if (how == "link") await page.click(`[data-to="${path}"]`);
    else await page.evaluate((how, path) => void router[how](path), how, path);
    if (path) await is(path);
    await settle(page);
  };
  const list = (type) =>
    page.evaluate((type) => seen.filter(([seen]) => seen == type).map(([, { survey }]) => survey), type);
  return {
    site,
    page,
    is,
    move,
    list,
    go: async (path = "/") => {
      await page.goto(site.url + address(path));
      await loaded(page);
      await is(path);
      await settle(page);
      assert.equal(await page.evaluate(() => !!window.navigation), !prepare, "what this browser has");
    },
    views: () => page.evaluate(() => JSON.parse(localStorage["asklet.visit"]).pages),
    at: () => page.evaluate(() => location.pathname + location.hash),
  };
};

for (const [mode, { address, pages }] of Object.entries(KINDS))
  for (const [has, prepare] of Object.entries(BROWSERS)) {
    const name = (what) => `${mode}, ${has}: ${what}`;

    test(name("pages, by every way to get there"), async (t) => {
      const product = survey("product", { on: "page", pages: pages("/products/7") });
      const { page, go, move, list, views, at } = await open(t, mode, config(product), prepare);
      await go();
      assert.deepEqual(await list("shown"), []);
      const asked = async (times) => {
        await seen(page, `asked, ${times}`, (times) => seen.filter(([type]) => type == "shown").length >= times, times);
        assert.equal((await list("shown")).length, times);
        await page.evaluate(() => asklet.close());
        await prompt(page).gone();
      };
      await move("push", "/products/7");
      await asked(1);
      await move("link", "/about");
      await move("replace", "/products/8");
      await asked(2);
      await move("push", "/help");
      await move("link", "/products/7");
      await asked(3);
      await move("push", "/about");
      // Back to where it was asked before is a page view as any other.
      await move("back");
      await asked(4);
      await move("forward");
      assert.equal(await at(), address("/about"));
      assert.deepEqual((await list("eligible")).length, 4, "and on no other page");
      assert.equal(await views(), 9, "each navigation is one page view");
      assert.deepEqual(page.wrong, []);
    });

    test(name("dwell begins anew at each navigation"), async (t) => {
      const { page, go, move, list } = await open(
        t,
        mode,
        config(survey("dwell", { on: "dwell", for: "1s", pages: pages("/about") })),
        prepare,
      );
      // The page's own clock: how long it was on the route is not a matter of this machine's speed.
      await page.evaluateOnNewDocument(() => {
        window.moves = [];
        document.addEventListener("asklet:eligible", () => moves.push(["met", performance.now()]));
      });
      await go("/help");
      // Away and back again and again: what was stayed before must not count.
      await page.evaluate(async () => {
        const stay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
        router.afterEach(({ fullPath }) => moves.push([fullPath, performance.now()]));
        for (let time = 0; time < 4; time++) {
          await router.push("/help");
          await router.push("/about");
          await stay(300);
        }
        await router.push("/products/7");
        await router.push("/about");
      });
      await seen(page, "dwell", () => moves.some(([what]) => what == "met"));
      const moves = await page.evaluate(() => moves);
      const met = moves.findIndex(([what]) => what == "met");
      const [route, came] = moves.slice(0, met).findLast(([what]) => what != "met");
      assert.equal(route, "/about", JSON.stringify(moves));
      // Timers may come a millisecond early.
      assert.ok(moves[met][1] - came >= 998, JSON.stringify(moves));
      await move("push", "/help");
      assert.equal((await list("eligible")).length, 1);
      assert.deepEqual(page.wrong, []);
    });

    test(name("an inline survey's slot is drawn by a route, and again"), async (t) => {
      const { page, go, move, list } = await open(
        t,
        mode,
        config(survey("inline", { on: "page", pages: pages("/help") }, { placement: "inline" })),
        prepare,
      );
      await go();
      assert.ok(!(await page.$("asklet-prompt")));
      const filled = () =>
        seen(page, "the slot is filled", () => document.querySelector("#help asklet-survey[survey=inline] > asklet-prompt")?.shadowRoot.querySelector("h2"));
      for (const [time, away, back] of [[1, "push", "push"], [2, "push", "back"], [3, "link", "link"], [4, "replace", "replace"]]) {
        if (time > 1) {
          await move(away, "/about");
          assert.ok(!(await page.$("asklet-prompt")), "gone with its slot");
        }
        await move(back, back == "back" ? undefined : "/help");
        await filled();
        assert.deepEqual(await list("shown"), Array(time).fill("inline"));
        assert.equal((await page.$$("asklet-prompt")).length, 1);
      }
      assert.deepEqual(page.wrong, []);
    });

    test(name("after destroy() the router works, and so does whoever patched history later"), async (t) => {
      const { page, go, move, at, views } = await open(t, mode, config(survey("any", { on: "page", pages: pages("/products/7") })), prepare);
      await go();
      await page.evaluate(() => {
        window.patched = [];
        for (const name of ["pushState", "replaceState"]) {
          const below = history[name];
          history[name] = function (...args) {
            if (name == "pushState") patched.push(args[2]);
            return below.apply(this, args);
          };
        }
      });
      await move("push", "/about");
      assert.equal((await page.evaluate(() => patched)).length, 1);
      const before = await views();
      await page.evaluate(() => asklet.destroy());
      await move("push", "/products/7");
      await move("link", "/help");
      await move("replace", "/products/8");
      await move("back");
      await seen(page, "back", (path) => router.currentRoute.value.fullPath == path, "/products/7");
      assert.equal(await at(), address("/products/7"));
      await move("push", "/");
      assert.equal((await page.evaluate(() => patched)).length, 4, "each push once");
      assert.equal(await views(), before, "nobody counts any more");
      assert.ok(!(await page.$("asklet-prompt")));
      assert.equal(await page.$eval("#home h2", ({ textContent }) => textContent), "home");
      assert.deepEqual(page.wrong, []);
    });
  }
