// What the benchmark of faults drives: Asklet, and peers from npm that promise to keep events through a bad network. Each is
// set up as its documentation says for keeping as much as it can.
//
// `source` is bundled for the page and sets `bench`, or a promise of it: `send(id)` puts one event with that id into the
// system's queue and resolves once the system says it has it (for those that say nothing: at once). `ready()`, where
// there is one, brings the page to where a visitor could send. `COLLECTOR` is the origin that everything goes to. Where a
// system has a call for page views its snippet makes it, so here every visit makes it. `key` is the member by which the
// receiver can know a repeat.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const asklet = {
  name: "Asklet",
  how: "one question; counts as sent to the queue once `queued` was seen",
  ours: true,
  key: "id",
  config: (collector) => ({
    about: "Acme",
    delivery: { url: `${collector}/responses` },
    surveys: [
      {
        id: "said",
        touchpoints: [{ on: "call" }],
        questions: [{ id: "what", kind: "text", text: "What did you miss?" }],
      },
    ],
  }),
  head: `<script async src="/asklet/asklet.js" data-config="/asklet.json"></script>`,
  source: `
    const root = () => document.querySelector("asklet-prompt")?.shadowRoot;
    const until = async (look) => {
      for (;;) {
        const found = look();
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    window.bench = {
      ready: async () => {
        await until(() => window.asklet?.version);
        await asklet.show("said");
        await until(() => root()?.querySelector("textarea"));
      },
      send: async (id) => {
        if (!root()?.querySelector("textarea")) await bench.ready();
        const queued = new Promise((resolve) => {
          const stop = asklet.on("queued", ({ status }) => {
            if (status != "complete") return;
            stop();
            resolve();
          });
        });
        const field = root().querySelector("textarea");
        field.value = id;
        field.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
        root().querySelector("[part~=button]").click();
        await queued;
        asklet.close();
        await until(() => !root());
      },
    };`,
};

// analytics.js of Segment's had it with these numbers, and others still have. It keeps what it is given in localStorage,
// also while it is on its way. The sending is up to its user.
const retry = {
  name: "ls-retry 1.3",
  how: "@segment/localstorage-retry 1.3.0 around fetch; backoff 1 s x 2^n, 10 attempts, as in Segment's analytics.js",
  packages: ["@segment/localstorage-retry@1.3.0"],
  key: "messageId",
  source: `
    import Queue from "@segment/localstorage-retry";
    const options = { maxRetryDelay: 360000, minRetryDelay: 1000, backoffFactor: 2, maxAttempts: 10, maxItems: 100 };
    const queue = new Queue("bench", options, (item, done) => {
      const request = { method: "POST", headers: { "content-type": "text/plain" }, body: JSON.stringify(item) };
      fetch(COLLECTOR + "/v1/t", request).then(({ ok, status }) => done(ok ? null : Error(String(status))), done);
    });
    queue.start();
    window.bench = { send: (id) => queue.addItem({ messageId: crypto.randomUUID(), id }) };`,
};

// Its queue is in localStorage and without limits by default. What its server would say of the source is said here.
const rudderstack = {
  name: "RudderStack 3.34",
  how: "@rudderstack/analytics-js 3.34.1, bundled, its defaults",
  packages: ["@rudderstack/analytics-js@3.34.1"],
  key: "messageId",
  source: `
    import { RudderAnalytics } from "@rudderstack/analytics-js/bundled";
    const off = { enabled: false };
    const config = { statsCollection: { errors: off, metrics: off } };
    const source = { id: "bench", name: "bench", workspaceId: "bench", enabled: true, config, destinations: [] };
    const analytics = new RudderAnalytics();
    analytics.load("bench", COLLECTOR, { getSourceConfig: () => ({ source }) });
    analytics.page();
    window.bench = new Promise((resolve) => {
      analytics.ready(() => resolve({ send: (id) => analytics.track("answered", { id }) }));
    });`,
};

// Both settings are its defaults; they are what its documentation names for keeping events.
const segment = {
  name: "Segment 1.84",
  how: "@segment/analytics-next 1.84.3; disableClientPersistence: false, retryQueue: true",
  packages: ["@segment/analytics-next@1.84.3"],
  key: "messageId",
  source: `
    import { AnalyticsBrowser } from "@segment/analytics-next";
    const io = { apiKey: "bench", apiHost: COLLECTOR.replace("http://", "") + "/v1", protocol: "http", retryQueue: true };
    const settings = { writeKey: "bench", cdnSettings: { integrations: { "Segment.io": io } } };
    window.bench = AnalyticsBrowser.load(settings, { disableClientPersistence: false, retryQueue: true }).then(([analytics]) => {
      analytics.page();
      return { send: (id) => void analytics.track("answered", { id }) };
    });`,
};

// Its queue is in localStorage by default, retries too.
const snowplow = {
  name: "Snowplow 4.10",
  how: "@snowplow/browser-tracker 4.10.1, its defaults, which keep the queue in localStorage; a structured event",
  packages: ["@snowplow/browser-tracker@4.10.1"],
  key: "eid",
  source: `
    import { newTracker, trackPageView, trackStructEvent } from "@snowplow/browser-tracker";
    newTracker("bench", COLLECTOR, { appId: "bench", retryFailedRequests: true });
    trackPageView();
    window.bench = { send: (id) => trackStructEvent({ category: "bench", action: "answered", label: id }) };`,
};

// It keeps nothing on the device and has no setting for it. Off: what its server would add by scripts and flags, the
// packing, and the filter that takes this browser for a bot.
const posthog = {
  name: "PostHog 1.449",
  how: "posthog-js 1.449.2, its defaults; compression, flags and autocapture off",
  packages: ["posthog-js@1.449.2"],
  key: "uuid",
  source: `
    import posthog from "posthog-js";
    posthog.init("phc_bench", {
      api_host: COLLECTOR,
      opt_out_useragent_filter: true,
      disable_compression: true,
      advanced_disable_flags: true,
      disable_external_dependency_loading: true,
      disable_session_recording: true,
      disable_surveys: true,
      autocapture: false,
    });
    window.bench = { send: (id) => posthog.capture("answered", { id }) };`,
};

// The offline transport keeps in IndexedDB what could not be sent; by itself it looks there only after something else
// was sent, with `flushAtStartup` at every visit too.
const sentry = {
  name: "Sentry 11.12",
  how: "@sentry/browser 11.12.0; makeBrowserOfflineTransport, flushAtStartup: true; captureMessage()",
  packages: ["@sentry/browser@11.12.0"],
  key: "event_id",
  source: `
    import * as Sentry from "@sentry/browser";
    Sentry.init({
      dsn: COLLECTOR.replace("http://", "http://public@") + "/1",
      transport: Sentry.makeBrowserOfflineTransport(Sentry.makeFetchTransport),
      transportOptions: { flushAtStartup: true },
    });
    window.bench = { send: (id) => Sentry.captureMessage(id) };`,
};

// --- getting them -------------------------------------------------------------------------------------------------

// A folder of its own: npm would take away from a shared one what it was not asked for.
const SCRATCH = join(
  process.env.BENCH_SCRATCH ?? fileURLToPath(new URL("../../target/xtask/bench", import.meta.url)),
  "queues",
);

const installed = (wanted) => {
  const at = wanted.lastIndexOf("@");
  try {
    const read = readFileSync(join(SCRATCH, "node_modules", wanted.slice(0, at), "package.json"), "utf8");
    return JSON.parse(read).version == wanted.slice(at + 1);
  } catch {
    return false;
  }
};

/** All that is driven. Peers that npm does not give have a `missing` that says why. */
export const systems = () => {
  const peers = [retry, rudderstack, segment, snowplow, posthog, sentry];
  const wanted = peers.flatMap((peer) => peer.packages);
  let missing = "";
  if (!wanted.every(installed)) {
    mkdirSync(SCRATCH, { recursive: true });
    const quiet = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    try {
      execFileSync("npm", ["install", ...quiet, "--prefix", SCRATCH, ...wanted], { cwd: SCRATCH, stdio: "pipe" });
    } catch (error) {
      missing = `npm could not install it: ${String(error.stderr || error.message).trim().split("\n")[0]}`;
    }
  }
  return [asklet, ...peers.map((peer) => ({ ...peer, missing: peer.packages.every(installed) ? "" : missing }))];
};

/** A system's script for the page. */
export const bundle = async ({ source }) => {
  const { build } = createRequire(import.meta.url)("esbuild");
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: SCRATCH },
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    logLevel: "silent",
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
  });
  return outputFiles[0].text;
};
