// asklet.mjs: the same loader as an ES module.

import { start } from "./asklet.js";

// Rendering on a server imports this too: there every method does nothing.
const api =
  typeof document == "undefined"
    ? new Proxy({}, { get: (_, name) => (name == "version" ? __ASKLET_VERSION__ : () => {}) })
    : start({
        // Written out, so that bundlers find the files and take them along.
        glue: new URL(__ASKLET_GLUE__, import.meta.url).href,
        wasm: new URL(__ASKLET_WASM__, import.meta.url).href,
      });

export const { configure, track, identify, set, reset, show, close, outbox, flush, on, destroy, push, version } = api;
