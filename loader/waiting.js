// Whether answers wait on this device. Only the widget writes there; this looks, and leaves no database behind.

import { attempt } from "./storage.js";

/** Calls `then` if answers wait. Where storage is blocked, none do. */
export const ifAnswersWait = (then) =>
  attempt(() => {
    const open = indexedDB.open("asklet");
    // There is none.
    open.onupgradeneeded = () => open.transaction.abort();
    open.onsuccess = () => {
      const look = (event) => event.target.result && then();
      attempt(() => (open.result.transaction("outbox").objectStore("outbox").count().onsuccess = look));
      // Once the count is done.
      open.result.close();
    };
  });
