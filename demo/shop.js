import { count, onBasketChange, placeOrder } from "./basket.js";
import { product } from "./products.js";
import { startRouter } from "./router.js";
import { basketPage } from "./views/basket.js";
import { help } from "./views/help.js";
import { home } from "./views/home.js";
import { missing } from "./views/missing.js";
import { productPage } from "./views/product.js";
import { thanks } from "./views/thanks.js";

function view(path) {
  const item = product(path.match(/^\/product\/([^/]+)$/)?.[1]);
  if (item) return productPage(item);
  if (path === "/" || path === "/index.html") return home();
  if (path === "/basket") return basketPage(() => router.refresh(), order);
  if (path === "/thanks") return thanks();
  if (path === "/help") return help();
  return missing();
}

function order() {
  const { total, items } = placeOrder();
  router.navigate("/thanks");
  // All that the shop tells Asklet. It works before asklet.js has loaded, and without it.
  (window.asklet ||= []).push(["track", "order_placed", { total: total / 100, items }]);
}

function showCount() {
  document.getElementById("count").textContent = count() ? ` (${count()})` : "";
}

onBasketChange(showCount);
showCount();
const router = startRouter(document.querySelector("main"), view);
