// cloudevents.cjs SDK PORT FILE: notes the events that the SDK makes out of each request, a line each.

const { appendFileSync } = require("node:fs");
const { createServer } = require("node:http");

const [sdk, port, file] = process.argv.slice(2);
const { HTTP } = require(sdk);

const CORS = { "access-control-allow-origin": "*", "access-control-allow-headers": "content-type" };

createServer(async (request, response) => {
  const answer = (status, text = "") => response.writeHead(status, CORS).end(text);
  if (request.method != "POST") return answer(204);
  let body = "";
  for await (const part of request.setEncoding("utf8")) body += part;
  try {
    const events = [HTTP.toEvent({ headers: request.headers, body })].flat();
    for (const event of events) event.validate();
    appendFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    answer(202);
  } catch (error) {
    answer(400, error.message);
  }
}).listen(Number(port), "127.0.0.1");
