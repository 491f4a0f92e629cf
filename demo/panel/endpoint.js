import { el } from "../dom.js";
import { clock, fill, say } from "./rows.js";

const control = "/demo/endpoint";
const shown = 8;
const button = document.getElementById("switch");
const none = "This copy of the shop is served by something that has no endpoint to start, stop or read: run cargo xtask demo to see one.";

// A server that does not know the path may answer 404, or with the shop itself.
async function ask() {
  const reply = await fetch(control);
  const json = reply.ok && reply.headers.get("content-type")?.includes("json");
  return json ? reply.json() : null;
}

async function tell(running) {
  const body = JSON.stringify({ running });
  const reply = await fetch(control, { method: "POST", headers: { "content-type": "application/json" }, body });
  if (!reply.ok) throw new Error(await reply.text());
}

function draw(row) {
  return el("li", {},
    el("span", { class: "what" }, el("span", { class: "score" }, String(row.score ?? "–")), ` ${row.survey}`),
    el("time", { class: "much" }, clock(row.answered_at ?? row.shown_at)),
    el("span", { class: "more" }, row.comment ? `${row.status}: “${row.comment}”` : row.status));
}

/** The latest responses, newest first. */
async function stored(url) {
  const reply = await fetch(`${url}?limit=${shown}`);
  if (!reply.ok) throw new Error((await reply.json()).detail);
  const lines = (await reply.text()).split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line)).reverse();
}

/** Looks at the endpoint once; false when this server has none. */
export async function lookAtEndpoint() {
  let state;
  try {
    state = await ask();
  } catch {
    say("endpoint-said", "The shop's own server does not answer: start cargo xtask demo again.");
    return true;
  }
  if (!state) {
    say("endpoint-said", none);
    return false;
  }
  button.hidden = false;
  button.setAttribute("aria-checked", state.running);
  if (!state.running) {
    say("endpoint-said", "Stopped. Answers wait on the device until it is started again.");
    return true;
  }
  try {
    const rows = await stored(state.url);
    say("endpoint-said", rows.length ? "" : "No responses yet.");
    fill(document.getElementById("stored"), rows, draw);
  } catch (error) {
    // A refusal without CORS headers looks to a page like no answer at all.
    say("endpoint-said", `This page cannot read from it: ${error.message}.`);
  }
  return true;
}

/** The switch really starts and stops the endpoint's process. */
export function watchSwitch() {
  button.addEventListener("click", async () => {
    const running = button.getAttribute("aria-checked") !== "true";
    say("endpoint-said", running ? "Starting." : "Stopping.");
    try {
      await tell(running);
      await lookAtEndpoint();
    } catch (error) {
      say("endpoint-said", error.message);
    }
  });
}
