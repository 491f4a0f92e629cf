import type { Config, Outbox } from "./asklet.js";

/**
 * Sends what waits on this device, by the `delivery` of a config or of the one at an address: for a `sync` event of a service worker.
 * Resolves to what is left; rejects while something still waits, so that the browser calls again.
 */
export function drain(config: Config | string | URL): Promise<Outbox>;
