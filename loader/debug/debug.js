// asklet-debug-<hash>.mjs: says why surveys are asked or not, in a small panel on the page. The loader fetches it where
// the tag asks for it, and for an explain() while consent is owed.

export { owed } from "./owed.js";
export { open } from "./panel.js";
