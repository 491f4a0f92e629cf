import { el, price } from "../dom.js";
import { picture, products } from "../products.js";

function card(item) {
  return el("li", {},
    el("a", { class: "card", href: `/product/${item.id}` },
      el("img", { src: picture(item), alt: "", width: 400, height: 320 }),
      el("span", { class: "card-name" }, item.name),
      el("span", { class: "card-line" }, item.line),
      el("span", { class: "card-price" }, price(item.price))));
}

export function home() {
  return {
    title: "Marrowby, stationers",
    content: [
      el("div", { class: "intro" },
        el("h1", {}, "Paper, ink, and what goes with them"),
        el("p", { class: "lead" }, "Eight things for the desk that we would rather repair than replace. Posted on weekdays, free from £30.")),
      el("ul", { class: "grid", role: "list" }, products.map(card)),
    ],
  };
}
