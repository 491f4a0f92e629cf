// What every story needs: a site that serves pages, the real endpoint as a process that can be stopped and started,
// and a browser that can be killed.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const setting = (name, otherwise) => {
  const value = process.env[name] ?? otherwise;
  if (!value) throw Error(`${name} is not set: run this with \`cargo xtask test e2e\``);
  return value;
};

/** The folder under test. */
export const DIST = setting("ASKLET_DIST");
export const BIN = setting("ASKLET_BIN");
const CHROMIUM = setting("CHROMIUM", "/usr/bin/chromium");

/** How long anything may take before it counts as never, in milliseconds: nothing here depends on speed. */
export const CEILING = Number(process.env.ASKLET_CEILING ?? 60_000);

/** Resolves to what `look` returns once that is something; says `what` did not happen otherwise. */
export const until = async (what, look) => {
  for (const start = Date.now(); Date.now() - start < CEILING; ) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw Error(`never: ${what}`);
};

/** A folder that is gone when the test is over. */
export const folder = async (t) => {
  const path = await mkdtemp(join(tmpdir(), "asklet-"));
  t.after(() => rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return path;
};

// --- the site -------------------------------------------------------------------------------------------------

const TYPES = {
  js: "text/javascript",
  mjs: "text/javascript",
  json: "application/json",
  wasm: "application/wasm",
  html: "text/html; charset=utf-8",
  css: "text/css",
  svg: "image/svg+xml",
};

/** A program in the widget's place that writes down how it is called; what the loader does is seen on its own. */
const PROBE = `
  window.calls ??= [];
  export default async () => {};
  export const call = (method, args) => {
    calls.push([method, ...structuredClone(args)]);
    return window.answer?.(method, args);
  };`;

/** A page with a tag. `tag`: the attributes of Asklet's script; `null` for no script. */
export const html = ({ tag = { config: "/asklet.json" }, head = "", body = "" } = {}) => {
  const quote = (text) => String(text).replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  const attributes = Object.entries(tag ?? {}).map(([name, value]) => ` data-${name}="${quote(value)}"`);
  const script = tag ? `<script async src="/asklet/asklet.js"${attributes.join("")}></script>` : "";
  return `<!doctype html>
    <html lang="en">
    <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Shop</title>
      <link rel="icon" href="data:,">
      ${head}
      ${script}
    </head>
    <body><main><h1>Shop</h1>${body}</main></body>
    </html>`;
};

/** A site on loopback. `site.put(path, body, headers?)` adds files; a body may be a function of the request. */
export const openSite = async (t, { probe = false } = {}) => {
  const files = new Map();
  const log = [];
  const held = new Map();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://site");
    log.push(pathname);
    await held.get([...held.keys()].find((pattern) => pattern.test(pathname)))?.();
    const file = files.get(pathname);
    const send = (status, body, type, headers = {}) => {
      response.writeHead(status, { "content-type": type, "cache-control": "no-store", ...headers });
      response.end(body);
    };
    const type = TYPES[pathname.split(".")[1]] ?? TYPES.html;
    if (file) {
      const body = typeof file.body == "function" ? await file.body(request) : file.body;
      return body === undefined ? request.socket.destroy() : send(file.status, body, type, file.headers);
    }
    if (probe && /^\/asklet\/asklet-[^/]*\.mjs$/.test(pathname)) return send(200, PROBE, TYPES.js);
    if (pathname.startsWith("/asklet/")) {
      const name = pathname.slice("/asklet/".length);
      const body = /^(locales\/)?[^/]+$/.test(name) ? await readFile(join(DIST, name)).catch(() => undefined) : undefined;
      if (body) return send(200, body, type);
    }
    send(404, "not found", "text/plain");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** The paths that were asked for, in order. */
    log,
    put: (path, body, headers, status = 200) =>
      files.set(path, { body: typeof body == "object" ? JSON.stringify(body) : body, headers, status }),
    /** Lets answers to paths like `pattern` wait for `wait()`. */
    hold: (pattern, wait) => held.set(pattern, wait),
    /** The widget's own files among what was asked for. */
    widget: () => log.filter((path) => /^\/asklet\/asklet-/.test(path)),
  };
};

// --- the endpoint ---------------------------------------------------------------------------------------------

const freePort = async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
};

/** `asklet collect` on a file of its own and a port that it keeps. */
export const openEndpoint = async (t, flags = []) => {
  const db = join(await folder(t), "responses.sqlite");
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  let child;
  const endpoint = {
    url: `${origin}/responses`,
    origin,
    db,
    start: async () => {
      child = spawn(BIN, ["collect", "--db", db, "--listen", `127.0.0.1:${port}`, ...flags], { stdio: ["ignore", "ignore", "pipe"] });
      let said = "";
      child.stderr.on("data", (text) => (said += text));
      const { exitCode } = await until("the endpoint answers", async () => {
        if (child.exitCode !== null) return child;
        return (await fetch(`${origin}/healthz`).catch(() => {}))?.ok && {};
      });
      if (exitCode !== undefined) throw Error(`the endpoint ended: ${said}`);
    },
    stop: async () => {
      if (!child || child.exitCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
    /** What is stored. */
    rows: async () => {
      const answer = await fetch(endpoint.url);
      if (!answer.ok) throw Error(`GET /responses answered ${answer.status}`);
      return (await answer.text()).split("\n").filter(Boolean).map((line) => JSON.parse(line));
    },
    /** Waits until that many responses are stored. */
    stored: (count = 1) =>
      until(`${count} stored`, async () => {
        const rows = await endpoint.rows();
        return rows.length >= count && rows;
      }),
  };
  t.after(endpoint.stop);
  await endpoint.start();
  return endpoint;
};

/** A config that asks NPS at `order_placed`. */
export const npsConfig = (url, more = {}) => ({
  about: "Acme",
  delivery: { url },
  surveys: [{ id: "after-order", ask: "nps", touchpoints: [{ on: "event", name: "order_placed", stage: "purchase" }] }],
  ...more,
});

// --- the browser ----------------------------------------------------------------------------------------------

/** Chromium on a profile that outlives it; a fresh one unless told. `kill()` is what a power cut is. */
export const launch = async (t, profile) => {
  const browser = await puppeteer.launch({
    executablePath: CHROMIUM,
    userDataDir: profile ?? (await folder(t)),
    args: ["--no-sandbox", "--no-proxy-server", "--disable-dev-shm-usage", "--lang=en-GB", "--hide-scrollbars"],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    protocolTimeout: CEILING,
  });
  const child = browser.process();
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    // It leads a process group of its own, with all its helpers in it.
    process.kill(-child.pid, "SIGKILL");
    await gone;
    await browser.disconnect();
  };
  t.after(kill);
  return Object.assign(browser, { kill });
};

/**
 * A page whose errors fail the test. `page.said`: its console; `page.wrong`: errors and warnings there, exceptions,
 * rejections nobody heard, and breaches of its policy.
 */
export const openPage = async (browser, { isolated = true, prepare } = {}) => {
  const context = isolated ? await browser.createBrowserContext() : browser.defaultBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(CEILING);
  page.said = [];
  page.wrong = [];
  page.on("console", (message) => {
    const text = message.text();
    page.said.push(text);
    if (["error", "warn"].includes(message.type())) page.wrong.push(text);
  });
  // What is under way; a page that was left behind is not waited for.
  page.underWay = new Set();
  page.on("request", (request) => page.underWay.add(request));
  for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => page.underWay.delete(request));
  // A body that nobody reads never ends.
  page.on("response", (response) => page.underWay.delete(response.request()));
  page.on("framenavigated", () => page.underWay.clear());
  page.on("pageerror", (error) => page.wrong.push(String(error?.message ?? error)));
  await page.evaluateOnNewDocument(() => {
    window.seen = [];
    window.violations = [];
    for (const type of ["ready", "eligible", "suppressed", "shown", "answered", "completed", "dismissed"])
      document.addEventListener(`asklet:${type}`, ({ detail }) => seen.push([type, detail]));
    for (const type of ["queued", "delivered", "parked", "evicted", "error"])
      document.addEventListener(`asklet:${type}`, ({ detail }) => seen.push([type, detail]));
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      violations.push(`${violatedDirective} ${blockedURI}`),
    );
  });
  if (prepare) await page.evaluateOnNewDocument(prepare);
  return page;
};

// Puppeteer's own waiting compiles functions in the page, which a strict policy forbids: here everything is asked from
// outside, again and again.

/** Waits until `look`, evaluated in the page, returns something. */
export const seen = (page, what, look, ...args) =>
  until(what, () => page.evaluate(look, ...args)).catch(async (error) => {
    const events = await page.evaluate(() => JSON.stringify(window.seen)).catch(String);
    throw Error(`${error.message}\nevents: ${events}\nconsole: ${page.said.join("\n")}`);
  });

/** Waits for an event of Asklet's on the page; resolves to its detail. */
export const event = async (page, type) => {
  const look = (type) => window.seen.find(([seen]) => seen == type);
  return (await seen(page, `event ${type}`, look, type))[1];
};

/** Waits for Asklet's script on the page. */
export const loaded = (page) => seen(page, "the loader", () => window.asklet?.version);

/** Lets everything that is under way on the page come to rest: requests, tasks, and what they set going. */
export const settle = async (page) => {
  for (let quiet = 0; quiet < 6; quiet++) {
    await until("an end of requests", () => {
      if (page.underWay.size) quiet = 0;
      return !page.underWay.size;
    }).catch((error) => {
      throw Error(`${error.message}: ${[...page.underWay].map((request) => request.url())}`);
    });
    // No animation frame: a tab in the background has none.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 40)));
  }
};

/**
 * Goes to another page and back. `false` where the browser itself had a reason not to keep the page (memory, a
 * limit); throws where the page gave it one.
 */
export const awayAndBack = async (page, away, meanwhile = () => {}) => {
  const session = await page.createCDPSession();
  await session.send("Page.enable");
  let reasons = [];
  session.on("Page.backForwardCacheNotUsed", ({ notRestoredExplanations }) => (reasons = notRestoredExplanations));
  await page.evaluate(() => (window.kept = true));
  await page.goto(away);
  await meanwhile();
  // Puppeteer's goBack() waits for a load event, which a page out of the cache need not have.
  const here = page.url();
  await page.evaluate(() => history.back());
  await until("the page again", () => page.evaluate((here) => location.href != here && document.readyState == "complete", here).catch(() => {}));
  const kept = await page.evaluate(() => window.kept === true);
  await session.detach();
  const ours = reasons.map(({ reason }) => reason).filter((reason) => !/Memory|Limit|Disabled|Timeout/.test(reason));
  if (!kept && ours.length) throw Error(`not kept in the back/forward cache: ${ours}`);
  return kept;
};

/** The open prompt. */
export const prompt = (page) => {
  const text = (what, selector, text) =>
    seen(
      page,
      `${what} "${text}"`,
      (selector, text) =>
        document.querySelector("asklet-prompt")?.shadowRoot.querySelector(selector)?.textContent.includes(text),
      selector,
      text,
    );
  /** An element inside, once it is there and has come to rest. */
  const find = async (selector) => {
    let before;
    return until(`${selector} in the prompt`, async () => {
      const element = await page.$(`asklet-prompt >>> ${selector}`);
      const box = await element?.boundingBox();
      if (!box) return undefined;
      const now = JSON.stringify(box);
      const still = now == before;
      before = now;
      return still && element;
    });
  };
  return {
    find,
    asks: (question) => text("the question", "h2", question),
    /** What it says became of the answers. */
    status: (sentence) => text("the status", "[part~=status]", sentence),
    choose: async (value) => (await find(`label:has(input[value="${value}"])`)).click(),
    write: async (words) => (await find("textarea")).type(words),
    go: async () => (await find("[part~=button]")).click(),
    close: async () => (await find("[part~=close]")).click(),
    gone: () => seen(page, "no prompt", () => !document.querySelector("asklet-prompt")),
  };
};
