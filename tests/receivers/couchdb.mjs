// CouchDB's interface, as PouchDB Server has it: a document a revision, its id in the address; and many at once.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, daemon, folder, freePort, npm } from "./common.mjs";

const PACKAGE = "pouchdb-server@4.2.0";

export default {
  presets: ["couchdb", "couchdb-bulk"],
  install: () => void npm("couchdb", PACKAGE),
  open: async (t) => {
    const file = npm("couchdb", PACKAGE);
    const home = await folder(t);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const config = {
      httpd: { enable_cors: true, port, bind_address: "127.0.0.1" },
      cors: { origins: "*", methods: "GET, PUT, POST", headers: "content-type", credentials: false },
      log: { file: join(home, "log.txt") },
    };
    writeFileSync(join(home, "config.json"), JSON.stringify(config));
    const serve = ["--config", join(home, "config.json"), "--dir", home, "--port", port, "--host", "127.0.0.1"];
    const server = daemon(t, "PouchDB Server", ["node", file("pouchdb-server/bin/pouchdb-server"), ...serve], { ready: url, cwd: home });
    return {
      url,
      set: {},
      start: async () => {
        await server.start();
        await fetch(`${url}/responses`, { method: "PUT" });
      },
      stop: server.stop,
      stored: async () => {
        const { rows } = await ask(`${url}/responses/_all_docs?include_docs=true`);
        return rows.map(({ doc }) => doc);
      },
    };
  },
};
