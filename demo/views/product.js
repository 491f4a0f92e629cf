import { add, count } from "../basket.js";
import { el, price } from "../dom.js";
import { picture } from "../products.js";

export function productPage(item) {
  const said = el("p", { class: "said", role: "status" });
  const put = () => {
    add(item.id);
    said.replaceChildren(`In the basket (${count()} in all). `, el("a", { href: "/basket" }, "Go to the basket"));
  };
  return {
    title: `${item.name} · Marrowby`,
    content: [
      el("p", { class: "crumb" }, el("a", { href: "/" }, "All products")),
      el("div", { class: "product" },
        el("img", { class: "picture", src: picture(item), alt: item.picture, width: 400, height: 320 }),
        el("div", {},
          el("h1", {}, item.name),
          el("p", { class: "price" }, price(item.price)),
          el("p", { class: "prose" }, item.text),
          el("button", { type: "button", class: "button", onclick: put }, "Add to basket"),
          said,
          el("dl", { class: "facts" }, item.facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))))),
    ],
  };
}
