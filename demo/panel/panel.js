import { watchStartOver } from "./again.js";
import { watchCost } from "./cost.js";
import { lookAgain, watchDevice } from "./device.js";
import { lookAtEndpoint, watchSwitch } from "./endpoint.js";
import { watchEvents } from "./events.js";

const panel = document.getElementById("panel");
const every = 2000;

// Beside the shop it is open, below it closed, until the visitor says otherwise.
const beside = matchMedia("(min-width: 64rem)");
panel.open = beside.matches;
beside.addEventListener("change", () => { panel.open = beside.matches; });

watchCost();
watchDevice();
watchEvents();
watchSwitch();
watchStartOver();

let timer;
let looking = false;
let endpoint = true;

async function look() {
  clearTimeout(timer);
  if (looking || document.hidden || !panel.open) return;
  looking = true;
  lookAgain();
  endpoint = endpoint && await lookAtEndpoint();
  looking = false;
  timer = setTimeout(look, every);
}

document.addEventListener("visibilitychange", look);
panel.addEventListener("toggle", look);
document.addEventListener("asklet:delivered", look);
look();
