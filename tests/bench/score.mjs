// `asklet score` over a million rows (150,000 responses, and the prompts that were shown for them) beside awk, in one run: time, memory, and what both say.
//
// awk counts with one regular expression for the two things it looks at; it neither reads JSON nor drops repeats, so its n is larger.

import { execFileSync, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

const { ASKLET_BIN, ASKLET_YEAR, BENCH_SCRATCH } = process.env;
const responses = Number(process.argv[2] ?? 150_000);
const ROUNDS = 3;
mkdirSync(BENCH_SCRATCH, { recursive: true });

const AWK = String.raw`
  match($0, /"kind":"nps","points":11,"question":"[^"]*","value":[0-9]+/) {
    point = substr($0, RSTART, RLENGTH); sub(/.*:/, "", point); point += 0
    match($0, /"survey":"[^"]*"/); survey = substr($0, RSTART + 10, RLENGTH - 11)
    n[survey]++; if (point >= 9) up[survey]++; else if (point <= 6) down[survey]++
  }
  END { for (survey in n) printf "%s %d %.1f\n", survey, n[survey], 100 * (up[survey] - down[survey]) / n[survey] }`;

const year = async (count) => {
  const file = join(BENCH_SCRATCH, `year-${count}.jsonl`);
  if (!existsSync(file)) {
    console.log(`making ${count} responses`);
    const maker = spawn(ASKLET_YEAR, ["--responses", String(count)], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(maker, "exit");
    await pipeline(maker.stdout, createWriteStream(file + ".part"));
    const [code] = await ended;
    if (code) throw Error("the year could not be made");
    renameSync(file + ".part", file);
  }
  return file;
};

/** Runs a program; seconds, peak memory in MB, and what it printed. */
const measure = async (program, ...args) => {
  const start = performance.now();
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, LC_ALL: "C" } });
  let peak = 0;
  const look = setInterval(() => {
    try {
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0));
    } catch {
      // It has ended.
    }
  }, 5);
  let text = "";
  child.stdout.on("data", (part) => (text += part));
  const [code] = await once(child, "close");
  clearInterval(look);
  if (code) throw Error(`${program} ended with ${code}`);
  return { seconds: (performance.now() - start) / 1000, peak: peak / 1000, text };
};
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

const file = await year(responses);
const lines = Number(execFileSync("wc", ["-l", file], { encoding: "utf8" }).split(" ")[0]);
console.log(`${lines} rows, ${(statSync(file).size / 1e6).toFixed(0)} MB, ${ROUNDS} rounds, median`);
const runs = { asklet: [], awk: [] };
for (let round = 0; round < ROUNDS; round++) {
  runs.asklet.push(await measure(ASKLET_BIN, "score", file, "--format", "csv"));
  runs.awk.push(await measure("awk", AWK, file));
}
for (const [name, all] of Object.entries(runs)) {
  const seconds = median(all.map((run) => run.seconds));
  console.log(`${name.padEnd(8)} ${seconds.toFixed(2)} s  ${(lines / seconds / 1000).toFixed(0)} thousand rows a second  ${median(all.map((run) => run.peak)).toFixed(0)} MB`);
}
console.log("NPS by asklet:\n" + runs.asklet[0].text.split("\n").filter((line) => line.includes(",nps,")).join("\n"));
console.log("NPS by awk, with repeats:\n" + runs.awk[0].text);
console.log("memory of asklet score:");
for (const fewer of [responses / 100, responses / 10, responses, responses * 2]) {
  const { peak } = await measure(ASKLET_BIN, "score", await year(fewer), "--format", "csv");
  console.log(`${String(fewer).padStart(9)} responses  ${peak.toFixed(0)} MB`);
}
