/** Whether the visitor can see the tab. */
export const inSight = () => document.visibilityState == "visible";

/** Calls `shown()` or `hidden()`: now, and each time that the tab is shown or hidden, until `signal` aborts. */
export const watchSight = (shown, hidden, signal) => {
  const look = () => (inSight() ? shown() : hidden());
  document.addEventListener("visibilitychange", look, { signal });
  look();
};
