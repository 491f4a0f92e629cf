// Has the page's part make what standard input asks for, and prints it.

import { text } from "node:stream/consumers";

import { judge, request } from "../../src/browser/form.js";

const { now, cases } = JSON.parse(await text(process.stdin));
const made = cases.map(({ delivery, records, ids, status, text }) => {
  if (status !== undefined) return judge(delivery, ids, status, text ?? "").map((word) => (word == "duplicate" ? "delivered" : word));
  try {
    return request(delivery, records, 3, now);
  } catch (fault) {
    if (Array.isArray(fault)) return fault;
    throw fault;
  }
});
process.stdout.write(JSON.stringify(made));
