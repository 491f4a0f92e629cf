// How many of ten events does each system deliver when something goes wrong, and how often does the receiver get the same
// one? Asklet and peers from npm in a real browser, against a collector that understands all of them. Run by
// `cargo xtask bench faults`; FAULTS_ONLY=name,name measures those systems alone, FAULTS_FAULT=word,word the faults
// that have one of them in their names. Takes about half an hour, most of it waiting.
//
// It fails where Asklet has lost one, or where one arrives under two keys.
//
// The ten events of a row belong to ten sites (t0.localhost, t1.localhost, ...) in a window each, of one browser with a profile
// on the disk. After the fault every system gets the same chance: the tab stays open for a while if there still is one,
// then the site is opened again, up to three times if something is missing.

import { once } from "node:events";
import { createServer } from "node:http";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

process.env.ASKLET_DIST ??= fileURLToPath(new URL("../../dist", import.meta.url));
// The collector is one of our own.
process.env.ASKLET_BIN ??= "none";
const { folder, html, launch, openSite, until } = await import("../e2e/harness.mjs");
const { bundle, systems } = await import("./queues.mjs");

const SECOND = 1_000;
const EVENTS = 10;
const EVENTS_OF_TWO_TABS = 13;
/** How long the collector takes for an answer: on loopback, without that, losses would not show. */
const LATENCY = [50, 200];
/**
 * How old a page is when it sends, at least. When it is young some still work at page views and old events, and Chromium writes
 * localStorage to the disk once, 5 s after the first change; the next time comes a minute later.
 */
const AGE = [12 * SECOND, 17 * SECOND];
const KILLED_AFTER = 1.5 * SECOND;
const OUTAGE = 60 * SECOND;
/**
 * Ceilings: the tab that stays open, the tab after an outage, and each time that the site is opened again. More than once:
 * some send nothing again until something new is to be sent, and three refusals take three of those.
 */
const LINGER = 45 * SECOND;
const IDLE = 90 * SECOND;
const AGAIN = [45 * SECOND, 15 * SECOND, 15 * SECOND];
/** All are there: so long without a request, and no more repeats are expected. */
const QUIET = 6 * SECOND;
/** Systems under way at a time. They mostly wait; what is a matter of moments is done one at a time. */
const AT_ONCE = 4;

const ONLY = process.env.FAULTS_ONLY?.toLowerCase().split(",");
const FAULT = process.env.FAULTS_FAULT?.toLowerCase().split(",");

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const between = ([least, most]) => least + Math.random() * (most - least);

// --- the collector ------------------------------------------------------------------------------------------------

/** What a body says, whichever way it is packed: plain, gzip, a form's `data`, base64 in that. */
const readings = (bytes) => {
  const plain = bytes[0] == 0x1f && bytes[1] == 0x8b ? gunzipSync(bytes) : bytes;
  const text = plain.toString();
  const data = new URLSearchParams(text).get("data") ?? "";
  return [text, data, Buffer.from(data, "base64").toString()];
};

/** The event's key: member `key` of the innermost object that has one and the event's id somewhere inside. */
const keyOf = (reading, id, key) => {
  const inner = (value) => {
    if (typeof value != "object" || !JSON.stringify(value)?.includes(id)) return undefined;
    for (const part of Object.values(value)) {
      const found = inner(part);
      if (found) return found;
    }
    return value[key];
  };
  // An envelope is several documents, one a line.
  for (const line of reading.split("\n"))
    try {
      const found = inner(JSON.parse(line));
      if (found) return found;
    } catch {}
};

/** A server that takes what any of the systems sends. `fault(n)` says what becomes of the n-th request with an event. */
const openCollector = async (t, { key }) => {
  const times = new Map();
  const collector = {
    /** The keys under which each event was stored, by its id. */
    stored: new Map(),
    /** Ids of the events that were to be in the queue. */
    sent: [],
    /** Those whose sender was told so. */
    told: new Set(),
    held: new Set(),
    moved: Date.now(),
    fault: () => "store",
  };
  const server = createServer(async (request, response) => {
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const said = readings(Buffer.concat(chunks));
    const found = collector.sent.filter((id) => said.some((reading) => reading.includes(id)));
    let what = "store";
    if (found.length) {
      collector.moved = Date.now();
      const time = (times.get(found[0]) ?? 0) + 1;
      times.set(found[0], time);
      what = collector.fault(time);
    }
    if (what == "hold") return found.forEach((id) => collector.held.add(id));
    await pause(between(LATENCY));
    if (response.destroyed) return;
    if (what == "store" || what == "lose")
      for (const id of found) {
        const reading = said.find((reading) => reading.includes(id));
        collector.stored.set(id, [...(collector.stored.get(id) ?? []), keyOf(reading, id, key)]);
      }
    if (what == "lose") return request.socket.destroy();
    if (what == "store") found.forEach((id) => collector.told.add(id));
    response.writeHead(request.method == "OPTIONS" ? 204 : what == "store" ? 200 : what, {
      "access-control-allow-origin": request.headers.origin ?? "*",
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "",
      "access-control-allow-methods": "GET, POST, OPTIONS",
      "content-type": "application/json",
      // A request that breaks off on a connection that was used before is sent again by Chromium itself.
      connection: "close",
    });
    response.end(request.method == "OPTIONS" ? "" : '{"status":1,"success":true}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  collector.url = `http://127.0.0.1:${port}`;
  collector.down = async () => {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  collector.up = async () => {
    if (server.listening) return;
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  t.after(collector.down);
  return collector;
};

// --- sites in a browser -------------------------------------------------------------------------------------------

// Letters only: nothing in them looks like a number that somebody might want to hide.
const word = () => Array.from({ length: 16 }, () => String.fromCharCode(97 + Math.random() * 26)).join("");

/** What a fault is made of: the tabs, the collector, and what can be done to them. */
const openStage = async (t, system, script) => {
  const collector = await openCollector(t, system);
  const site = await openSite(t);
  if (system.config) site.put("/asklet.json", system.config(collector.url));
  site.put("/bench.js", script, { "content-type": "text/javascript" });
  const head = `<script>window.COLLECTOR = "${collector.url}"</script>${system.head ?? ""}<script src="/bench.js"></script>`;
  site.put("/", html({ tag: null, head }));
  const profile = await folder(t);
  let browser = await launch(t, profile);
  let tabs = [];
  const address = (name) => site.url.replace("127.0.0.1", `${name}.localhost`);
  return {
    collector,
    tabs: () => tabs,
    /** Opens those sites, each in a window of its own, and has the system's script run there. */
    open: async (names) => {
      if (!browser.connected) browser = await launch(t, profile);
      tabs = [];
      for (const name of names) {
        const page = await browser.newPage({ type: "window" });
        await page.goto(address(name));
        tabs.push(page);
      }
      for (const page of tabs)
        await until("the system's script", () =>
          page.evaluate(async () => {
            window.bench = await window.bench;
            return !!window.bench;
          }),
        );
    },
    ready: () => Promise.all(tabs.map((page) => page.evaluate(() => bench.ready?.()))),
    /** Puts so many events into the queues, by turns. */
    send: async (count) => {
      const ids = Array.from({ length: count }, word);
      collector.sent.push(...ids);
      await Promise.all(
        tabs.map(async (page, tab) => {
          for (let n = tab; n < count; n += tabs.length) await page.evaluate((id) => bench.send(id), ids[n]);
        }),
      );
    },
    offline: async () => {
      await collector.down();
      for (const page of tabs) await page.setOfflineMode(true);
    },
    /** As a visitor does it: one after the other, and each page hears of it. */
    close: async () => {
      for (const page of tabs.splice(0)) {
        const gone = new Promise((resolve) => page.once("close", resolve));
        await page.close({ runBeforeUnload: true });
        await gone;
      }
    },
    kill: async () => {
      tabs = [];
      await browser.kill();
    },
    /** Waits until every event is stored, the system knows it and nothing comes any more, or until the ceiling. */
    settled: async (ceiling) => {
      for (const start = Date.now(); Date.now() - start < ceiling; await pause(100)) {
        const all = collector.sent.every((id) => collector.told.has(id));
        if (all && Date.now() - Math.max(start, collector.moved) > QUIET) return true;
      }
      return false;
    },
  };
};

// --- faults -------------------------------------------------------------------------------------------------------

const refused = (status) => (time) => (time <= 3 ? status : "store");

// `strike` is done while no other system does anything that is a matter of moments. What it returns is awaited after it,
// with the others going on.
const FAULTS = [
  { name: "nothing goes wrong", strike: async ({ send, settled }) => (await send(EVENTS), () => settled(LINGER)) },
  {
    name: "offline, browser killed at 1.5 s",
    strike: async ({ offline, send, kill }) => {
      await offline();
      await send(EVENTS);
      await pause(KILLED_AFTER);
      await kill();
    },
  },
  {
    name: "offline, tab closed",
    strike: async ({ offline, send, close }) => {
      await offline();
      await send(EVENTS);
      await pause(KILLED_AFTER);
      await close();
    },
  },
  {
    // Both on one site; both are closed, and both are opened again.
    name: "offline, two tabs",
    events: EVENTS_OF_TWO_TABS,
    sites: ["t0", "t0"],
    strike: async ({ offline, send, close }) => {
      await offline();
      await send(EVENTS_OF_TWO_TABS);
      await pause(KILLED_AFTER);
      await close();
    },
  },
  ...[429, 503].map((status) => ({
    name: `${status} three times`,
    strike: async ({ collector, send, settled }) => {
      collector.fault = refused(status);
      await send(EVENTS);
      return () => settled(LINGER);
    },
  })),
  {
    name: "accepted, reply lost, twice",
    strike: async ({ collector, send, settled }) => {
      collector.fault = (time) => (time <= 2 ? "lose" : "store");
      await send(EVENTS);
      return () => settled(LINGER);
    },
  },
  {
    name: "killed in flight",
    strike: async ({ collector, send, kill }) => {
      collector.fault = () => "hold";
      await send(EVENTS);
      await until("all in flight", () => collector.held.size == EVENTS);
      await kill();
      collector.fault = () => "store";
    },
  },
  {
    // Nobody does anything: the tab is on its own, and the site is not opened again.
    name: "60 s outage, idle tab",
    stays: true,
    strike: async ({ collector, send, settled }) => {
      await collector.down();
      await send(EVENTS);
      return async () => {
        await pause(OUTAGE);
        await collector.up();
        await settled(IDLE);
      };
    },
  },
];

// --- all of it ----------------------------------------------------------------------------------------------------

let turn = Promise.resolve();
/** One at a time. */
const alone = (act) => {
  const done = turn.then(act);
  turn = done.catch(() => {});
  return done;
};

const measure = async (system, script, { events = EVENTS, sites, stays, strike }) => {
  const names = sites ?? Array.from({ length: events }, (_, n) => `t${n}`);
  const ends = [];
  const t = { after: (end) => ends.unshift(end) };
  try {
    let stage;
    await alone(async () => {
      stage = await openStage(t, system, script);
      await stage.open(names);
      await stage.ready();
    });
    await pause(between(AGE));
    const rest = await alone(() => strike(stage));
    await rest?.();
    if (!stays)
      for (const ceiling of AGAIN) {
        await alone(async () => {
          await stage.close();
          await stage.collector.up();
          await stage.open(names);
        });
        if (await stage.settled(ceiling)) break;
      }
    const keys = [...stage.collector.stored.values()];
    return {
      events,
      delivered: keys.length,
      repeats: keys.reduce((sum, keys) => sum + keys.length - 1, 0),
      // Of those, what a receiver takes for another event.
      anew: keys.reduce((sum, keys) => sum + new Set(keys).size - 1, 0),
      keyless: keys.flat().some((key) => !key),
    };
  } finally {
    for (const end of ends) await end();
  }
};

const cell = (result) => {
  if (typeof result == "string") return result;
  const { delivered, repeats, anew, keyless } = result;
  return `${delivered}${repeats ? ` +${repeats}` : ""}${anew ? ` (${anew} anew)` : ""}${keyless ? " ?" : ""}`;
};

const start = Date.now();
const driven = [];
const notes = [];
for (const system of systems()) {
  if (ONLY && !ONLY.some((name) => system.name.toLowerCase().startsWith(name))) continue;
  if (system.missing) notes.push(`${system.name}: not measured. ${system.missing}`);
  else {
    driven.push([system, await bundle(system)]);
    notes.push(`${system.name}: ${system.how}`);
  }
}
const faults = FAULTS.filter(({ name }) => !FAULT || FAULT.some((word) => name.includes(word)));
const results = faults.map(() => driven.map(() => ""));
const work = faults.flatMap((fault, row) => driven.map(([system, script], column) => ({ fault, row, system, script, column })));
let version;
const worker = async () => {
  for (let next; (next = work.shift()); ) {
    const { fault, row, system, script, column } = next;
    try {
      results[row][column] = await measure(system, script, fault);
    } catch (error) {
      results[row][column] = "failed";
      notes.push(`${system.name}, ${fault.name}: could not be driven. ${error.message.split("\n")[0]}`);
    }
    process.stderr.write(`${fault.name}, ${system.name}: ${cell(results[row][column])}\n`);
  }
};
const ends = [];
try {
  const browser = await launch({ after: (end) => ends.unshift(end) });
  version = await browser.version();
} finally {
  for (const end of ends) await end();
}
await Promise.all(Array.from({ length: AT_ONCE }, worker));

console.log(`${version}, ${availableParallelism()} cores, ${Math.round((Date.now() - start) / (60 * SECOND))} minutes\n`);
const label = 38;
const width = 18;
console.log(" ".repeat(label) + driven.map(([{ name }]) => name.padStart(width)).join(""));
for (const [row, { name, events = EVENTS }] of faults.entries())
  console.log(`${name} (${events})`.padEnd(label) + results[row].map((result) => cell(result).padStart(width)).join(""));
const seconds = (...times) => times.map((time) => time / SECOND).join(" to ");
console.log(`
Delivered of so many, and how often the receiver was given one that it had: "10 +20". The key that comes with an event
lets the receiver know a repeat; "anew": repeats under another key; "?": there was none.
Pages are ${seconds(AGE[0])} s old or more when they send. The collector takes ${LATENCY.join(" to ")} ms for an answer. 429 and 503 come without
Retry-After. Offline: the browser says so, and nobody listens either.
Ceilings: a tab that the fault leaves open has ${seconds(LINGER)} s. Then it is closed and the site opened again, up to ${AGAIN.length} times, which has
${AGAIN.map((time) => time / SECOND).join(", ")} s. The idle tab has ${seconds(IDLE)} s after the outage and is not opened again. Less where all had arrived and ${seconds(QUIET)} s
were quiet.

${notes.join("\n")}`);
for (const [column, [system]] of driven.entries())
  for (const [row, { name }] of faults.entries()) {
    const { events, delivered, anew } = results[row][column];
    if (system.ours && (delivered !== events || anew)) {
      console.error(`error: ${name}: Asklet delivered ${cell(results[row][column])} of ${events ?? "all"}`);
      process.exitCode = 1;
    }
  }
