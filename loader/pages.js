// Page views after the first: navigation within the page, and a page that comes back out of the back/forward cache.

// A fragment counts where it is a route (`#/basket`, `#!basket`), not where it is a place in the page.
const route = () => location.href.replace(/#(?![/!]).*/, "");

/** Calls `seen(persisted)` at each page view until `signal` aborts. `persisted`: the page had been put aside. */
export const watchPages = (seen, signal) => {
  let last = route();
  const look = (event) => {
    const moved = last != (last = route());
    if (!signal.aborted) seen(moved || event.persisted, event);
  };
  for (const type of ["pageshow", "popstate", "hashchange", "storage"]) addEventListener(type, look, { signal });
  if (window.navigation) navigation.addEventListener("currententrychange", look, { signal });
  else
    for (const name of ["pushState", "replaceState"]) {
      const original = history[name];
      const wrapped = (history[name] = function (...args) {
        original.apply(this, args);
        look({});
      });
      signal.addEventListener("abort", () => {
        // A later patch by somebody else stays; ours below it does nothing any more.
        if (history[name] != wrapped) return;
        delete history[name];
        // Somebody had patched it before us.
        if (history[name] != original) history[name] = original;
      });
    }
};
