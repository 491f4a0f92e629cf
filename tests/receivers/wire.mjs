// The way to a receiver: what goes over it can be looked at, and an answer can be lost on it.

import { once } from "node:events";
import { createServer, request as call } from "node:http";

/** A proxy on loopback. `lose(n)`: the next n posts reach the receiver, but nobody hears its answer. */
export const openWire = async (t, to) => {
  const posts = [];
  let lost = 0;
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const counts = request.method != "OPTIONS";
    const post = { method: request.method, url: request.url, body: String(body) };
    if (counts) posts.push(post);
    const { host, ...headers } = request.headers;
    // A connection of its own, which says about itself what the browser's says.
    const onward = call(to + request.url, { method: request.method, headers, agent: false });
    // Where nothing listens nothing listens here either.
    onward.on("error", () => request.socket.destroy());
    onward.on("response", async (answer) => {
      const parts = [];
      for await (const part of answer) parts.push(part);
      onward.destroy();
      Object.assign(post, { status: answer.statusCode, answer: String(Buffer.concat(parts)) });
      if (counts && lost) {
        lost--;
        return request.socket.destroy();
      }
      // Where a connection breaks that served before, a browser posts again by itself: none serves twice.
      response.writeHead(answer.statusCode, { ...answer.headers, connection: "close" }).end(Buffer.concat(parts));
    });
    onward.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** All that was sent over it, with what was answered; no preflights. */
    posts,
    lose: (count) => (lost = count),
  };
};
