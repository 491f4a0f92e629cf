// The places that a page keeps for inline surveys. They may turn up long after the page view: frameworks draw late.

/** The slot of the survey `id`, if it is in the page. */
export const slot = (id) =>
  [...document.querySelectorAll("asklet-survey")].find((element) => element.getAttribute("survey") == id);

/**
 * Calls `found(survey)` when the slot of an inline survey turns up that was not there at the page view, until `signal`
 * aborts. The returned function is to be called at each page view. A router that replaces the slot has it found again.
 */
export const watchSlots = (points, found, signal) => {
  const look = (changes) => {
    for (const point of points)
      if (point.inline && point.allows(location.href)) {
        const before = point.slot;
        point.slot = slot(point.survey);
        if (changes && point.slot && point.slot != before) found(point.survey);
      }
  };
  if (points.some(({ inline }) => inline)) {
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true, attributeFilter: ["survey"] });
    signal.addEventListener("abort", () => observer.disconnect());
  }
  return () => look();
};
