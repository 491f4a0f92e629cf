// What Asklet keeps in localStorage, under names that begin with `asklet.`. Blocked, full or odd, it never throws.

/** What `step` returns; undefined where it throws. */
export const attempt = (step) => {
  try {
    return step();
  } catch {
    // Blocked, full, or not what we wrote.
  }
};

/** The storage; where it is blocked, the page's memory. */
export const local = attempt(() => localStorage) ?? {};

/** The object under `asklet.<name>`; an empty one where there is none. */
export const read = (name) => attempt(() => JSON.parse(local["asklet." + name])) ?? {};

/** Writes a text under `asklet.<name>`, if it can. */
export const write = (name, text) => attempt(() => (local["asklet." + name] = text));

/** Erases everything that Asklet has on this device. Resolves when it is gone. */
export const erase = () =>
  new Promise((done) => {
    Object.keys(local).forEach((key) => key.startsWith("asklet.") && delete local[key]);
    const gone = attempt(() => indexedDB.deleteDatabase("asklet"));
    if (gone) gone.onsuccess = gone.onerror = () => done();
    else done();
  });
