// Fetching what a page does not need from the start: the widget, and the smaller parts.

/** What `part` resolves to. Rejects with a sentence that says what to do. */
export const fetched = (part) =>
  part.catch((error) => {
    throw `the widget did not load (${error.message}). Its files belong beside the script; script-src needs 'wasm-unsafe-eval'.`;
  });

/** Fetches and starts the program, glue and wasm side by side; resolves to its one function. */
export const fetchWidget = async ([glue, wasm]) => {
  // The smallest module there is: a page whose policy forbids wasm need not fetch 50 KB to learn it.
  new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  const response = calm(fetch(wasm));
  const program = await import(glue);
  await program.default({ module_or_path: await response });
  return program.call;
};

/** `promise`, whose failure nobody needs to hear. */
export const calm = (promise) => {
  promise.catch(() => {});
  return promise;
};
