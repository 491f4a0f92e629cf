// asklet.js: the script tag's form.

import { start } from "./asklet.js";

const tag = document.currentScript;
const url = (name) => new URL(name, tag?.src || document.baseURI).href;

start({ glue: url(__ASKLET_GLUE__), wasm: url(__ASKLET_WASM__) }, tag?.dataset);
