// Every fault that we can think of, in Chromium and Firefox, with the books open: no answer that was acknowledged is lost, and
// none is there twice. `node tests/faults/faults.mjs [pattern ...]` runs the cells whose names have one of the patterns in
// them, or all; a pattern `chromium` or `firefox` says in which browser alone. FAULTS_TRIALS=n: at most so many trials a cell.

import { cells } from "./cells.mjs";
import { openWorld } from "./world.mjs";

const COLUMNS = ["fault", "browser", "trials", "acknowledged", "accepted", "lost", "raw repeats", "repeats after dedupe"];

/** How long a cell may take before it counts as failed, unless it says otherwise. */
const PATIENCE = 8 * 60_000;

let open;

// Who gives up must not leave browsers behind.
for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, async () => {
    await open?.close().catch(() => {});
    process.exit(1);
  });

/** Runs one cell in one browser; its row. */
export const run = async (cell, kind, { trials = cell.trials } = {}) => {
  const world = await openWorld(kind, { seed: 1 + cells.indexOf(cell), latency: cell.latency });
  open = world;
  let timer;
  const over = new Promise((_, reject) => (timer = setTimeout(() => reject(Error("it takes too long")), cell.patience ?? PATIENCE)));
  const row = { fault: cell.name, browser: kind, trials };
  const started = Date.now();
  try {
    const act = async () => {
      const notes = await cell.run(world, trials);
      return { ...(await world.settle(cell)), notes };
    };
    const { acknowledged, accepted, kept, lost, raw, repeats, wrong, notes } = await Promise.race([act(), over]);
    Object.assign(row, { acknowledged, accepted, lost, "raw repeats": raw, "repeats after dedupe": repeats });
    const ok = !lost && !repeats && !wrong.length;
    return { row, wrong, notes: [notes, kept && `${kept} parked`].filter(Boolean), ok, took: Date.now() - started };
  } catch (error) {
    return { row, wrong: [...world.wrong, String(error.stack ?? error)], notes: [], ok: false, took: Date.now() - started };
  } finally {
    clearTimeout(timer);
    await world.close().catch(() => {});
  }
};

const widths = [62, 8, 6, 12, 8, 4, 11, 20];
const line = (values) =>
  values.map((value, index) => (index < 2 ? String(value ?? "").padEnd(widths[index]) : String(value ?? "-").padStart(widths[index]))).join("  ");

const main = async (patterns) => {
  const kinds = ["chromium", "firefox"].filter((kind) => patterns.includes(kind));
  const names = patterns.filter((pattern) => !["chromium", "firefox"].includes(pattern));
  const limit = Number(process.env.FAULTS_TRIALS ?? Infinity);
  const todo = cells
    .filter(({ name }) => !names.length || names.some((pattern) => name.includes(pattern)))
    .flatMap((cell) => cell.browsers.filter((kind) => !kinds.length || kinds.includes(kind)).map((kind) => [cell, kind]));
  if (!todo.length) throw Error(`no cell has ${names.join(" or ")} in its name`);
  console.log(line(COLUMNS));
  const failed = [];
  for (const [cell, kind] of todo) {
    const { row, wrong, notes, ok, took } = await run(cell, kind, { trials: Math.min(cell.trials, limit) });
    console.log(line(COLUMNS.map((column) => row[column])) + `  ${Math.round(took / 1_000)} s${ok ? "" : "  FAILED"}`);
    for (const note of notes) console.log(`    ${note}`);
    for (const what of wrong.slice(0, 12)) console.log(`    wrong: ${what}`);
    if (!ok) failed.push(`${cell.name} (${kind})`);
  }
  console.log(failed.length ? `\nfailed: ${failed.join("; ")}` : "\nnothing lost, nothing twice");
  process.exit(failed.length ? 1 : 0);
};

if (process.argv[1] == new URL(import.meta.url).pathname) await main(process.argv.slice(2));
