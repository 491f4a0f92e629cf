// What the loader's modules find around them in a browser, as far as they are tested without one. To be imported first.

/** What stands for localStorage. */
export const storage = {};
Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true });

/** Empties it. */
export const clear = () => {
  for (const key of Object.keys(storage)) delete storage[key];
};

/** Only selectors without `<` are valid. */
globalThis.document = {
  querySelector(selector) {
    if (String(selector).includes("<")) throw new SyntaxError(selector);
    return null;
  },
};

/** The device's clock, in ms. */
export const clock = { now: 1_800_000_000_000 };
Date.now = () => clock.now;
