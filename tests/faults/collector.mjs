// An endpoint that does what it is told: it accepts, refuses, hangs, loses its answer, or answers anything. It writes down
// every document that it accepted, in order, and answers after 50 to 200 ms: loopback hides losses.

import { once } from "node:events";
import { createServer } from "node:http";

/** Numbers from [0, 1), the same ones for the same seed (mulberry32). */
export const generator = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

const read = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
};

/** The documents in a body: one, or a batch of them. */
const documents = (text) => {
  const parsed = JSON.parse(text);
  return Array.isArray(parsed) ? parsed : [parsed];
};

/**
 * A collector on a port that it keeps. What becomes of a post is `plan`'s to say: a function of
 * `{ documents, text, headers, at, count }`, which returns nothing for "accept it", or
 *
 * - `{ status, headers, body, accept }`: answer so; accepted if `accept` says so, else as the status does
 * - `{ only }`: as before, but accepted are those documents alone for which the function `only` says so
 * - `{ lose: true }`: accept it, and let the connection go without an answer
 * - `{ truncate: true }`: accept it, and answer with half of what was announced
 * - `{ hang: true }`: take it and never say anything
 * - `{ reset: true }`: let the connection go
 * - `expose: false`, `cors: false` with any of them: without the headers that let a page read `Retry-After`, or anything
 */
export const openCollector = async ({ seed = 1, latency = [50, 200] } = {}) => {
  const random = generator(seed);
  const sockets = new Set();
  const waiting = new Set();
  const collector = { accepted: [], posts: [], others: [], plan: () => undefined, preflight: () => undefined };

  const answer = async (request, response) => {
    const cors = {
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "content-type, authorization",
      "access-control-allow-methods": "POST, PUT, PATCH",
      "access-control-max-age": "600",
    };
    if (request.method == "OPTIONS") {
      const { cors: allowed = true, reset } = collector.preflight() ?? {};
      if (reset) return request.socket.resetAndDestroy();
      response.writeHead(204, allowed ? cors : {});
      return response.end();
    }
    const text = await read(request).catch(() => undefined);
    // Its sender has gone before it had said all.
    if (text === undefined) return;
    if (request.method != "POST" || !text) {
      collector.others.push(request.method);
      response.writeHead(200, cors);
      return response.end();
    }
    const post = { at: Date.now(), text, headers: request.headers, count: collector.posts.length };
    post.documents = documents(text);
    collector.posts.push(post);
    waiting.forEach((look) => look());
    const does = collector.plan(post) ?? {};
    post.does = does;
    await pause(latency[0] + random() * (latency[1] - latency[0]));
    if (does.hang) return;
    post.answered = true;
    const { status = 200, body = "{}" } = does;
    const accept = !does.reset && (does.accept ?? (does.lose || does.truncate || (status >= 200 && status < 300)));
    if (accept)
      for (const document of post.documents.filter(does.only ?? (() => true)))
        collector.accepted.push({ document, at: Date.now(), sent: post.at, host: request.headers.origin });
    if (does.lose || does.reset) return request.socket.resetAndDestroy();
    const headers = {
      "content-type": "application/json",
      ...(does.cors === false ? {} : cors),
      ...(does.expose === false ? {} : { "access-control-expose-headers": "retry-after" }),
      ...does.headers,
    };
    if (does.truncate) {
      response.writeHead(status, { ...headers, "content-length": 1000 });
      response.write('{"ok":');
      await pause(20);
      return request.socket.destroy();
    }
    // Such answers have no body, and some browsers wait for one that was announced.
    const empty = [204, 205, 304].includes(status);
    response.writeHead(status, headers);
    response.end(empty ? undefined : typeof body == "function" ? body(post) : body);
  };

  const server = createServer((request, response) => answer(request, response).catch(() => request.socket.destroy()));
  // A connection that the browser keeps must not end just when it sends the next post.
  server.keepAliveTimeout = 600_000;
  server.requestTimeout = 0;
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();

  return Object.assign(collector, {
    port,
    url: `http://127.0.0.1:${port}/responses`,
    /** Refuses every connection from now on. */
    refuse: async () => {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
    /** Is there again, and accepts everything. */
    accept: async () => {
      collector.plan = collector.preflight = () => undefined;
      if (server.listening) return;
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    },
    /** Resolves to the next post for which `look` is true, the moment it is here: nothing was answered yet. */
    next: (look = () => true) => {
      const next = new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(Error("no post came")), 60_000);
        const seen = () => {
          const post = collector.posts.at(-1);
          if (!look(post)) return;
          clearTimeout(timer);
          waiting.delete(seen);
          resolve(post);
        };
        waiting.add(seen);
      });
      // Not everybody who asks waits for it.
      next.catch(() => {});
      return next;
    },
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      if (server.listening) server.close();
    },
  });
};
