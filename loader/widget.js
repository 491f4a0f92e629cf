// Fetching the widget: once, glue and wasm side by side.

/** Fetches and starts the program; resolves to its one function. Rejects with a sentence that says what to do. */
export const fetchWidget = async (urls) => {
  try {
    // The smallest module there is: a page whose policy forbids wasm need not fetch 50 KB to learn it.
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    const [glue, response] = await Promise.all([import(urls.glue), fetch(urls.wasm)]);
    await glue.default({ module_or_path: response });
    return glue.call;
  } catch (error) {
    throw `the widget did not load. Its files belong beside the script, and a Content-Security-Policy needs 'wasm-unsafe-eval' in script-src. (${error.message})`;
  }
};
