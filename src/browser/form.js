// Requests of an owner's own form: fetched where a config's `delivery` says more than where to. The core has the same in Rust, for the
// command line tool (src/core/delivery/request.rs, template/, outcome.rs); both are held to tests/tables/delivery.json, to every preset
// and to random templates. Here it is a twentieth of what it would be in the wasm.

const OPERATORS = ["#each", "#map", "#if", "#switch", "#json", "#merge"];
const DEPTH = 32;
const NODES = 20_000;
const IN_HEADERS = /^(config|id|revision|survey|batch|sent_at|attempt|shown_at|answered_at)$/;

const { stringify } = JSON;
const { entries, hasOwn } = Object;
const isMap = (value) => value && typeof value == "object" && !Array.isArray(value);
const list = (value) => (Array.isArray(value) ? value : []);
const parse = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
const own = (value, key) => (isMap(value) && hasOwn(value, key) ? value[key] : null) ?? null;
const put = (map, key, value) => Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });

/** The value at a dotted path. In a list a number is an index, and any other word finds the element whose `question` it is. */
const dig = (value, path) =>
  (path ?? "")
    .split(".")
    .filter(Boolean)
    .reduce(
      (value, step) =>
        Array.isArray(value) ? ((/^\d+$/.test(step) ? value[step] : value.find((item) => own(item, "question") == step)) ?? null) : own(value, step),
      value,
    );

/** A value as text: as it is, nothing for what is absent, else as JSON. */
const say = (value) => (value === null ? "" : typeof value == "string" ? value : stringify(value));

const bytes = (text) => [...new TextEncoder().encode(text)];
const hex = (byte) => byte.toString(16).padStart(2, "0");

const moment = (value) =>
  typeof value == "number"
    ? Math.trunc(value)
    : /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)
      ? Date.parse(value)
      : NaN;
const time = (turn) => (value) => {
  const at = moment(value);
  return isNaN(at) ? null : turn(at);
};

const FILTERS = {
  iso: time((at) => new Date(at).toISOString()),
  s: time((at) => Math.floor(at / 1_000)),
  ms: time((at) => at),
  us: time((at) => at * 1_000),
  ns: time((at) => at + "000000"),
  str: say,
  int: (value) => {
    const number = parse(say(value));
    return typeof number == "number" ? Math.trunc(number) : null;
  },
  json: (value) => stringify(value),
  b64: (value) => btoa(String.fromCharCode(...bytes(say(value)))),
  hex: (value) => bytes(say(value)).map(hex).join(""),
  type: (value) => (Array.isArray(value) ? "list" : { string: "text", object: "object" }[typeof value] ?? typeof value),
  count: (value) => (typeof value == "string" ? [...value] : Array.isArray(value) ? value : isMap(value) ? entries(value) : []).length,
  or: (value) => value,
  // A spreadsheet takes these for the beginning of a formula.
  cell: (value) => say(value).replace(/^[=+\-@\t\r]/, "'$&"),
  amp: (value) => say(value).replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]),
};

const percent = (text) => encodeURIComponent(text.toWellFormed?.() ?? text).replace(/[!'()*]/g, (sign) => "%" + hex(sign.charCodeAt()).toUpperCase());

/** Whether answers may be posted there: over https, to the page's own site, or to this very machine. */
const isEndpoint = (url) =>
  !/[\0- \\@]/.test(url) &&
  /^(https:\/\/[^/]|\/(?!\/)|http:\/\/(localhost|127\.0\.0\.1|[^/?#:[]*\.localhost)(:[^/?#]*)?([/?#]|$)|http:\/\/\[::1\])/.test(url);

/** Fills templates in. It throws a sentence that begins with the place. */
const filler = () => {
  let left = NODES;
  const path = [];
  const fail = (message) => {
    throw [path.reduce((path, step) => path + (path && !step.startsWith("[") ? "." : "") + step, ""), message];
  };
  const at = (step, act) => {
    path.push(step);
    const made = act();
    path.pop();
    return made;
  };

  // What stands between the braces: `path|filter|filter!`.
  const place = (written, scope, into) => {
    const required = written.endsWith("!");
    const [name, ...filters] = written.slice(0, required ? -1 : undefined).split("|").map((part) => part.trim());
    const [, first, below] = /^([^.]*)\.?(.*)$/s.exec(name);
    if (into == "header" && !IN_HEADERS.test(first)) fail("lets an answer reach a header");
    let value = dig(scope(first), below);
    for (const filter of filters) {
      const [, name, argument = ""] = /^([^:]*):?(.*)$/s.exec(filter);
      if (!hasOwn(FILTERS, name)) fail("has a filter that does not exist");
      value = value !== null ? FILTERS[name](value) : name == "or" ? parse(argument) : null;
    }
    if (required && value === null) fail("has nothing where something is required");
    return value;
  };

  // What a text stands for: what its one placeholder does, type kept; or a text with all of them filled in.
  const text = (template, scope, into) => {
    let filled = "";
    let rest = template;
    for (let start; (start = rest.indexOf("{{")) >= 0; ) {
      const end = rest.indexOf("}}", start);
      if (end < 0) fail("has a {{ without its }}");
      const written = rest.slice(start + 2, end);
      filled += rest.slice(0, start);
      rest = rest.slice(end + 2);
      const value = place(written.trim(), scope, into);
      if (!into && written.length + 4 == template.length) return value;
      const free = into != "url" || written.trim().startsWith("config.");
      if (into == "url" && value === null) fail("has nothing for a part of the address");
      if (!free && !/[/?#]/.test(filled.replace(/^.*?:\/\//s, ""))) fail("lets an answer reach the origin");
      filled += free ? say(value) : percent(say(value));
    }
    filled += rest;
    if (into == "url" && /(^|\/)\.\.?(\/|$)/.test(filled.split(/[?#]/)[0])) fail("would leave its place in the address");
    return filled;
  };

  const fill = (template, scope, depth) => {
    if (!left || depth > DEPTH) fail("makes too much");
    left--;
    if (typeof template == "string") return text(template, scope);
    if (Array.isArray(template))
      return template.map((item, index) => at(`[${index}]`, () => fill(item, scope, depth + 1))).filter((item) => item !== null);
    if (!isMap(template)) return template;
    const operator = entries(template).find(([key]) => OPERATORS.includes(key));
    if (operator) return operate(...operator, template, scope, depth + 1);
    const filled = {};
    for (const [key, value] of entries(template)) {
      const made = at(key, () => fill(value, scope, depth + 1));
      if (made !== null) put(filled, key.replace(/^#/, ""), made);
    }
    return filled;
  };

  const operate = (name, written, template, scope, depth) => {
    const part = (key, inner = scope) => at(key, () => fill(own(template, key), inner, depth));
    const subject = at(name, () => fill(written, scope, depth));
    if (name == "#json") return stringify(subject);
    if (name == "#merge") return merge(subject);
    if (name == "#if") {
      const holds = own(template, "eq") === null ? subject !== null && subject !== false : stringify(part("eq")) == stringify(subject);
      return part(holds ? "then" : "else");
    }
    if (name == "#switch") {
      const word = say(subject);
      const chosen = own(own(template, "case"), word);
      return chosen === null ? part("else") : at("case", () => at(word, () => fill(chosen, scope, depth)));
    }
    // `#each` and `#map`: once for each element.
    const as = typeof template.as == "string" ? template.as : "it";
    const all = [];
    const map = {};
    for (const value of list(subject)) {
      const inner = (name) => (name == as && value !== null ? value : scope(name));
      const made = part("do", inner);
      if (made !== null) all.push(made);
      const [key, held] = [part("key", inner), part("value", inner)];
      if (key !== null && held !== null) put(map, say(key), held);
    }
    return own(template, "do") === null ? map : all;
  };

  return { at, fail, fill, text };
};

const merge = (parts) => {
  if (!Array.isArray(parts)) return parts;
  let all = null;
  for (const part of parts)
    if (Array.isArray(part)) all = [...list(all), ...part];
    else {
      if (!isMap(all)) all = isMap(part) && entries(part).length ? {} : all;
      if (isMap(part)) for (const [key, value] of entries(part)) put(all, key, value);
    }
  return all;
};

/** Names a set of records: a hash of their ids with their revisions, in any order (FNV-1a, four times 32 bits). */
const nameOf = (records) => {
  const named = records.map((record) => `${say(own(record, "id"))} ${stringify(own(record, "revision"))}`);
  const all = bytes(named.sort().join("\n"));
  const hash = (basis) => all.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), basis) >>> 0;
  return [0x811c9dc5, 0x1f123bb5, 0xbd4ad9a5, 0x5b837795].map((basis) => hash(basis).toString(16).padStart(8, "0")).join("");
};

/** The body's media type, and the body as text. */
const encode = (how, body) => {
  const lines = (value) => (Array.isArray(value) ? value : [value]);
  if (how == "ndjson") return ["application/x-ndjson", lines(body).map((line) => stringify(line) + "\n").join("")];
  if (how == "text") return ["text/plain;charset=UTF-8", say(body)];
  if (how != "form") return ["application/json", stringify(body)];
  const pairs = entries(body).flatMap(([name, value]) => lines(value).map((value) => percent(name) + "=" + percent(say(value))));
  return ["application/x-www-form-urlencoded", pairs.join("&")];
};

/**
 * The request that carries these response documents: `{ url, method, headers, body, redirect, reads }`; `reads`: whether the reply's text
 * decides what its status does not. Throws `[path, message]` where a template cannot be filled in.
 */
export const request = (delivery, records, attempt, now) => {
  const single = records.length == 1 ? (delivery.single ?? {}) : {};
  const part = (key) => own(single, key) ?? own(delivery, key);
  const place = (key) => (own(single, key) !== null ? "single." : "") + key;
  const alone = single == delivery.single || !delivery.batch;
  const around = {
    config: delivery.values ?? null,
    records,
    batch: { id: nameOf(records) },
    sent_at: new Date(now).toISOString(),
    attempt,
  };
  const scope = (name) => own(around, name) ?? (alone ? own(records[0], name) : null);
  const { at, fail, fill, text } = filler();

  const url = at(place("url"), () => {
    const url = text(part("url") ?? "", scope, "url");
    return isEndpoint(url) ? url : fail("is no https URL (http only for localhost) and no path");
  });
  const template = part("body");
  const plain = alone ? records[0] : records;
  const how = part("encode");
  const [type, body] = at(place("body"), () => {
    const made = template === null ? plain : fill(template, scope, 0);
    return made === null || (how == "form" && !isMap(made)) ? fail("makes nothing that can be sent") : encode(how, made);
  });
  const headers = { "content-type": type };
  for (const [name, value] of entries(part("headers") ?? {}))
    at(place("headers"), () =>
      at(name, () => {
        const said = text(value, scope, "header");
        if (!/^[ -~]*$/.test(said)) fail("has a character that no header can have");
        put(headers, name.toLowerCase(), said);
      }),
    );
  return {
    url,
    method: part("method") ?? "POST",
    headers,
    body,
    redirect: delivery.redirect ?? "manual",
    reads: ["status", "ok_if", "items"].some((key) => own(delivery, key) !== null),
  };
};

const usual = (status) =>
  status >= 200 && status <= 299
    ? "delivered"
    : [408, 425, 429].includes(status) || (status >= 500 && status <= 599)
      ? "retry"
      : [400, 409, 413, 415, 422].includes(status)
        ? "reject"
        : "hold";

/** The conditions on a reply, as the core's conditions have them. */
const CONDITIONS = {
  is: (found, wanted) => found === wanted,
  not: (found, wanted) => found !== wanted,
  in: (found, wanted) => list(wanted).includes(found),
  contains: (found, wanted) => (typeof found == "string" ? typeof wanted == "string" && found.includes(wanted) : list(found).includes(wanted)),
  gt: (found, wanted) => found > wanted,
  gte: (found, wanted) => found >= wanted,
  lt: (found, wanted) => found < wanted,
  lte: (found, wanted) => found <= wanted,
  exists: (found, wanted) => (found !== null) == (wanted !== false),
};

/** What a reply means for each of the records with these `ids`: `delivered`, `duplicate`, `retry`, `hold` or `reject`. */
export const judge = (delivery, ids, status, text) => {
  const all = (meaning) => ids.map(() => meaning);
  const byStatus = (status, said) =>
    list(delivery.status).find(({ code, contains }) => code == status && (contains == null || said.includes(contains)))?.means ?? usual(status);
  const whole = byStatus(status, text);
  // One of several is there already: which, shows when each goes alone.
  const meaning = whole == "duplicate" && ids[1] ? "reject" : whole;
  // What one alone was sent by has replies of its own.
  const { ok_if, items } = delivery.single && !ids[1] ? {} : delivery;
  if (!/^d/.test(meaning) || status < 200 || status > 299 || !(ok_if || items)) return all(meaning);
  const said = parse(text);
  const [name, wanted] = entries(ok_if ?? {}).find(([name]) => hasOwn(CONDITIONS, name)) ?? [];
  const found = dig(said, ok_if?.path);
  const numbers = /^[gl]te?$/.test(name);
  if (name && !((!numbers || (typeof found == "number" && typeof wanted == "number")) && CONDITIONS[name](found, wanted))) return all(ok_if.else ?? "hold");
  if (!items) return all(meaning);
  const verdicts = list(dig(said, items.list));
  const under = (item, key) => (items[key] == null ? null : dig(item, items[key]));
  return ids.map((id, index) => {
    const item = items.id == null ? verdicts[index] : verdicts.find((item) => under(item, "id") === id);
    if (item === undefined) return "retry";
    const error = under(item, "error");
    const failed = ![null, "", 0, false].includes(error);
    const meant = failed && own(items.means, say(error));
    const status = under(item, "status");
    // An error beside a good status is an error.
    const good = typeof status != "number" || (status >= 200 && status < 300);
    return meant || (failed && good ? "retry" : typeof status == "number" ? byStatus(status, stringify(item)) : "delivered");
  });
};
