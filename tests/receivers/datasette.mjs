// Datasette with its write API: rows into a table of SQLite, with a token.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, daemon, folder, freePort, pip } from "./common.mjs";

const PACKAGE = "datasette==1.0a41";
const SECRET = "only-of-this-test";

// Everybody may come, nobody may look, and who has the visitors' token may add rows.
const CONFIG = {
  databases: {
    asklet: {
      allow: { id: "owner" },
      tables: { responses: { permissions: { "insert-row": { id: "visitors" }, "update-row": { id: "visitors" } } } },
    },
  },
};

const TABLE = `CREATE TABLE responses (
  id TEXT PRIMARY KEY, revision INTEGER, survey TEXT, status TEXT, score INTEGER, comment TEXT, answered_at TEXT, response TEXT)`;

export default {
  presets: ["datasette"],
  install: () => void pip("datasette", PACKAGE),
  open: async (t) => {
    const bin = pip("datasette", PACKAGE);
    const home = await folder(t);
    const [db, config] = [join(home, "asklet.db"), join(home, "datasette.json")];
    writeFileSync(config, JSON.stringify(CONFIG));
    execFileSync(bin("python"), ["-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute(sys.argv[2])", db, TABLE]);
    const token = (...args) => String(execFileSync(bin("datasette"), ["create-token", ...args, "--secret", SECRET])).trim();
    const only = (right) => ["--resource", "asklet", "responses", right];
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const serve = ["serve", db, "--config", config, "--secret", SECRET, "--cors", "--host", "127.0.0.1", "--port", port];
    const server = daemon(t, "Datasette", [bin("datasette"), ...serve], { ready: `${url}/-/versions.json` });
    const headers = { authorization: `Bearer ${token("owner")}` };
    return {
      ...server,
      url,
      set: { key: token("visitors", ...only("insert-row"), ...only("update-row")) },
      stored: async () => {
        const rows = await ask(`${url}/asklet/responses.json?_shape=array&_size=max`, { headers });
        return rows.map(({ response, ...row }) => ({ ...JSON.parse(response), ...row }));
      },
    };
  },
};
