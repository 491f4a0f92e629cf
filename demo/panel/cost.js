import { el } from "../dom.js";
import { fill, say } from "./rows.js";

const config = "/demo/asklet.json";
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

const fetched = new Map();

// A cached file costs nothing on the wire, and says so with a transfer size of 0.
function note(entry) {
  const path = new URL(entry.name).pathname;
  if (path.startsWith("/asklet/") || path === config) {
    fetched.set(path, (fetched.get(path) ?? 0) + entry.transferSize);
  }
}

function show() {
  const files = [...fetched].map(([path, bytes]) => ({ name: path.split("/").pop(), bytes }));
  const total = files.reduce((all, file) => all + file.bytes, 0);
  const widget = files.some((file) => file.name.endsWith(".wasm"));
  if (files.length) {
    say("cost-said", `${kilobytes(total)} so far. ${widget ? "The widget has been fetched." : "The widget has not been fetched: nothing has happened that could ask somebody."}`);
  }
  fill(document.getElementById("cost"), files, ({ name, bytes }) =>
    el("li", {}, el("span", { class: "what" }, name), el("span", { class: "much" }, bytes ? kilobytes(bytes) : "from the cache")));
}

/** Adds up what was fetched for Asklet since the page was loaded. */
export function watchCost() {
  new PerformanceObserver((list) => {
    list.getEntries().forEach(note);
    show();
  }).observe({ type: "resource", buffered: true });
}
