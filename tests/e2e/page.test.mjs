// The page stays the page's: nothing is left behind, no policy is breached, nothing breaks.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";

import { DIST, event, html, launch, loaded, npsConfig, openEndpoint, openPage, openSite, prompt, seen, settle } from "./harness.mjs";

let browser;
before(async (t) => (browser = await launch(t)));

const openShop = async (t, { tag, head, body, headers, prepare } = {}) => {
  const endpoint = await openEndpoint(t);
  const site = await openSite(t);
  site.put("/asklet.json", npsConfig(endpoint.url));
  site.put("/", html({ tag, head, body }), headers);
  const page = await openPage(browser, { prepare });
  return { endpoint, site, page };
};

const order = async (page, site) => {
  await page.goto(site.url);
  await loaded(page);
  await page.evaluate(() => asklet.track("order_placed"));
  const ask = prompt(page);
  await ask.asks("recommend Acme");
  return ask;
};

/** Everything that a script can leave in a page: nodes, listeners, timers, observers, globals, patched functions. */
const traces = async (page) => {
  const session = await page.createCDPSession();
  const listeners = {};
  for (const target of ["window", "document", "document.documentElement", "document.body", "document.querySelector('main')", "navigation"]) {
    const { result } = await session.send("Runtime.evaluate", { expression: target });
    const found = await session.send("DOMDebugger.getEventListeners", { objectId: result.objectId });
    listeners[target] = found.listeners.map(({ type }) => type).sort();
  }
  await session.detach();
  const rest = await page.evaluate(() => ({
    nodes: document.documentElement.outerHTML.replace(/<script async.*?<\/script>/, "").replace(/\s+/g, " "),
    sheets: document.adoptedStyleSheets.length,
    globals: Object.getOwnPropertyNames(window).filter((name) => !natural.includes(name)),
    history: Object.getOwnPropertyNames(history),
    focus: document.activeElement.id,
    scroll: scrollY,
    pending: [...pending.values()],
  }));
  return { listeners, ...rest };
};

/** Keeps account of timers and observers. */
const account = () => {
  window.pending = new Map();
  window.natural = [...Object.getOwnPropertyNames(window), "natural"];
  const wrap = (set, clear, ends) => {
    const [start, stop] = [window[set], window[clear]];
    window[set] = (act, ...more) => {
      const id = start((...args) => {
        if (ends) pending.delete(set + id);
        act(...args);
      }, ...more);
      pending.set(set + id, `${set} ${more[0]}`);
      return id;
    };
    window[clear] = (id) => {
      pending.delete(set + id);
      stop(id);
    };
  };
  wrap("setTimeout", "clearTimeout", true);
  wrap("setInterval", "clearInterval", false);
  wrap("requestAnimationFrame", "cancelAnimationFrame", true);
  wrap("requestIdleCallback", "cancelIdleCallback", true);
  for (const name of ["MutationObserver", "ResizeObserver", "IntersectionObserver"]) {
    const { observe, disconnect } = window[name].prototype;
    window[name].prototype.observe = function (...args) {
      pending.set(this, name);
      return observe.apply(this, args);
    };
    window[name].prototype.disconnect = function () {
      pending.delete(this);
      return disconnect.apply(this);
    };
  }
};

test("destroy() leaves no node, listener, timer, observer, global or patched function", async (t) => {
  for (const state of ["never woken", "prompt open", "thanked", "answer waiting, endpoint away", "delay running"])
    await t.test(state, async (t) => {
      const link = `<a href="#x" id="before">A link</a>`;
      const { endpoint, site, page } = await openShop(t, { prepare: account, body: link });
      const config = npsConfig(endpoint.url);
      const touchpoints = (name, more) => [{ on: "event", name, ...more }];
      config.surveys.push(
        { id: "later", ask: "csat", touchpoints: touchpoints("later", { delay: "1h" }) },
        { id: "inline", ask: "csat", placement: "inline", touchpoints: [{ on: "page", pages: ["/nowhere", "/"] }] },
        { id: "click", ask: "ces", touchpoints: [{ on: "click", selector: ".buy" }] },
      );
      site.put("/asklet.json", config);
      site.put("/bare", html({ tag: null, body: link }));
      await page.goto(site.url + "/bare");
      await page.focus("#before");
      await settle(page);
      const before = await traces(page);
      assert.deepEqual(before.pending, []);

      if (state == "never woken") {
        await page.goto(site.url);
        await loaded(page);
      } else if (state == "delay running") {
        await page.goto(site.url);
        await loaded(page);
        await page.evaluate(() => asklet.track("later"));
        await event(page, "eligible");
      } else {
        if (state != "prompt open" && state != "thanked") await endpoint.stop();
        const ask = await order(page, site);
        await page.focus("#before");
        await page.keyboard.press("F6");
        if (state != "prompt open") {
          await ask.choose(9);
          await ask.go();
          await ask.asks("reason");
          await ask.go();
          await ask.asks("Thank you");
          await ask.status(state == "thanked" ? "has been sent" : "will be sent");
        }
      }
      if (state == "never woken" || state == "delay running") await page.focus("#before");
      await settle(page);
      assert.notDeepEqual(await traces(page), before, "there is something to take back");
      await page.evaluate(() => asklet.destroy());
      await settle(page);
      assert.deepEqual(await traces(page), before);
      assert.deepEqual(await page.evaluate(() => seen.filter(([type]) => type == "error")), []);
    });
});

test("destroy() in the middle, then configure(): the next visitor is asked as ever", async (t) => {
  const { endpoint, site, page } = await openShop(t);
  const ask = await order(page, site);
  await ask.choose(4);
  await ask.go();
  await event(page, "answered");
  await page.evaluate(() => {
    window.kept = asklet;
    asklet.destroy();
  });
  await ask.gone();
  await endpoint.stored();
  const config = npsConfig(endpoint.url);
  config.surveys[0].id = "another";
  await page.evaluate((config) => {
    kept.configure(config);
    return kept.show("another");
  }, config);
  await ask.asks("recommend Acme");
  await ask.choose(10);
  await ask.go();
  await ask.asks("reason");
  await ask.go();
  await ask.status("has been sent");
  const rows = await endpoint.stored(2);
  assert.deepEqual(rows.map(({ survey, status, score }) => [survey, status, score]), [
    ["after-order", "partial", 4],
    ["another", "complete", 10],
  ]);
});

test("what a page fetches that shows a prompt, to the byte", async (t) => {
  const { site, page } = await openShop(t);
  const ask = await order(page, site);
  await ask.choose(9);
  await ask.go();
  await ask.asks("reason");
  const fetched = site.log.filter((path) => path.startsWith("/asklet/")).map((path) => path.slice("/asklet/".length));
  const { files, every_page, prompt_shown } = JSON.parse(await readFile(join(DIST, "sizes.json"), "utf8"));
  const size = async (name) => {
    const bytes = await readFile(join(DIST, name));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    return { raw: bytes.length, brotli: brotliCompressSync(bytes, { params }).length };
  };
  let sum = 0;
  for (const name of fetched) {
    const { raw, brotli } = await size(name);
    assert.equal(files[name].raw, raw, name);
    // Another encoder of the same format may differ by a few bytes.
    assert.ok(Math.abs(files[name].brotli - brotli) <= brotli / 50, `${name}: ${brotli}`);
    sum += files[name].brotli;
  }
  assert.deepEqual(fetched.map((name) => name.replace(/-[0-9a-f]{8}/, "")).sort(), ["asklet.js", "asklet.mjs", "asklet.wasm"]);
  assert.equal(prompt_shown.brotli, sum);
  assert.equal(every_page.brotli, files["asklet.js"].brotli);
  assert.ok(every_page.brotli <= 3_000, `${every_page.brotli}`);
  assert.ok(prompt_shown.brotli <= 80_000, `${prompt_shown.brotli}`);
});

const STRICT = "script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; require-trusted-types-for 'script'; report-uri /csp";

test("a strict Content-Security-Policy: answered with zero violations", async (t) => {
  const { endpoint, site, page } = await openShop(t, { headers: { "content-security-policy": STRICT } });
  site.put("/csp", "");
  const ask = await order(page, site);
  await ask.go();
  await (await ask.find("[role=alert]:not(:empty)"));
  await ask.choose(9);
  await ask.go();
  await ask.asks("reason");
  await ask.write("all good");
  await ask.go();
  await ask.status("has been sent");
  await ask.go();
  await ask.gone();
  await endpoint.stored();
  await page.evaluate(() => asklet.destroy());
  await settle(page);
  assert.deepEqual(await page.evaluate(() => violations), []);
  assert.ok(!site.log.includes("/csp"), "and the server hears of none");
  assert.deepEqual(page.wrong, []);

  // The page would have heard: its policy is in force.
  await page.evaluate(() => document.body.setAttribute("style", "color: red"));
  await seen(page, "a violation", () => violations.length);
});

test("a policy that forbids wasm: the page is unharmed, and the console says once what to add", async (t) => {
  const policy = "script-src 'self'; style-src 'self'; require-trusted-types-for 'script'";
  const { site, page } = await openShop(t, { headers: { "content-security-policy": policy } });
  await page.goto(site.url);
  await loaded(page);
  await page.evaluate(() => {
    asklet.track("order_placed");
    asklet.track("order_placed");
    asklet.show("after-order");
  });
  const { message } = await event(page, "error");
  assert.match(message, /'wasm-unsafe-eval'.*script-src|script-src.*'wasm-unsafe-eval'/);
  const rejected = await page.evaluate(() => asklet.flush().catch(({ message }) => message));
  assert.equal(rejected, message);
  await settle(page);
  assert.equal(page.said.filter((line) => line.startsWith("asklet:")).length, 1, page.said.join("\n"));
  assert.equal(await page.evaluate(() => seen.filter(([type]) => type == "error").length), 1);
  assert.ok(!page.wrong.some((text) => /uncaught/i.test(text)), page.wrong.join("\n"));
  assert.equal(await page.evaluate(() => document.querySelector("h1").textContent), "Shop");
  assert.deepEqual(site.widget(), [], "and the widget is not fetched in vain");
});

test("files of the widget that are missing are said once", async (t) => {
  for (const kind of ["mjs", "wasm"]) {
    const { site, page } = await openShop(t);
    await page.goto(site.url);
    await loaded(page);
    const names = await page.evaluate(async () => Object.keys((await (await fetch("/asklet/integrity.json")).json()).files));
    const name = names.find((name) => name.startsWith("asklet-") && name.endsWith(kind));
    // As a server answers that knows only single-page apps.
    site.put("/asklet/" + name, "<!doctype html><title>Shop</title>", { "content-type": "text/html" }, kind == "mjs" ? 200 : 404);
    await page.evaluate(() => {
      asklet.track("order_placed");
      asklet.track("order_placed");
    });
    assert.match((await event(page, "error")).message, /did not load/);
    await settle(page);
    assert.equal(page.said.filter((line) => line.startsWith("asklet:")).length, 1);
    assert.ok(!page.wrong.some((text) => /uncaught/i.test(text)), page.wrong.join("\n"));
  }
});

test("every way to embed it asks", async (t) => {
  const push = (...call) => `<script>(window.asklet ||= []).push(${JSON.stringify(call)});</script>`;
  const config = (url) => JSON.stringify(npsConfig(url));
  const ways = {
    "a tag with a config file, called before loading": () => ({ head: push("track", "order_placed") }),
    "a tag without a config file": (url) => ({
      tag: { endpoint: url, ask: "nps", about: "Acme", on: "order_placed" },
      head: push("track", "order_placed"),
    }),
    "a tag without a config file or event": (url) => ({
      tag: { endpoint: url, ask: "nps", about: "Acme" },
      head: push("show", "nps"),
    }),
    "a tag with the config in the page": (url) => ({
      tag: { config: "#c" },
      head: push("track", "order_placed"),
      body: `<script type="application/json" id="c">${config(url)}</script>`,
    }),
    "a tag and configure()": (url) => ({
      tag: {},
      head: push("track", "order_placed"),
      body: `<script>asklet.push(["configure", ${config(url)}])</script>`,
    }),
    "the module": (url) => ({
      tag: null,
      head: `<script type="module">
        import { configure, track } from "/asklet/asklet.mjs";
        configure(${config(url)});
        track("order_placed");
      </script>`,
    }),
    "a tag that loads eagerly": () => ({ tag: { config: "/asklet.json", load: "eager" }, head: push("track", "order_placed") }),
  };
  const endpoint = await openEndpoint(t);
  let count = 0;
  for (const [way, page] of Object.entries(ways))
    await t.test(way, async (t) => {
      const site = await openSite(t);
      site.put("/asklet.json", npsConfig(endpoint.url));
      site.put("/", html(page(endpoint.url)));
      const visitor = await openPage(browser);
      await visitor.goto(site.url);
      const ask = prompt(visitor);
      await ask.asks("recommend Acme");
      await ask.choose(5);
      await ask.go();
      await ask.asks("reason");
      await ask.close();
      await endpoint.stored(++count);
      assert.deepEqual(visitor.wrong, []);
    });
});

test("an inline survey stands in its slot, also in the one that a router draws later", async (t) => {
  const { endpoint, site, page } = await openShop(t);
  site.put("/asklet.json", {
    delivery: { url: endpoint.url },
    surveys: [{ id: "help", ask: "csat", about: "this page", placement: "inline", touchpoints: [{ on: "page", pages: ["/help/*"] }] }],
  });
  await page.goto(site.url);
  await loaded(page);
  const draw = (path) => page.evaluate((path) => {
    history.pushState(0, "", path);
    document.querySelector("main").innerHTML = path.startsWith("/help/") ? `<h1>Help</h1><asklet-survey survey="help"></asklet-survey>` : "<h1>Shop</h1>";
  }, path);
  const inSlot = () => seen(page, "a prompt in the slot", () => document.querySelector("asklet-survey > asklet-prompt"));
  await draw("/help/returns");
  await inSlot();
  await draw("/help/shipping");
  await inSlot();
  await draw("/");
  await prompt(page).gone();
  await draw("/help/returns");
  await inSlot();
  const ask = prompt(page);
  await ask.asks("How satisfied are you with this page?");
  await ask.choose(4);
  await ask.go();
  await ask.asks("reason");
  await ask.go();
  const [row] = await endpoint.stored();
  assert.deepEqual([row.survey, row.placement, row.score, row.page], ["help", "inline", 4, site.url + "/help/returns"]);
  assert.deepEqual(page.wrong, []);
});

test("a config with problems: all are said at once, and what is right is asked", async (t) => {
  const { endpoint, site, page } = await openShop(t);
  const config = npsConfig(endpoint.url, { frequency: { quite: "1d" } });
  config.surveys.unshift({ id: "wrong", ask: "nps", touchpoints: [{ on: "click", selector: "<" }] }, { id: "worse", touchpoints: [{ on: "evnt" }] });
  site.put("/asklet.json", config);
  const ask = await order(page, site);
  const { problems } = await event(page, "error");
  const paths = problems.map(({ path }) => path);
  for (const path of ["frequency.quite", "surveys[1]", "surveys[0]"])
    assert.ok(paths.some((found) => found.startsWith(path)), `${path} among ${paths}`);
  assert.equal(page.said.filter((line) => /asklet/i.test(line)).length, 1);
  await ask.close();
});

test("styles stay where they are: none leak in, none leak out", async (t) => {
  const loud = "* { font-size: 40px !important; color: red !important; letter-spacing: 1em !important; display: block !important; margin: 30px !important }";
  const { site, page } = await openShop(t, { head: `<style>${loud}</style>`, body: `<button class="primary">Buy</button>` });
  const look = () => page.evaluate(() => {
    const { cssText, fontSize, backgroundColor } = getComputedStyle(document.querySelector("button.primary"));
    return [cssText, fontSize, backgroundColor];
  });
  await page.goto(site.url);
  await loaded(page);
  const before = await look();
  await page.evaluate(() => asklet.track("order_placed"));
  const ask = prompt(page);
  const heading = await ask.find("h2");
  assert.deepEqual(await look(), before);
  const inside = await heading.evaluate((heading) => {
    const style = getComputedStyle(heading);
    return [style.color == "rgb(255, 0, 0)", style.letterSpacing, style.fontSize == "40px"];
  });
  assert.deepEqual(inside, [false, "normal", false]);
});
