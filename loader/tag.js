// asklet.js: the script tag's form.

import { start } from "./asklet.js";

const tag = document.currentScript;

start(
  [__ASKLET_GLUE__, __ASKLET_WASM__, __ASKLET_WATCH__, __ASKLET_DEBUG__].map(
    (name) => new URL(name, tag?.src || document.baseURI),
  ),
  tag?.dataset,
);
