// The visit's counts: when this visitor first came, which session this is, how many pages were seen.

import { read, write } from "./storage.js";

/** Counts a page view, and returns the counts with it. */
export const visit = () => {
  const last = Date.now();
  const seen = read("visit");
  const counts = {
    // A clock that was ahead once has not seen the visitor in the future.
    first: Math.min(+seen.first || last, last),
    // A session ends after 30 minutes without a page view.
    session: (seen.session | 0 || 1) + (last - seen.last > 1_800_000),
    pages: (seen.pages | 0) + 1,
  };
  write("visit", JSON.stringify({ ...counts, last }));
  return counts;
};
