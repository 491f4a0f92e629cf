import { el } from "../dom.js";

export function missing() {
  return {
    title: "Not found · Marrowby",
    content: [el("h1", {}, "We do not stock that page"), el("p", { class: "lead" }, el("a", { href: "/" }, "Back to the shop"), ".")],
  };
}
