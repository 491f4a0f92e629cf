// Every method as a page uses it, and the mistakes that the types catch.

import {
  close,
  configure,
  destroy,
  flush,
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
const sent: Promise<void> = flush();
const box: Outbox | undefined = await outbox();
if (box) {
  const ids: string[] = box.waiting.map(({ id }) => id);
  const total: number = box.books.enqueued - box.books.delivered;
  const reasons: string[] = box.parked.map(({ reason }) => reason);
  const safe: boolean = box.durable;
  void [ids, total, reasons, safe];
}
void [semver, shown, sent];

const stop: () => void = on("answered", ({ survey, question, value }) => {
  const texts: string[] = [survey, question];
  const answer: string | number | boolean = value;
  void [texts, answer];
});
stop();
on("suppressed", (detail) => {
  if ("rules" in detail) detail.rules.forEach(({ rule, holds, next }) => void [rule, holds, next?.toFixed()]);
  else if (detail.reason == "no_slot") void detail.survey;
});
on("error", ({ message, problems }) => void [message, problems?.map(({ path }) => path)]);
on("delivered", ({ id, survey, revision, status }) => void [id, survey, revision.toFixed(), status]);
document.addEventListener("asklet:shown", ({ detail }) => void detail.touchpoint.stage?.length);

push(["track", "order_placed", { total: 99 }], ["show", "after-order"], ["reset"]);
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
// @ts-expect-error: not built in this version
window.asklet.explain();
