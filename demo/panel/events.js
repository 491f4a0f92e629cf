import { el } from "../dom.js";
import { clock, fill, say } from "./rows.js";

const types = ["ready", "eligible", "suppressed", "shown", "answered", "completed", "dismissed", "queued", "delivered", "parked", "evicted", "error"];
const kept = 8;
let seen = [];

// The parts of a detail that tell most, in the order in which they are looked for.
function gist(detail) {
  const part = detail ?? {};
  return [part.survey, part.question, part.value, part.reason, part.status, part.message]
    .filter((value) => ["string", "number"].includes(typeof value))
    .join(" · ");
}

/** Shows the latest events that Asklet dispatches on the document. */
export function watchEvents() {
  for (const type of types) {
    document.addEventListener(`asklet:${type}`, ({ detail }) => {
      seen = [{ at: Date.now(), type, gist: gist(detail) }, ...seen].slice(0, kept);
      say("events-said", "");
      fill(document.getElementById("events"), seen, (event) =>
        el("li", {},
          el("span", { class: "what" }, event.type),
          el("time", { class: "much" }, clock(event.at)),
          event.gist && el("span", { class: "more" }, event.gist)));
    });
  }
}
