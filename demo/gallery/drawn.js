/** Calls `act` once a prompt that is not there yet has been drawn, unless `signal` comes before. */
export function whenDrawn(act, signal) {
  const old = new Set(document.querySelectorAll("asklet-prompt"));
  const observer = new MutationObserver(look);
  observer.observe(document, { childList: true, subtree: true });
  signal.addEventListener("abort", () => observer.disconnect());

  function look() {
    for (const prompt of document.querySelectorAll("asklet-prompt")) {
      if (old.has(prompt)) continue;
      if (prompt.shadowRoot?.querySelector("[part]")) {
        observer.disconnect();
        return act();
      }
      if (prompt.shadowRoot) observer.observe(prompt.shadowRoot, { childList: true, subtree: true });
    }
  }
}
