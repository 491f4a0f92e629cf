// asklet-worker.mjs: for a service worker of the page's owner. It sends what waits when no page is open, as soon as the browser says
// that there is a connection.

import init, { call } from "asklet-glue";

/**
 * Sends what waits on this device, by the `delivery` of a config or of the one at an address. Resolves to what `outbox()` says; rejects
 * while something still waits that can be sent, so that the browser calls again.
 */
export const drain = async (config) => {
  await init({ module_or_path: fetch(new URL(__ASKLET_WASM__, import.meta.url)) });
  const left = await call("drain", [config.surveys ? config : await (await fetch(config)).json()]);
  if (left.waiting[0]) throw Error(`asklet: ${left.waiting.length} responses still wait`);
  return left;
};
