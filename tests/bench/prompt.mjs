// How long does a click on a score take to be seen, and is anything left behind by 200 shows and closes? Asklet's NPS
// prompt in a real browser, with peers beside it. Run by `cargo xtask bench prompt`.
//
// Times depend on the machine and are only printed. It fails where Asklet has more nodes or listeners after them than
// before. PROMPT_ONLY=name measures that system alone.

import { availableParallelism } from "node:os";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

process.env.ASKLET_DIST ??= fileURLToPath(new URL("../../dist", import.meta.url));
// The endpoint is never called.
process.env.ASKLET_BIN ??= "none";
const { CEILING, DIST, html, launch, openPage, openSite, until } = await import("../e2e/harness.mjs");
const { QUESTION, content, systems } = await import("./peers.mjs");

const CLICKS = 30;
const WARM_UP = 20;
const SHOWS = 200;
const ONLY = process.env.PROMPT_ONLY?.toLowerCase();
const RATES = [1, 4];

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const reason = (error) => error.message.split("\n")[0];

// --- a system on a page -------------------------------------------------------------------------------------------

/** Before the page's first script: an ear for the browser's and our own times, and an eye on the memory of wasm. */
const prepare = () => {
  window.frames_ = [];
  window.interactions = new Map();
  const noted = (list) => {
    for (const { interactionId, duration } of list.getEntries())
      if (interactionId) interactions.set(interactionId, Math.max(duration, interactions.get(interactionId) ?? 0));
  };
  new PerformanceObserver(noted).observe({ type: "event", durationThreshold: 16 });
  const { port1, port2 } = new MessageChannel();
  let since = 0;
  port1.onmessage = () => {
    frames_.push(performance.now() - since);
    since = 0;
  };
  // A click on a label is followed by one on its input.
  const clicked = (event) => {
    if (since || !event.isTrusted || !event.detail) return;
    since = event.timeStamp;
    requestAnimationFrame(() => port2.postMessage(0));
  };
  addEventListener("click", clicked, true);
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const real = WebAssembly[name];
    WebAssembly[name] = async (...args) => {
      const made = await real.apply(WebAssembly, args);
      const { exports } = made.instance ?? made;
      window.wasmMemory = Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
      return made;
    };
  }
};

/** A page of its own, in a process of its own, on which the system can be shown. */
const load = async (browser, site, { page: drive }) => {
  const page = await openPage(browser, { prepare });
  await page.goto(site.url);
  await page.evaluate(`window.bench = (${drive})(${JSON.stringify(QUESTION)})`);
  await until("ready", () => page.evaluate(() => !!bench.ready()));
  const session = await page.createCDPSession();
  await session.send("Performance.enable");
  return { page, session };
};

const metrics = async (session) => {
  const { metrics } = await session.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
};

// --- choosing a score ---------------------------------------------------------------------------------------------

/** The middle of a point, once it is at rest and nothing lies over it. */
const middle = async (page, n) => {
  let before;
  return until(`point ${n}`, async () => {
    const now = await page.evaluate((n) => {
      const point = bench.point(n);
      if (!point) return undefined;
      const { x, y, width, height } = point.getBoundingClientRect();
      const at = [x + width / 2, y + height / 2];
      const hit = point.getRootNode().elementFromPoint(...at);
      return point.contains(hit) || hit?.contains(point) ? at : undefined;
    }, n);
    const still = now && String(now) == before;
    before = String(now);
    return still && now;
  });
};

const clicks = async (browser, site, system, rate) => {
  const { page, session } = await load(browser, site, system);
  await page.evaluate(() => void bench.show());
  await until("shown", () => page.evaluate(() => bench.open())).catch(({ message }) => {
    throw Error([message, ...page.said].join("; "));
  });
  await middle(page, 0);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
  let busy = 0;
  for (let click = 1; click <= CLICKS; click++) {
    // Each is another one than that before.
    const n = (click * 7) % 11;
    const [x, y] = await middle(page, n);
    const { TaskDuration: before } = await metrics(session);
    await page.mouse.click(x, y);
    await until("a frame", () => page.evaluate((click) => frames_.length >= click, click));
    busy += (await metrics(session)).TaskDuration - before;
    if (!(await page.evaluate((n) => bench.chosen(n), n))) throw Error(`a click on ${n} does not choose it`);
  }
  await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  // The browser hands its entries over at leisure.
  await pause(500);
  const [frames, interactions] = await page.evaluate(() => [frames_, [...window.interactions.values()]]);
  await page.browserContext().close();
  // It tells nothing of those that took less than 16 ms.
  while (interactions.length < CLICKS) interactions.push(0);
  return { inp: interactions, frames, busy: (1_000 * busy) / CLICKS };
};

// --- shows and closes ---------------------------------------------------------------------------------------------

const showAndClose = async (times, ceiling) => {
  const frame = () => new Promise(requestAnimationFrame);
  const until = async (look) => {
    for (const start = Date.now(); !look(); await frame())
      if (Date.now() - start > ceiling) throw Error("never shown or closed");
  };
  for (; times; times--) {
    bench.show();
    await until(() => bench.open());
    // Some hear of their close button only after they have been painted.
    for (let frames = 0; frames < 3; frames++) await frame();
    bench.close();
    await until(() => !bench.open());
  }
};

const counts = async ({ page, session }) => {
  // Some tidy up, or send what they noted, seconds later.
  await pause(4_000);
  let least;
  // What the browser itself still holds goes with a later collection.
  for (let round = 0; round < 5; round++) {
    await session.send("HeapProfiler.collectGarbage");
    await pause(100);
    const { Nodes, JSEventListeners, JSHeapUsedSize } = await metrics(session);
    const now = { nodes: Nodes, listeners: JSEventListeners, heap: JSHeapUsedSize };
    for (const name in least) now[name] = Math.min(now[name], least[name]);
    least = now;
  }
  return { ...least, wasm: await page.evaluate(() => window.wasmMemory?.buffer.byteLength) };
};

const shows = async (browser, site, system) => {
  const on = await load(browser, site, system);
  // Few at a time: the browser has to answer now and then.
  const more = async (times) => {
    for (let done = 0; done < times; done += 10) await on.page.evaluate(showAndClose, 10, CEILING);
    return counts(on);
  };
  const before = await more(WARM_UP);
  const after = await more(SHOWS);
  const later = await more(SHOWS);
  if (system.ours && on.page.wrong.length) throw Error(on.page.wrong.join("\n"));
  await on.page.browserContext().close();
  return { before, after, later };
};

// --- all of it ----------------------------------------------------------------------------------------------------

const measure = async (t, browser, system) => {
  const site = await openSite(t);
  site.put("/", html({ tag: null, head: system.head }));
  const json = { "content-type": "application/json" };
  for (const [path, body] of Object.entries(system.routes ?? {})) site.put(path, body, json);
  const files = {};
  for (const [path, file] of Object.entries(system.files ?? {})) {
    const type = path.endsWith(".css") ? "text/css" : "text/javascript";
    files[path] = content(file);
    site.put(path, () => files[path], { "content-type": type });
  }
  const row = { rates: [] };
  for (const rate of RATES) row.rates.push(await clicks(browser, site, system, rate));
  // Whatever was fetched by then, each file once.
  row.bytes = 0;
  for (const path of new Set(site.log)) {
    const file = path.startsWith("/asklet/") ? await readFile(join(DIST, path.slice("/asklet/".length))) : files[path];
    if (file) row.bytes += brotliCompressSync(file).length;
  }
  return { ...row, ...(await shows(browser, site, system)) };
};

const KB = (bytes) => (bytes / 1_000).toFixed(0);
const middling = (times) => [...times].sort((a, b) => a - b)[times.length >> 1];

const cells = ({ bytes, rates, before, after, later }) => {
  const browserTime = (time) => (time ? String(time) : "<16");
  const change = (name, print = String) => {
    const step = (from, to) => (to < from ? " -" : " +") + print(Math.abs(to - from));
    return print(before[name]) + step(before[name], after[name]) + step(after[name], later[name]);
  };
  return [
    ["brotli KB of a prompt", bytes ? (bytes / 1_000).toFixed(1) : "0"],
    ...RATES.flatMap((rate, index) => [
      [rate == 1 ? "CPU as it is" : `CPU ${rate} times slower`, ""],
      ["  event timing, ms", [middling(rates[index].inp), Math.max(...rates[index].inp)].map(browserTime).join(" / ")],
      [
        "  click to frame, ms",
        [middling(rates[index].frames), Math.max(...rates[index].frames)].map((time) => time.toFixed(1)).join(" / "),
      ],
      ["  the first click, ms", rates[index].frames[0].toFixed(1)],
      ["  main thread, ms a click", rates[index].busy.toFixed(1)],
    ]),
    [`${SHOWS} shows, and ${SHOWS} more`, ""],
    ["  nodes", change("nodes")],
    ["  listeners", change("listeners")],
    ["  heap, KB", change("heap", KB)],
    ["  wasm memory, KB", before.wasm ? change("wasm", KB) : "-"],
  ];
};

const ends = [];
const t = { after: (end) => ends.unshift(end) };
try {
  const browser = await launch(t);
  const rows = [];
  const notes = [];
  for (const system of systems()) {
    if (ONLY && !system.name.toLowerCase().startsWith(ONLY)) continue;
    if (system.missing) {
      notes.push(`${system.name}: not measured. ${system.missing}`);
      continue;
    }
    process.stderr.write(`${system.name}\n`);
    try {
      const row = await measure(t, browser, system);
      rows.push([system, cells(row), row]);
      notes.push(`${system.name}: ${system.how}`);
    } catch (error) {
      if (system.ours) throw error;
      notes.push(`${system.name}: could not be driven. ${reason(error)}`);
    }
  }
  console.log(`${await browser.version()}, ${availableParallelism()} cores\n`);
  const width = 19;
  console.log(" ".repeat(26) + rows.map(([{ name }]) => name.padStart(width)).join(""));
  for (const [index, [label]] of (rows[0]?.[1] ?? []).entries())
    console.log((label.padEnd(26) + rows.map(([, all]) => all[index][1].padStart(width)).join("")).trimEnd());
  console.log(`
Times: the median of ${CLICKS} clicks on points / the worst. Event timing is what "interaction to next paint" is made of: the
browser rounds it to 8 ms and leaves out what took less than 16. Click to frame: from the click to the task after the
next frame; up to 17 ms of it may be waiting for that frame. Main thread: all that it did for a click, on average.
Counts: with the prompt closed and garbage collected, after ${WARM_UP} shows, and what ${SHOWS} and again ${SHOWS} have added.
Code that is getting warm takes some heap too, but less the second time; what is left behind takes the same again.

${notes.join("\n")}
Not driven: Formbricks as it is today (its server hands out the renderer, npm ends with 1.7.1); Sprig, Survicate,
Refiner, Qualtrics, Hotjar (need an account).`);
  for (const [, , { before, later }] of rows.filter(([{ ours }]) => ours))
    for (const name of ["nodes", "listeners"])
      if (later[name] > before[name]) {
        console.error(`error: ${2 * SHOWS} shows and closes of Asklet left ${later[name] - before[name]} ${name} behind`);
        process.exitCode = 1;
      }
} finally {
  for (const end of ends) await end();
}
