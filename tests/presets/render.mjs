// What the presets render, for responses of every shape: full, with everything absent, and with what visitors may write.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const ASKLET = process.env.ASKLET_BIN ?? here("../../target/debug/asklet");

/** The example of docs/deliver.md, in which nothing is absent. */
export const FULL = JSON.parse(readFileSync(here("../../docs/deliver.md"), "utf8").match(/```json\n(.*?)```/s)[1]);

const without = (document, ...keys) => Object.fromEntries(Object.entries(document).filter(([key]) => !keys.includes(key)));
const numbered = (document, number) => ({ ...document, id: FULL.id.slice(0, -4) + String(number).padStart(4, "0") });

/** Nothing answered, nobody known: as little as a response can have. */
export const BARE = {
  ...numbered(without(FULL, "metric", "score", "comment", "visitor", "page", "answered_at", "seconds", "turnaround_seconds"), 1),
  revision: 1,
  status: "partial",
  touchpoint: { on: "call" },
  answers: [],
};

/** All kinds of answers, and words that a format could take for its own. */
export const HOSTILE = `=1+1 <!channel> & [x](https://shop.example) {{config.key}} "}}\\ %00\n*b* \u{1F600}`;
export const RICH = {
  ...numbered(FULL, 2),
  comment: HOSTILE,
  answers: [
    { question: "helpful", kind: "csat", value: 2, points: 2, bucket: "satisfied" },
    { question: "from", kind: "choice", value: "other", other: "On the radio", shown: ["ad", "friend"] },
    { question: "better", kind: "choice", value: ["price", "help"] },
    { question: "may", kind: "consent", value: false },
    { question: "why", kind: "text", value: HOSTILE },
  ],
};

/** A preset's file. */
export const preset = (name) => JSON.parse(readFileSync(here(`../../presets/${name}.json`), "utf8"));

/** The requests that carry `responses`, each with `url`, `method`, `headers` and `body`. `values` are the owner's. */
export const render = (name, responses, values = {}) => {
  const { delivery } = preset(name);
  const place = mkdtempSync(join(tmpdir(), "asklet-"));
  try {
    const config = join(place, "delivery.json");
    writeFileSync(config, JSON.stringify({ ...delivery, values: { ...delivery.values, ...values } }));
    const args = ["render", "--config", config, "--response", "-", "--format", "json", "--base", "https://shop.example"];
    const said = execFileSync(ASKLET, args, { input: JSON.stringify(responses) });
    return String(said).trim().split("\n").map((line) => JSON.parse(line));
  } finally {
    rmSync(place, { recursive: true });
  }
};

/** One request for each shape, and one for all three where they go together. */
export const renderAll = (name, values) => {
  const alone = [FULL, BARE, RICH].map((response) => ({ responses: [response], request: render(name, [response], values)[0] }));
  if (!preset(name).delivery.batch) return alone;
  const responses = [FULL, BARE, RICH];
  return [...alone, { responses, request: render(name, responses, values)[0] }];
};
