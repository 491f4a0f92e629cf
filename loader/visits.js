// The visit's counts: when this visitor first came, which session this is, how many pages were seen.

const KEY = "asklet.visit";
/** A session ends after 30 minutes without a page view. */
const PAUSE = 30 * 60_000;

/** Counts a page view in the `localStorage` of `host`, and returns the number of the session: 1 where it is blocked. */
export const visit = (host, now) => {
  let seen;
  try {
    seen = JSON.parse(host.localStorage[KEY]);
  } catch {
    // Blocked, the first visit, or somebody else's text under our key.
  }
  let { first = now, session, pages, last } = seen ?? {};
  session = (session | 0 || 1) + (now - last > PAUSE);
  try {
    host.localStorage[KEY] = JSON.stringify({ first, session, pages: (pages | 0) + 1, last: now });
  } catch {
    // Blocked or full. The count is lost, nothing else.
  }
  return session;
};
