// asklet.mjs: the same loader as an ES module.

import { files } from "asklet-files";
import { start } from "./asklet.js";

// Rendering on a server imports this too: there every method does nothing.
const api =
  typeof document == "undefined"
    ? new Proxy({}, { get: (_, name) => (name == "version" ? __ASKLET_VERSION__ : () => {}) })
    : start(
        // Written out, so that bundlers find the files and take them along.
        [
          new URL(__ASKLET_GLUE__, import.meta.url),
          new URL(__ASKLET_WASM__, import.meta.url),
          new URL(__ASKLET_WATCH__, import.meta.url),
          new URL(__ASKLET_DEBUG__, import.meta.url),
        ],
      );

// What the widget fetches by itself, where a bundler has put it.
api.files = files;

export const {
  configure,
  track,
  identify,
  set,
  reset,
  consent,
  show,
  close,
  explain,
  outbox,
  flush,
  retry,
  forget,
  on,
  destroy,
  push,
  version,
} = api;
