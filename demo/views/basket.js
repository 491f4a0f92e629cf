import { lines, setQuantity, totals } from "../basket.js";
import { el, price } from "../dom.js";
import { picture } from "../products.js";

const upTo9 = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** `update` draws the page again; `order` is called when the visitor places the order. */
export function basketPage(update, order) {
  const change = (id, quantity) => {
    setQuantity(id, quantity);
    update();
    const next = document.getElementById(`quantity-${id}`) ?? document.querySelector("main h1");
    if (next.matches("h1")) next.tabIndex = -1;
    next.focus();
  };

  const line = ({ item, quantity, sum }) =>
    el("li", { class: "line" },
      el("img", { src: picture(item), alt: "", width: 400, height: 320 }),
      el("div", { class: "line-name" },
        el("a", { href: `/product/${item.id}` }, item.name),
        el("span", { class: "card-line" }, `${price(item.price)} each`)),
      el("div", { class: "line-quantity" },
        el("label", { for: `quantity-${item.id}`, class: "away" }, `Quantity of ${item.name}`),
        el("select", { id: `quantity-${item.id}`, onchange: (event) => change(item.id, Number(event.target.value)) },
          upTo9.map((n) => el("option", { value: n, selected: n === quantity }, String(n)))),
        el("button", { type: "button", class: "quiet", "aria-label": `Remove ${item.name}`, onclick: () => change(item.id, 0) }, "Remove")),
      el("span", { class: "line-sum" }, price(sum)));

  const sums = totals();
  const full = [
    el("ul", { class: "lines", role: "list" }, lines().map(line)),
    el("div", { class: "order" },
      el("dl", { class: "sums" },
        el("div", {}, el("dt", {}, "Goods"), el("dd", {}, price(sums.goods))),
        el("div", {}, el("dt", {}, "Delivery"), el("dd", {}, sums.delivery ? price(sums.delivery) : "Free")),
        el("div", { class: "total" }, el("dt", {}, "Total"), el("dd", {}, price(sums.total)))),
      el("button", { type: "button", class: "button", onclick: order }, "Place order"),
      el("p", { class: "small" }, "This shop is a demonstration: nothing is charged and nothing is sent.")),
  ];
  const empty = el("p", { class: "lead" }, "There is nothing in it yet. ", el("a", { href: "/" }, "Have a look round"), ".");

  return {
    title: "Basket · Marrowby",
    content: [el("h1", {}, "Basket"), ...(lines().length ? full : [empty])],
  };
}
