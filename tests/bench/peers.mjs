// What the benchmark of the prompt drives: Asklet, eleven plain radio buttons as the floor, and peers as far as npm has
// them and they can be driven without an account. Each asks the same question with eleven points and nothing else.
//
// `page` runs in the page and returns how it is driven there: `ready`, `show`, `close`, `open` (whether it is on the page),
// `point(n)` (what a visitor clicks on), `chosen(n)`.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const QUESTION = "How likely is it that you would recommend Acme to a friend or colleague?";

// --- Asklet and the floor -----------------------------------------------------------------------------------------

const asklet = {
  name: "Asklet",
  how: "popover; show(id, { preview: true }) and close()",
  ours: true,
  routes: {
    "/asklet.json": {
      about: "Acme",
      delivery: { url: "/responses" },
      surveys: [{ id: "nps", ask: "nps", touchpoints: [{ on: "event", name: "never" }] }],
    },
  },
  head: `<script async src="/asklet/asklet.js" data-config="/asklet.json"></script>`,
  page: () => {
    const root = () => document.querySelector("asklet-prompt")?.shadowRoot;
    const input = (n) => root()?.querySelector(`input[value="${n}"]`);
    return {
      ready: () => window.asklet?.version,
      show: () => asklet.show("nps", { preview: true }),
      close: () => asklet.close(),
      open: () => !!root(),
      point: (n) => input(n)?.closest("label"),
      chosen: (n) => input(n).checked,
    };
  },
};

const floor = {
  name: "plain radios",
  how: "eleven <input type=radio>, no script: the floor",
  page: (question) => {
    const input = (n) => document.querySelector(`form input[value="${n}"]`);
    const label = (n) => `<label><input type="radio" name="score" value="${n}">${n}</label> `;
    const points = Array.from({ length: 11 }, (_, n) => label(n));
    return {
      ready: () => true,
      show: () =>
        document.body.insertAdjacentHTML(
          "beforeend",
          `<form><fieldset><legend>${question}</legend>${points.join("")}</fieldset></form>`,
        ),
      close: () => document.querySelector("form").remove(),
      open: () => !!document.querySelector("form"),
      point: (n) => input(n)?.parentNode,
      chosen: (n) => input(n).checked,
    };
  },
};

// --- peers --------------------------------------------------------------------------------------------------------

const surveyjs = {
  name: "SurveyJS 2.5.38",
  how: "inline; model.render(), then unmountComponentAtNode() and model.dispose()",
  packages: ["survey-core@2.5.38", "survey-js-ui@2.5.38"],
  files: {
    "/peer/core.css": "survey-core/survey-core.min.css",
    "/peer/core.js": "survey-core/survey.core.min.js",
    "/peer/ui.js": "survey-js-ui/survey-js-ui.min.js",
  },
  head: `<link rel="stylesheet" href="/peer/core.css">
    <script src="/peer/core.js"></script><script src="/peer/ui.js"></script>`,
  page: (question) => {
    let model;
    let slot;
    const input = (n) => slot?.querySelector(`input[type=radio][value="${n}"]`);
    return {
      ready: () => window.SurveyUI,
      show: () => {
        slot = document.body.appendChild(document.createElement("div"));
        const score = { type: "rating", name: "score", title: question, rateMin: 0, rateMax: 10, displayMode: "buttons" };
        model = new Survey.Model({ elements: [score] });
        model.render(slot);
      },
      close: () => {
        SurveyUI.unmountComponentAtNode(slot);
        model.dispose();
        slot.remove();
        model = slot = undefined;
      },
      open: () => !!slot,
      point: (n) => input(n)?.closest("label"),
      chosen: (n) => model.getValue("score") === n,
    };
  },
};

const posthog = {
  name: "PostHog 1.449.2",
  how: "popover; posthog.displaySurvey() and its own close button, against a stub of its server",
  packages: ["posthog-js@1.449.2"],
  files: {
    "/peer/array.js": "posthog-js/dist/array.js",
    "/static/surveys.js": "posthog-js/dist/surveys.js",
  },
  routes: {
    "/array/phc_bench/config": { surveys: true, supportedCompression: [] },
    "/flags/": { featureFlags: {}, surveys: true },
    "/api/surveys/": {
      surveys: [
        {
          id: "nps",
          name: "nps",
          type: "popover",
          start_date: "2020-01-01T00:00:00Z",
          end_date: null,
          conditions: null,
          appearance: {},
          questions: [{ id: "score", type: "rating", display: "number", scale: 10, question: QUESTION }],
        },
      ],
    },
    "/e/": { status: 1 },
  },
  head: `<script src="/peer/array.js"></script>`,
  page: () => {
    // Headless Chromium counts as a robot otherwise.
    posthog.init("phc_bench", {
      api_host: location.origin,
      autocapture: false,
      capture_pageview: false,
      capture_pageleave: false,
      disable_session_recording: true,
      disable_surveys_automatic_display: true,
      opt_out_useragent_filter: true,
    });
    let known;
    posthog.onSurveysLoaded((surveys) => (known = surveys.length));
    const root = () => document.querySelector("[class^=PostHogSurvey]")?.shadowRoot;
    const point = (n) => root()?.querySelectorAll(".ratings-number")[n];
    return {
      ready: () => known && window.__PosthogExtensions__?.generateSurveys,
      show: () => posthog.displaySurvey("nps", { displayType: "popover", ignoreConditions: true, ignoreDelay: true }),
      close: () => root().querySelector(".form-cancel").click(),
      open: () => !!point(0),
      point,
      chosen: (n) => point(n).classList.contains("rating-active"),
    };
  },
};

const formbricks = {
  name: "Formbricks 1.7.1",
  how: "popover; renderSurveyModal() and its own close button; the container is removed in onClose, as its loader does",
  packages: ["@formbricks/surveys@1.7.1"],
  files: { "/peer/formbricks.js": "@formbricks/surveys/dist/index.umd.js" },
  head: `<script src="/peer/formbricks.js"></script>`,
  page: (question) => {
    const last = () => [...document.querySelectorAll("#formbricks-modal-container")].pop();
    const input = (n) => last()?.querySelector(`input[value="${n}"]`);
    const text = (words) => ({ default: words });
    return {
      ready: () => window.formbricksSurveys,
      show: () => {
        const survey = {
          id: "nps",
          name: "nps",
          type: "web",
          status: "inProgress",
          languages: [],
          welcomeCard: { enabled: false },
          thankYouCard: { enabled: false },
          hiddenFields: { enabled: false },
          // One that is required sends itself off with the click.
          questions: [
            {
              id: "score",
              type: "nps",
              required: false,
              headline: text(question),
              lowerLabel: text("Not at all likely"),
              upperLabel: text("Extremely likely"),
              buttonLabel: text("Send"),
            },
          ],
        };
        formbricksSurveys.renderSurveyModal({
          survey,
          brandColor: "#0b5fff",
          isBrandingEnabled: false,
          placement: "bottomRight",
          clickOutside: false,
          darkOverlay: false,
          highlightBorderColor: null,
          languageCode: "default",
          responseCount: 0,
          onDisplay() {},
          onResponse() {},
          onActiveQuestionChange() {},
          onFileUpload() {},
          onRetry() {},
          getSetIsError() {},
          getSetIsResponseSendingFinished() {},
          // A second after its button, and always that of the oldest.
          onClose: () => document.querySelector("#formbricks-modal-container").remove(),
        });
      },
      close: () => last().querySelector("button[type=button]").click(),
      open: () => !!input(0),
      point: (n) => input(n)?.closest("label"),
      chosen: (n) => input(n).checked,
    };
  },
};

// --- getting them -------------------------------------------------------------------------------------------------

const SCRATCH = process.env.BENCH_SCRATCH ?? fileURLToPath(new URL("../../target/xtask/bench", import.meta.url));

const installed = (wanted) => {
  const at = wanted.lastIndexOf("@");
  try {
    const read = readFileSync(join(SCRATCH, "node_modules", wanted.slice(0, at), "package.json"), "utf8");
    return JSON.parse(read).version == wanted.slice(at + 1);
  } catch {
    return false;
  }
};

/** All that is driven. Peers that npm does not give have a `missing` that says why. */
export const systems = () => {
  const peers = [surveyjs, posthog, formbricks];
  const wanted = peers.flatMap((peer) => peer.packages);
  let missing = "";
  if (!wanted.every(installed)) {
    mkdirSync(SCRATCH, { recursive: true });
    const quiet = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    try {
      execFileSync("npm", ["install", ...quiet, "--prefix", SCRATCH, ...wanted], { cwd: SCRATCH, stdio: "pipe" });
    } catch (error) {
      missing = `npm could not install it: ${String(error.stderr || error.message).trim().split("\n")[0]}`;
    }
  }
  return [asklet, floor, ...peers.map((peer) => ({ ...peer, missing: peer.packages.every(installed) ? "" : missing }))];
};

/** The content of a peer's file. */
export const content = (file) => readFileSync(join(SCRATCH, "node_modules", file));

export { QUESTION };
