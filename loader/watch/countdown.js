// The longest wait that setTimeout knows: 24 days.
const LONGEST = 2 ** 31 - 1;

/**
 * A clock that calls `done` when it has run for `ms` in all. `run()` lets it go on, `hold()` stops it, and `reset()`
 * stops it and puts it back to the start. When `signal` aborts it is held for good.
 */
export const countdown = (ms, done, signal) => {
  let left = ms;
  let since;
  let timer;
  const hold = () => {
    clearTimeout(timer);
    if (since !== undefined) left -= performance.now() - since;
    since = undefined;
  };
  const run = () => {
    if (signal.aborted || since !== undefined) return;
    since = performance.now();
    timer = setTimeout(
      () => {
        hold();
        if (left > 0) run();
        else done();
      },
      Math.min(left, LONGEST),
    );
  };
  const reset = () => {
    hold();
    left = ms;
  };
  signal.addEventListener("abort", hold);
  return { run, hold, reset };
};
