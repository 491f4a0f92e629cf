import { lastOrder } from "../basket.js";
import { el, price } from "../dom.js";

export function thanks() {
  const order = lastOrder();
  const content = order
    ? [
        el("h1", {}, "Thank you for your order"),
        el("p", { class: "lead" }, `Number ${order.number}. It leaves us on the next weekday, wrapped in as little as will protect it.`),
        el("dl", { class: "sums receipt" },
          order.lines.map((line) => el("div", {}, el("dt", {}, `${line.quantity} × ${line.name}`), el("dd", {}, price(line.sum)))),
          el("div", { class: "total" }, el("dt", {}, "Total with delivery"), el("dd", {}, price(order.total)))),
        el("p", {}, el("a", { href: "/" }, "Back to the shop"), " or ", el("a", { href: "/help" }, "read about delivery"), "."),
      ]
    : [el("h1", {}, "No order yet"), el("p", { class: "lead" }, el("a", { href: "/" }, "Have a look round"), ".")];
  return { title: `${order ? "Thank you" : "No order yet"} · Marrowby`, content };
}
