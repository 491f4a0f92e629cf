// The edges of the browser that are a line here and a page of bindings in Rust: storage, locks, timers, what the page can tell,
// and what it is told. Nothing is decided here. `edge.rs` is the other side.

const TABLES = ["outbox", "parked", "meta"];

const attempt = (act) => {
  try {
    return act();
  } catch {}
};

// --- storage --------------------------------------------------------------------------------------------------

let database; // While it is open.
let opening;
let known; // Whether this page has had it before.

const connect = () =>
  (opening ??= new Promise((resolve, reject) => {
    // Without a version: where a later release has changed it, a page that is still open uses what is there.
    const request = indexedDB.open("asklet");
    // Some browsers never answer where storage is odd.
    const timer = setTimeout(() => reject((request.onsuccess = () => request.result.close())), 5_000);
    request.onupgradeneeded = () => {
      if (known) {
        // Another page has erased everything. Nothing of this one's may bring it back.
        request.onerror = () => reject(null);
        request.transaction.abort();
        return dispatchEvent(new StorageEvent("storage", { key: "asklet.visit" }));
      }
      TABLES.forEach((table) => request.result.createObjectStore(table, { keyPath: "id" }));
    };
    request.onerror = reject;
    request.onsuccess = () => {
      clearTimeout(timer);
      database = request.result;
      known = true;
      // A later version, or somebody who erases all, must not wait for this page.
      database.onversionchange = database.onclose = close;
      resolve();
    };
  }));

// Strict: "complete" means on the disk, and a visitor is told so.
const transact = () => database.transaction(TABLES, "readwrite", { durability: "strict" });

/** Closes the database; the next `read` opens it again. */
export const close = () => {
  database?.close();
  database = opening = undefined;
};

/** A transaction, and the rows of every table. What is to be written must be written before anything else is awaited. */
export const read = async () => {
  await connect();
  const transaction = attempt(transact) ?? (close(), await connect(), transact());
  const rows = (table) =>
    new Promise((resolve, reject) => {
      const request = transaction.objectStore(table).getAll();
      request.onsuccess = () => resolve(request.result);
      request.onerror = reject;
    });
  return [transaction, ...(await Promise.all(TABLES.map(rows)))];
};

/** Puts rows into each table and takes out those with the ids in `gone`; resolves when that is complete. */
export const write = (transaction, changes) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = reject;
    changes.forEach(([rows, gone], index) => {
      const table = transaction.objectStore(TABLES[index]);
      rows.forEach((row) => table.put(row));
      gone.forEach((id) => table.delete(id));
    });
  });

/** Puts one row into the outbox, without waiting for anything. Where it is not open the row is in memory alone. */
export const dash = (row) => attempt(() => transact().objectStore(TABLES[0]).put(row));

/** Takes the lock `name` if no other tab has it; resolves to what lets it go, or to nothing. */
export const lock = (name) =>
  new Promise((resolve) => {
    // Where there are no locks, or storage is blocked, everybody has one: the database makes things right.
    const free = () => resolve(() => {});
    const granted = (lock) => (lock ? new Promise(resolve) : resolve());
    navigator.locks ? navigator.locks.request(name, { ifAvailable: true }, granted).catch(free) : free();
  });

// --- network --------------------------------------------------------------------------------------------------

const refusals = new Set();
const refuse = ({ blockedURI }) => refusals.add(blockedURI);

/** Whether the page's own policy has refused a request to `url`. It says so a moment later than the request fails. */
export const refused = async (url) => {
  await sleep(50);
  const { href } = new URL(url, location);
  return [...refusals].some((blocked) => href.startsWith(blocked));
};

/** What is fetched where a config's `delivery` says more than where to, and which events. */
let form;
/** The page's own function, where that takes the answers. */
let send;

/** A config as the page hands it over, with its function kept here and `true` in its place. */
export const take = (config) => {
  send = config?.delivery?.send;
  return send?.call ? { ...config, delivery: { ...config.delivery, send: true } } : config;
};

/**
 * The request that carries these documents, which outlives the page if it is not too large for that; or what the page's own function
 * makes of them. Rejects with `[path, message]` where a template does not fit, and otherwise where the part that makes it cannot be had.
 */
export const request = async ({ events, ...delivery }, documents, attempt) => {
  if (delivery.send) return (await send(documents[0])) || "delivered";
  // What is counted makes no form of its own.
  let made = { method: "POST", headers: { "content-type": "application/json" }, redirect: "manual", ...delivery };
  if (Object.keys(delivery).length > 1) {
    form ??= await part("form");
    made = form.request(delivery, documents, attempt, Date.now());
  }
  const { url, reads, body = JSON.stringify(documents[0]), ...init } = made;
  // No cookies. A page may have 64 KiB of requests under way that outlive it, and one too many would fail at once.
  const more = { body, credentials: "omit", signal: AbortSignal.timeout(15_000), keepalive: attempt < 2 && body.length < 20_000 };
  return Object.assign(new Request(url, { ...init, ...more }), { reads });
};

/**
 * What came of it: `[meanings, status, wait, text]`, of which the meanings are there where the config has a say in that. Nothing where
 * there was no answer. The status is 0 for a redirect that was not followed, and where the page's own policy forbids the request.
 */
export const reply = async (delivery, documents, { url, reads }, response) => {
  if (!response) {
    // The policy's word comes a moment later than the failure.
    await sleep(50);
    return [...refusals].some((refused) => url.startsWith(refused)) ? [null, 0] : [];
  }
  const { status, headers } = response;
  const after = headers.get("retry-after");
  const wait = +after >= 0 ? after && after * 1_000 : Date.parse(after) - Date.now();
  // What decides must have arrived whole; of a refusal as much as there is.
  const text = reads ? await response.text() : status < 400 ? "" : await response.text().catch(() => "");
  const ids = documents.map(({ id }) => id);
  return [form?.judge(delivery, ids, status, text), status, isNaN(wait) ? null : wait, text];
};

// --- what the page can tell ---------------------------------------------------------------------------------

const fits = (query) => matchMedia(query).matches;

/** What the page can tell of the visitor. */
export const facts = () => ({
  url: location.href,
  // A finger on a small screen is a mobile, on a large one a tablet.
  device: !fits("(pointer: coarse)") ? "desktop" : fits("(max-width: 599px), (max-height: 479px)") ? "mobile" : "tablet",
  language: navigator.language,
  // The page's, then the visitor's.
  languages: [document.documentElement.lang, ...navigator.languages].filter(Boolean),
  referrer: document.referrer,
  query: Object.fromEntries(new URLSearchParams(location.search)),
  opts_out: !!navigator.globalPrivacyControl || navigator.doNotTrack == "1",
});

// --- timers --------------------------------------------------------------------------------------------------

const sleeping = new Set();
let alarm;

/** Calls `act` after so many milliseconds; a browser's timer reaches some 24 days, and more would go off at once. */
const later = (act, span) => setTimeout(act, Math.min(span, 2 ** 31 - 1));

export const sleep = (span) =>
  new Promise((resolve) => {
    const wake = () => {
      sleeping.delete(timer);
      resolve();
    };
    const timer = later(wake, span);
    sleeping.add(timer);
  });

/** Sets the one alarm. */
export const wake = (span, act) => {
  clearTimeout(alarm);
  alarm = later(act, span);
};

// --- the page hears and is heard ------------------------------------------------------------------------------

let typed;
const typing = () => (typed = Date.now());

// The live region: one, polite, there and empty from the start, since a screen reader hears only what changes.
// (accessibility.md, item 13.)
let live;

/** From now on the page is watched for somebody who types, and has a place to be spoken to. */
export const begin = () => {
  document.addEventListener("input", typing);
  document.addEventListener("securitypolicyviolation", refuse);
  // Who is in a field now may have typed while the widget was fetched.
  typing();
  live = document.createElement("div");
  for (const [name, value] of Object.entries({ role: "status", "aria-live": "polite", "aria-atomic": true, "data-asklet-live": "" }))
    live.setAttribute(name, value);
  // Whatever the page's style sheet says of all elements.
  live.style.cssText =
    "all:initial;position:fixed;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap".replace(/;|$/g, "!important;");
  document.body?.append(live);
};

/** Nothing of this is left: no listener, no element, no timer. What waits for a timer never goes on. */
export const end = () => {
  document.removeEventListener("input", typing);
  document.removeEventListener("securitypolicyviolation", refuse);
  known = false;
  live?.remove();
  clearTimeout(alarm);
  sleeping.forEach(clearTimeout);
  sleeping.clear();
  kept.forEach(free);
  kept.clear();
  close();
};

/** Says a sentence to those who hear the page, or falls silent. */
export const say = (sentence) => {
  if (live) live.textContent = sentence;
};

/** Tells the page's scripts. */
export const emit = (name, detail) => {
  // A service worker has none.
  globalThis.document?.dispatchEvent(new CustomEvent("asklet:" + name, { bubbles: true, composed: true, detail }));
};

/** Tells the developer. */
export const warn = (message) => console.warn("asklet: " + message);

/** Random bytes that cannot be guessed. */
export const fill = (bytes) => {
  crypto.getRandomValues(bytes);
};

/** The slot for a survey's inline prompt. Ids have no characters that a selector would mind. */
export const slot = (survey) => document.querySelector(`asklet-survey[survey="${survey}"]`);

// --- the element that a prompt lives in --------------------------------------------------------------------------

const hosts = new Map(); // Each with what is known of it.
const kept = new Set(); // Slots that keep their height.

/** How often a page may throw a prompt away before it is left at that. */
const PATIENCE = 50;

/** The prompts that stand over the page. */
const OVER = "asklet-prompt:not([data-placement=inline],[data-placement=tab])";

/** An `<asklet-prompt>` in the page, and what is inside its shadow root; nothing where it has no place. */
export const host = (survey, placement, { position = "bottom-end", beside }, theme, key, style) => {
  const place = () => (placement == "inline" ? slot(survey) : document.body);
  if (!place()) return;
  theme ??= {};
  const element = document.createElement("asklet-prompt");
  const { scheme = "auto", density = "comfortable" } = theme;
  Object.assign(element.dataset, { placement, scheme, density, survey, position });
  // Through the object model: a style attribute would break a strict content security policy.
  for (const name of ["radius", "font", "spacing"])
    if (theme[name]) element.style.setProperty("--asklet-" + name, theme[name]);
  const root = element.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  const inside = root.appendChild(document.createElement("div"));
  put(place(), element);

  const over = new AbortController();
  const { signal } = over;
  const state = { theme, beside, inside, over, before: document.activeElement, covers: !/inline|modal/.test(placement) };
  const on = (target, type, act) => target.addEventListener(type, act, { signal, capture: type == "scroll" });
  hosts.set(element, state);

  // Put back what the page has thrown away with what it drew anew, and the focus into it.
  let focused;
  let patience = PATIENCE;
  root.addEventListener("focusin", ({ target }) => (focused = target));
  // Some time later: what is thrown away loses the focus before it goes.
  root.addEventListener("focusout", () => setTimeout(() => has_focus(element) || (focused = 0)));
  const observer = new MutationObserver((changes) => {
    if (live && !live.isConnected) document.body?.append(live);
    if (!element.isConnected && place() && patience-- > 0) {
      const before = focused;
      put(place(), element);
      adjust(element);
      // A modal has the page wait again.
      const modal = inside.querySelector("[open]");
      modal?.close();
      modal?.showModal();
      before?.focus();
    }
    // A page may change its colours at a switch of its own.
    if (changes.some(({ type }) => type == "attributes")) adjust(element);
  });
  observer.observe(document, { childList: true, subtree: true });
  for (const node of [document.documentElement, document.body]) observer.observe(node, { attributes: true });
  if (beside) {
    state.size = new ResizeObserver(() => follow(element));
    for (const type of ["scroll", "resize"]) on(window, type, () => follow(element));
  }
  signal.onabort = () => [observer, state.size].forEach((watcher) => watcher?.disconnect());
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"])
    on(matchMedia(query), "change", () => adjust(element));

  // The focus: a key that goes in and back, and that a prompt never hides what has it. (accessibility.md, items 12 to 16.)
  on(document, "keydown", (event) => {
    // With a prompt over the page the key is that one's, unless the visitor is in this one.
    const yields = !element.matches(OVER) && !has_focus(element) && document.querySelector(OVER);
    if (event.key != key || event.defaultPrevented || yields) return;
    event.preventDefault();
    has_focus(element) ? give_back(element, true) : enter(element);
  });
  on(element, "focusin", ({ relatedTarget }) => (state.before = relatedTarget ?? state.before));
  on(document, "focusin", ({ target }) => target != element && clear(element, target, true));

  if (fits("(pointer: coarse)")) more(({ drag }) => drag(root));
  return [element, inside];
};

const free = (slot) => (slot.style.minHeight = slot.style.display = "");

const put = (place, element) => {
  if (kept.delete(place)) free(place);
  place.append(element);
};

/** Takes a host out of the page. */
export const unhost = (element) => {
  const slot = element.parentNode;
  // One that was folded goes by itself, some time later: nothing on the page may move then.
  if (element.dataset.placement == "inline" && element.shadowRoot.querySelector(".bar") && slot) {
    Object.assign(slot.style, { display: "block", minHeight: element.offsetHeight + "px" });
    kept.add(slot);
  }
  if (has_focus(element)) give_back(element, true);
  hosts.get(element).over.abort();
  hosts.delete(element);
  element.remove();
};

/** A prompt was drawn: it can be read, stands where it belongs, and not over what has the focus. */
export const drawn = (element) => {
  const { size, inside } = hosts.get(element);
  adjust(element);
  size?.observe(inside.firstChild);
  if (document.activeElement) clear(element, document.activeElement);
};

/** Whether the focus is in a prompt. */
export const has_focus = (element) => document.activeElement == element;

/** Brings the focus to where a prompt is answered, or opened. */
const enter = (element) => {
  // Nothing of the page's is hidden by it now: as large as it likes.
  delete element.dataset.edge;
  for (const selector of ["[part=undo],[part=tab]", "input:checked", "input,textarea", "h2"]) {
    const found = element.shadowRoot.querySelector(selector);
    if (found) return found.focus();
  }
};

/** Brings the focus to a prompt's heading, since the visitor asked for it. */
export const invite = (element) => {
  element.shadowRoot.querySelector("h2").focus();
};

/** Back to where the focus was, else to the page's main part; never to nowhere. A prompt that stays behind its tab keeps it. */
export const give_back = (element, goes) => {
  if (!goes && element.shadowRoot.querySelector(".tab")) return enter(element);
  // Under a modal the page cannot have it.
  element.shadowRoot.querySelector("[open]")?.close();
  const { before } = hosts.get(element);
  if (before?.isConnected && before != document.body) before.focus();
  if (before && document.activeElement == before && before != document.body) return;
  const main = document.querySelector("main,[role=main]") ?? document.querySelector("h1");
  if (!main) return;
  if (!main.hasAttribute("tabindex")) {
    main.tabIndex = -1;
    // Given back when the focus moves on; before, the browser would drop the focus.
    main.addEventListener("blur", () => main.removeAttribute("tabindex"), { once: true });
  }
  main.focus({ preventScroll: true });
};

/**
 * Sees to it that `target` is not under a prompt: by scrolling, if the page may be scrolled and can be; else the prompt is made
 * lower, as the style sheet does where it has an edge; else it goes to the other edge of the window as well.
 */
const clear = (element, target, mayScroll) => {
  const { covers, inside } = hosts.get(element);
  // The page's body and its main part, where the focus goes for want of better, are no controls that could be hidden; and what
  // is as high as the window cannot be brought into the clear.
  if (!covers || target == element || target.matches("body,main,[role=main],h1")) return;
  const over = () => inside.firstChild.getBoundingClientRect();
  const hides = () => {
    const [{ top, bottom, left, right }, rect] = [over(), target.getBoundingClientRect()];
    const apart = rect.bottom <= top || rect.top >= bottom || rect.right <= left || rect.left >= right;
    return !apart && rect.height < innerHeight;
  };
  const { edge, position } = element.dataset;
  const atTop = (edge ?? position).startsWith("top");
  if (mayScroll && hides()) {
    const { top, bottom } = target.getBoundingClientRect();
    scrollBy(0, atTop ? top - over().bottom - 8 : bottom - over().top + 8);
  }
  for (const top of [atTop, !atTop]) if (hides()) element.dataset.edge = top ? "top" : "bottom";
};

/** What not every prompt needs is a file of its own, beside this one. Where it cannot be had, things are as they are. */
let rest;
const more = (act) => (rest ??= part("more")).then(act, () => {});

/** Sees to it that a prompt can be read, whatever colours it was given, and stands where it belongs. */
const adjust = (element) => {
  const { theme, inside } = hosts.get(element);
  if (!element.isConnected) return;
  const box = inside.firstChild;
  const { colorScheme } = getComputedStyle(box);
  const own = ["accent", "background", "text"].filter((name) => {
    const property = "--asklet-" + name;
    element.style.setProperty(property, theme[colorScheme]?.[name] ?? theme[name] ?? "");
    return getComputedStyle(element).getPropertyValue(property);
  });
  if (own[0]) more(({ readable }) => readable(box));
  follow(element);
};

/** Has a prompt stay beside what it belongs to. */
const follow = (element) => {
  const { beside, inside } = hosts.get(element);
  if (beside) more(({ stand }) => stand(element, inside.firstChild, beside));
};

/** Fetches a part that not every page needs: a file beside this one. */
const part = (name) => import(file(name, here.replace(/([^/-]*)(-.*)?\.m?js$/, `$1-${name}$2.mjs`)));

/** The address of one of our files: beside us, or where a bundler has put it. */
const here = import.meta.url;
const file = (name, path) => window.asklet?.files?.[name] ?? new URL(path, here);

/** The built-in texts in a language. The hash in our own name keeps them in step with us. */
export const wording = async (tag) => {
  const url = file(tag, `locales/${tag}.json?${here.match(/-(\w+)\.mjs/)?.[1]}`);
  const texts = await (await fetch(url, { signal: AbortSignal.timeout(10_000) })).json();
  // A text in plural forms becomes one for each number.
  const { most } = texts;
  const rules = new Intl.PluralRules(tag);
  texts.most = Array.from({ length: 31 }, (_, count) => most[rules.select(count)] ?? most.other);
  return texts;
};

const seen = (element) => element.getClientRects().length && getComputedStyle(element).visibility != "hidden";
const all = (selector) => [...document.querySelectorAll(selector)];

/** What speaks against a prompt just now. */
export const busy = () => {
  const active = document.activeElement;
  // In a component of the page's own the field with the focus does not show.
  const editing = active && (active.isContentEditable || active.shadowRoot || active.matches("input,textarea,select"));
  return Object.entries({
    hidden: document.hidden,
    typing: editing && Date.now() - typed < 3_000,
    dialog: all("dialog[open],[role=dialog],[role=alertdialog],[aria-modal=true]").some(seen),
    fullscreen: document.fullscreenElement,
    quiet_mark: all("[data-asklet-quiet]")[0],
  }).flatMap(([name, holds]) => (holds ? name : []));
};

/** Leaves a note for the loader of the next page. Where storage is blocked it knows nothing, and fetches the widget. */
export const note = (note) => attempt(() => (localStorage["asklet.note"] = JSON.stringify(note)));

/** Whether a regular expression finds something; false if it is none. */
export const finds = (pattern, text) => !!attempt(() => RegExp(pattern).test(text));

/** The text with everything that a regular expression finds replaced. */
export const replace = (pattern, text, by) => text.replace(RegExp(pattern, "gu"), by);

/** What the clock on the wall of `zone` shows at `at`, as in `2026-11-22 13:05:07`: so Swedish writes it. */
export const wall = (zone, at) => attempt(() => new Date(at).toLocaleString("sv-SE", { timeZone: zone || undefined }));

/** Whether `text` means something as a selector, a zone, or else a regular expression. */
export const understands = (kind, text) =>
  /selector|beside/.test(kind)
    ? attempt(() => document.querySelector(text)) !== undefined
    : kind == "zone"
      ? !!wall(text, 0)
      : !!attempt(() => RegExp(text));
