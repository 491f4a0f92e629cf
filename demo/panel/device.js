import { el } from "../dom.js";
import { fill, say } from "./rows.js";

// Only the widget can tell what waits, and asking it would fetch it. So it is asked only once it is here.
let here = false;
let waiting = 0;
const flush = document.getElementById("flush");

const times = (n) => (n === 0 ? "not tried yet" : n === 1 ? "tried once" : `tried ${n} times`);

function next(due) {
  const seconds = Math.round((due - Date.now()) / 1000);
  return seconds > 0 ? `next in ${seconds} s` : "now";
}

async function look() {
  if (!here) return;
  let outbox;
  try {
    outbox = await window.asklet.outbox();
  } catch (error) {
    say("device-said", `The outbox could not be read: ${error.message ?? error}`);
    return;
  }
  const parked = outbox.parked ?? [];
  waiting = outbox.waiting.length;
  const rows = [
    ...outbox.waiting.map((one) => ({ survey: one.survey, what: `${one.status}, ${times(one.attempts)}`, when: next(one.due) })),
    ...parked.map((one) => ({ survey: one.survey, what: `parked: ${one.reason}`, when: "" })),
  ];
  say("device-said", rows.length ? (outbox.durable ? "" : "Kept in memory only: this browser stores nothing.") : "Nothing waits.");
  fill(document.getElementById("device"), rows, (row) =>
    el("li", {}, el("span", { class: "what" }, row.survey), el("span", { class: "much" }, row.when), el("span", { class: "more" }, row.what)));
  // Not while it has the focus, which would be lost with it.
  flush.hidden = waiting === 0 && document.activeElement !== flush;
}

/** Looks while something waits, so that its attempts can be seen. */
export const lookAgain = () => waiting > 0 && look();

export function watchDevice() {
  for (const type of ["ready", "queued", "delivered", "parked", "evicted"]) {
    document.addEventListener(`asklet:${type}`, () => {
      here = true;
      look();
    });
  }
  flush.addEventListener("click", async () => {
    await window.asklet.flush();
    look();
  });
}
