/**
 * The place that a page keeps for an inline survey. It may turn up long after the page view: frameworks draw late. A
 * router that replaces it has it found again.
 */
export const slot = ({ survey }, seen, signal) => {
  let before;
  const look = () => {
    const slots = [...document.querySelectorAll("asklet-survey")];
    const now = slots.find((element) => element.getAttribute("survey") == survey);
    const isNew = now && now != before;
    before = now;
    if (isNew) seen();
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { childList: true, subtree: true, attributeFilter: ["survey"] });
  signal.addEventListener("abort", () => observer.disconnect());
  look();
};
