/** A controller that aborts when `parent` does. */
export const child = (parent) => {
  const own = new AbortController();
  if (parent.aborted) own.abort();
  // Once it has aborted, the parent knows nothing of it any more.
  parent.addEventListener("abort", () => own.abort(), { signal: own.signal });
  return own;
};
