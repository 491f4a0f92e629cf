// Whether answers wait on this device. Only the widget writes there; this looks, and makes no database.

const NAME = "asklet";
const STORE = "outbox";

/** Calls `then` if answers wait. Where storage is blocked, none do. */
export const ifAnswersWait = async (then) => {
  try {
    const all = await indexedDB.databases?.();
    if (all?.every(({ name }) => name != NAME)) return;
    const open = indexedDB.open(NAME);
    // There is none after all (a browser without `databases()`): do not leave one behind.
    open.onupgradeneeded = () => open.transaction.abort();
    open.onsuccess = () => {
      const database = open.result;
      if (database.objectStoreNames.contains(STORE)) {
        const count = database.transaction(STORE).objectStore(STORE).count();
        count.onsuccess = () => count.result && then();
      }
      // Once the count is done.
      database.close();
    };
  } catch {
    // Nothing can wait where nothing can be stored.
  }
};
