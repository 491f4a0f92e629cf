import { el } from "./dom.js";
import { surveysOf } from "./owed.js";
import { STYLE } from "./style.js";
import { eventSays, moment, next, outboxSays, ruleName, value, verdict } from "./words.js";

const TYPES = [
  "ready", "eligible", "suppressed", "shown", "answered", "completed",
  "dismissed", "queued", "delivered", "parked", "evicted", "error",
]; // prettier-ignore
const COLUMNS = ["Rule", "Wants", "Found", "Verdict", "Next"];
/** So many events are listed. */
const RECENT = 20;
/** Events come in bursts: they are looked at together, after so many ms. */
const GATHER = 100;
/** How often it is looked whether the widget has come, in ms. */
const LOOK = 1_000;

/** What is said where there is nothing to explain. */
const SENTENCES = {
  reading: "The configuration has not been read yet.",
  over: "Asklet has been stopped on this page.",
  owed: 'Consent is missing: nothing happens before asklet.consent("granted").',
  asleep: "The widget is not loaded: nothing on this page has needed it yet. To look now loads it.",
};

/**
 * Opens the panel. `api` is `window.asklet`; `state()` gives the loader's configuration (a list, configuration first), what
 * it is running, and whether the widget was sent for.
 */
export const open = (api, state) => {
  // Destroyed while this was fetched.
  if (window.asklet !== api) return;
  const life = new AbortController();
  const { signal } = life;

  const said = el("p", { role: "status" });
  const outbox = el("p", {}, "Not looked at yet.");
  const events = el("ol");
  const none = el("p", {}, "None since this panel was opened.");
  const surveys = el("div");
  const refresh = el("button", { type: "button", onclick: () => look(true) });
  const top = el("details", { open: true },
    el("summary", {}, el("h2", {}, "Asklet "), el("span", {}, api.version)),
    el("div", { className: "inside" },
      said, refresh,
      el("h3", {}, "Surveys"), surveys,
      el("h3", {}, "Outbox"), outbox,
      el("h3", {}, "Events"), none, events),
  ); // prettier-ignore
  const host = el("asklet-debug", { lang: "en", dir: "ltr" });
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  root.append(el("section", { "aria-label": "Asklet, debug" }, top));
  document.documentElement.append(host);

  // --- surveys: one that is open stays open, a button that has the focus keeps it ----------------------------

  const shown = new Map();

  const makeSurvey = (id) => {
    const words = el("span");
    const rows = el("tbody", { role: "rowgroup" });
    // Roles in so many words: laid out in blocks, a table would be none.
    const heads = COLUMNS.map((name) => el("th", { scope: "col", role: "columnheader" }, name));
    const table = el("table", { className: "rules", role: "table" },
      el("caption", {}, `Rules of ${id}`),
      el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...heads)),
      rows); // prettier-ignore
    const preview = () => api.show(id, { preview: true }).catch(({ message }) => (said.textContent = message));
    const button = el("button", { type: "button", onclick: preview }, `Preview ${id}`);
    const inside = el("div", { className: "inside" }, button, table);
    const details = el("details", { className: "survey" }, el("summary", {}, `${id} `, words), inside);
    return { details, words, rows, table, button };
  };

  const makeRow = (rule, now) => {
    const cell = (label, text, className = "") => el("td", { role: "cell", "data-label": label, className }, text);
    return el("tr", { role: "row" },
      el("th", { scope: "row", role: "rowheader" }, ruleName(rule)),
      cell("Wants", value(rule.rule, rule.wants)),
      cell("Found", value(rule.rule, rule.found)),
      cell("Verdict", rule.holds ? "holds" : "does not hold", rule.holds ? "good" : "bad"),
      cell("Next", next(rule.next ?? undefined, now))); // prettier-ignore
  };

  const draw = (explanations) => {
    const ids = explanations.map(({ survey }) => survey);
    for (const [id, { details }] of shown)
      if (!ids.includes(id)) {
        details.remove();
        shown.delete(id);
      }
    for (const explanation of explanations) {
      const { survey, rules } = explanation;
      if (!shown.has(survey)) {
        shown.set(survey, makeSurvey(survey));
        surveys.append(shown.get(survey).details);
      }
      const { words, rows, table, button } = shown.get(survey);
      words.textContent = rules ? verdict(explanation) : "";
      table.hidden = !rules;
      button.hidden = isOwed(rules);
      rows.replaceChildren(...(rules ?? []).map((rule) => makeRow(rule, Date.now())));
    }
  };

  const isOwed = (rules) => Boolean(rules?.some(({ rule, holds }) => rule === "consent" && !holds));

  // --- looking ----------------------------------------------------------------------------------------------

  const mode = () => {
    const [given, found, loading] = state();
    if (!given) return given === undefined ? "reading" : "over";
    if (loading) return "awake";
    return found ? "asleep" : "owed";
  };

  let last;
  const look = async (wanted = false) => {
    const now = (last = mode());
    refresh.hidden = now === "reading" || now === "over";
    refresh.textContent = now === "asleep" ? "Look now" : "Look again";
    if (now === "reading" || now === "over" || (now === "asleep" && !wanted)) {
      said.textContent = SENTENCES[now];
      return draw(now === "asleep" ? surveysOf(state()[0][0]).map((survey) => ({ survey })) : []);
    }
    try {
      const explanations = await api.explain();
      if (signal.aborted) return;
      last = mode();
      if (!explanations) {
        said.textContent = SENTENCES.over;
        return draw([]);
      }
      draw(explanations);
      const waits = now === "owed" || explanations.some(({ rules }) => isOwed(rules));
      said.textContent = waits ? SENTENCES.owed : `As of ${moment(Date.now(), true)}.`;
      refresh.textContent = "Look again";
      if (waits) return;
      const box = await api.outbox();
      if (box && !signal.aborted) outbox.textContent = outboxSays(box);
    } catch ({ message }) {
      said.textContent = message;
    }
  };

  let timer;
  for (const type of TYPES)
    document.addEventListener(`asklet:${type}`, ({ detail }) => {
      none.hidden = true;
      events.prepend(el("li", {}, `${moment(Date.now(), true)} ${type} ${eventSays(detail)}`));
      events.children[RECENT]?.remove();
      timer ??= setTimeout(() => {
        timer = undefined;
        look();
      }, GATHER);
    }, { signal }); // prettier-ignore

  // Consent and the widget come without an event that says so.
  const clock = setInterval(() => mode() !== last && look(), LOOK);

  const { destroy } = api;
  api.destroy = () => {
    life.abort();
    clearTimeout(timer);
    clearInterval(clock);
    host.remove();
    api.destroy = destroy;
    destroy();
  };
  look();
};
