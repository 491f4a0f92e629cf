// Every method as a page uses it, and the mistakes that the types catch.

import {
  close,
  configure,
  consent,
  destroy,
  explain,
  flush,
  forget,
  identify,
  on,
  outbox,
  push,
  reset,
  set,
  show,
  track,
  version,
  type Events,
  type Explanation,
  type Outbox,
} from "asklet";

configure({ delivery: { url: "/responses" }, surveys: [] });
track("order_placed");
track("order_placed", { total: 99, items: ["ink"], address: { country: "AT" } });
identify("v-7");
identify("v-7", { plan: "pro" });
set({ plan: "pro" });
reset();
close();
destroy();
const semver: string = version;

const shown: Promise<void> = show("after-order");
const previewed: Promise<void> = show("after-order", { preview: true });
const sent: Promise<void> = flush();
const chosen: Promise<void> = consent("granted");
const gone: Promise<void> = forget();
const explained: Explanation[] | undefined = await explain("after-order");
for (const { survey, asks, rules } of (await explain()) ?? [])
  for (const { rule, touchpoint, wants, found, holds, next } of rules) {
    const on: string | undefined = touchpoint === undefined ? undefined : `touchpoints[${touchpoint.toFixed()}]`;
    const at: Date | undefined = next === undefined ? undefined : new Date(next);
    if (rule == "quiet" && !holds) void [survey, asks, on, wants, found, at];
  }
const box: Outbox | undefined = await outbox();
if (box) {
  const ids: string[] = box.waiting.map(({ id }) => id);
  const total: number = box.books.enqueued - box.books.delivered;
  const reasons: string[] = box.parked.map(({ reason }) => reason);
  const safe: boolean = box.durable;
  void [ids, total, reasons, safe];
}
void [semver, shown, previewed, sent, chosen, gone, explained];

const stop: () => void = on("answered", ({ survey, question, value }) => {
  const texts: string[] = [survey, question];
  const answer: string | number | boolean | string[] = value;
  void [texts, answer];
});
stop();
on("suppressed", ({ survey, touchpoint, asks, rules }) => {
  const against = rules.filter(({ holds }) => !holds).map(({ rule, next }) => `${rule} ${next?.toFixed()}`);
  void [survey, touchpoint?.toFixed(), asks, against];
});
on("dismissed", ({ survey, id, reason }) => void (reason == "never" && [survey, id]));
on("error", ({ message, problems }) => void [message, problems?.map(({ path }) => path)]);
on("delivered", ({ id, survey, revision, status }) => void [id, survey, revision.toFixed(), status]);
document.addEventListener("asklet:shown", ({ detail }) => void detail.touchpoint.stage?.length);
on("shown", ({ placement }) => void (placement == "tab" || placement == "modal" || placement == "sheet"));
// @ts-expect-error: no such placement
on("shown", ({ placement }) => void (placement == "banner"));
// @ts-expect-error: perhaps a number
on("answered", ({ value }) => value.length);

push(["track", "order_placed", { total: 99 }], ["show", "after-order"], ["reset"], ["consent", "denied"], ["forget"]);
push(["show", "after-order", { preview: true }]);
push(["on", "answered", ({ value }: Events["answered"]) => void value]);

// Before the script has loaded, and after.
(window.asklet ||= []).push(["track", "order_placed", { total: 99 }]);
(window.asklet ||= []).push(["configure", { delivery: { url: "/responses" }, surveys: [] }]);
if (window.asklet && !Array.isArray(window.asklet)) window.asklet.track("order_placed");

// @ts-expect-error: no config
configure();
// @ts-expect-error: a name is a text
track(7);
// @ts-expect-error: properties are an object
track("order_placed", 99);
// @ts-expect-error: an id is a text
identify(7);
// @ts-expect-error: which survey?
show();
// @ts-expect-error: a promise, not the outbox
outbox().waiting;
// @ts-expect-error: undefined after destroy()
(await outbox()).waiting;
// @ts-expect-error: no such event
on("answer", () => {});
// @ts-expect-error: no such member
on("answered", ({ score }) => score);
// @ts-expect-error: no such method
push(["trak", "order_placed"]);
// @ts-expect-error: a name is a text
push(["track", 7]);
// @ts-expect-error: a call is a list
push("track");
// @ts-expect-error: perhaps not loaded yet
window.asklet.track("order_placed");
if (window.asklet && !Array.isArray(window.asklet)) window.asklet.retry().then();
// @ts-expect-error: a choice
consent(true);
// @ts-expect-error: no such choice
push(["consent", "required"]);
// @ts-expect-error: no such rule
(await explain())?.[0]?.rules.find(({ rule }) => rule == "quite");
// @ts-expect-error: undefined after destroy()
(await explain())[0];
// @ts-expect-error: options are an object
show("after-order", true);
