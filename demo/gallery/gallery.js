// The gallery: draws a prompt as its controls say, and keeps address and permalink in step with them.

import { config } from "./config.js";
import { address, follow, form, wanted } from "./controls.js";
import { whenDrawn } from "./drawn.js";
import { keepFocus } from "./focus.js";

const page = document.documentElement;
const said = document.getElementById("said");
const permalink = document.getElementById("permalink");
let waiting = new AbortController();

/** `now`: whether to show the prompt too. */
function draw({ now }) {
  const view = wanted();
  page.dataset.scheme = view.scheme;
  document.getElementById("inline").hidden = view.placement != "inline";
  history.replaceState(null, "", address());
  permalink.href = permalink.textContent = address();
  said.textContent = now ? "" : "Press “Show again” to open the modal.";

  waiting.abort();
  waiting = new AbortController();
  delete page.dataset.ready;
  // Works before asklet.js has loaded, too.
  const asklet = (window.asklet ||= []);
  asklet.push(["configure", config(view)]);
  if (!now) return;
  whenDrawn(() => (page.dataset.ready = ""), waiting.signal);
  asklet.push(["show", "gallery", { preview: true }]);
}

document.addEventListener("asklet:error", ({ detail }) => {
  said.textContent = [said.textContent || "The widget says:", detail.message].join("\n");
});
form.addEventListener("change", () => {
  const now = wanted().placement != "modal";
  if (now) keepFocus();
  draw({ now });
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  draw({ now: true });
});

follow(location.search);
draw({ now: true });
