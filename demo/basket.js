import { product } from "./products.js";

// Where storage is blocked, the basket lasts as long as the page.
const memory = new Map();

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return memory.get(key) ?? null;
  }
}

function write(key, value) {
  memory.set(key, value);
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Kept in memory.
  }
}

const changed = new EventTarget();

/** Calls `fn` after every change of the basket. */
export const onBasketChange = (fn) => changed.addEventListener("change", fn);

function save(quantities) {
  write("marrowby.basket", quantities);
  changed.dispatchEvent(new Event("change"));
}

/** The basket's lines: [{ item, quantity, sum }], sums in pence. */
export function lines() {
  return Object.entries(read("marrowby.basket") ?? {})
    .map(([id, quantity]) => ({ item: product(id), quantity }))
    .filter(({ item, quantity }) => item && quantity > 0)
    .map((line) => ({ ...line, sum: line.item.price * line.quantity }));
}

export const count = () => lines().reduce((all, line) => all + line.quantity, 0);

/** Goods, delivery and total in pence. Delivery is free from £30. */
export function totals() {
  const goods = lines().reduce((all, line) => all + line.sum, 0);
  const delivery = goods >= 3000 ? 0 : 350;
  return { goods, delivery, total: goods + delivery };
}

export function setQuantity(id, quantity) {
  save({ ...read("marrowby.basket"), [id]: quantity });
}

export function add(id) {
  setQuantity(id, Math.min(9, (read("marrowby.basket")?.[id] ?? 0) + 1));
}

/** Turns the basket into an order, which `lastOrder` keeps for the page of thanks. */
export function placeOrder() {
  const order = {
    number: `M-${Date.now().toString(36).slice(-5).toUpperCase()}`,
    items: count(),
    total: totals().total,
    lines: lines().map(({ item, quantity, sum }) => ({ name: item.name, quantity, sum })),
  };
  write("marrowby.order", order);
  save({});
  return order;
}

export const lastOrder = () => read("marrowby.order");
