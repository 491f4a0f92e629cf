// Chromium and Firefox on a profile that outlives them, and ways to kill them: all of it at once, as a power cut does, or
// what draws the pages alone.

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const search = "command -v firefox-esr || command -v firefox || true";
const FIREFOX = process.env.FIREFOX ?? execFileSync("sh", ["-c", search], { encoding: "utf8" }).trim();

/** The processes below `root`, by what /proc says: `{ pid, command }`. */
const descendants = (root) => {
  const children = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    try {
      // "pid (name) state ppid": the name may have spaces and parentheses in it.
      const parent = Number(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ")[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(pid)]);
    } catch {
      // It has ended meanwhile.
    }
  const below = (pid) => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  const command = (pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    } catch {
      return "";
    }
  };
  return below(root).map((pid) => ({ pid, command: command(pid) }));
};

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

const send = (pid, signal) => {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
};

const OPTIONS = {
  chromium: (args) => ({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--no-proxy-server",
      "--disable-dev-shm-usage",
      "--lang=en-GB",
      "--disable-gpu",
      // Tabs in the background are to take part as the one in front does.
      "--disable-background-timer-throttling",
      "--disable-renderer-backgrounding",
      "--disable-backgrounding-occluded-windows",
      ...args,
    ],
  }),
  firefox: (_, preferences) => ({
    browser: "firefox",
    executablePath: FIREFOX,
    extraPrefsFirefox: {
      // It loads a page once more in a hidden tab, which looks like a loss that is none.
      "browser.pagethumbnails.capturing_disabled": true,
      "browser.sessionstore.resume_from_crash": false,
      "toolkit.startup.max_resumed_crashes": -1,
      "intl.accept_languages": "en-GB",
      "network.proxy.type": 0,
      // Puppeteer switches it off.
      "fission.bfcacheInParent": true,
      "dom.min_background_timeout_value": 50,
      "dom.timeout.throttling_delay": -1,
      ...preferences,
    },
  }),
};

/** Starts `kind` on `profile`. `args` are for Chromium, `preferences` for Firefox. */
export const launch = async (kind, profile, { args = [], preferences = {} } = {}) => {
  const start = () =>
    puppeteer.launch({
      ...OPTIONS[kind](args, preferences),
      userDataDir: profile,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      timeout: 120_000,
      protocolTimeout: 120_000,
    });
  // A browser sometimes falls over as it starts, before there is a page: that is no fault of the matrix's.
  const browser = await start().catch(start);
  const child = browser.process();
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const drawing = kind == "chromium" ? /--type=renderer/ : /-contentproc .* tab$/;
  return Object.assign(browser, {
    kind,
    /** A power cut, for the browser: every process of it at once, and nothing is tidied up. */
    kill: async () => {
      if (ended()) return;
      const gone = once(child, "exit");
      const all = descendants(child.pid);
      // It leads a process group of its own; what has left that is named one by one.
      send(-child.pid, "SIGKILL");
      for (const { pid } of all) send(pid, "SIGKILL");
      await gone;
      // Over a socket that is dead already.
      await Promise.race([Promise.resolve(browser.disconnect()).catch(() => {}), pause(500)]);
      // Puppeteer puts a profile's preferences back when it sees that Firefox has ended. Not while the next one starts.
      for (let n = 0; n < 50 && ["prefs.js", "user.js"].some((name) => existsSync(join(profile, `${name}.puppeteer`))); n++) await pause(50);
    },
    /** Sends a signal to the processes that draw pages. */
    signalRenderers: (signal) => {
      const found = descendants(child.pid).filter(({ command }) => drawing.test(command));
      for (const { pid } of found) send(pid, signal);
      return found.length;
    },
  });
};
