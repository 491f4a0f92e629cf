// Kinto: a JSON record at an address, written only if there is none yet. It stores in PostgreSQL.

import { execFileSync } from "node:child_process";
import { chownSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, daemon, debian, folder, freePort, listens, pip } from "./common.mjs";

const PACKAGES = ["kinto[postgresql]==26.5.0", "psycopg2-binary==2.9.12", "sqlalchemy==2.0.51", "setuptools==65.5.0"];
const POSTGRES = "/usr/lib/postgresql/15/bin";

const basic = (name) => `Basic ${Buffer.from(`${name}:key`).toString("base64")}`;

/** PostgreSQL on a folder of its own; it refuses to run as root. */
const postgres = async (t) => {
  const home = await folder(t);
  const port = await freePort();
  let user = {};
  if (process.getuid() == 0) {
    const id = (what) => Number(execFileSync("id", [what, "postgres"]));
    user = { uid: id("-u"), gid: id("-g") };
    chownSync(home, user.uid, user.gid);
  }
  const data = join(home, "data");
  execFileSync(join(POSTGRES, "initdb"), ["-D", data, "-U", "kinto", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"], { stdio: "pipe", cwd: home, ...user });
  const serve = ["-D", data, "-k", home, "-p", port, "-h", "127.0.0.1"];
  await daemon(t, "PostgreSQL", [join(POSTGRES, "postgres"), ...serve], { ready: () => listens(port), cwd: home, ...user }).start();
  return `postgresql://kinto@127.0.0.1:${port}/postgres`;
};

export default {
  presets: ["kinto"],
  install: () => {
    debian("postgresql-15=15.");
    pip("kinto", ...PACKAGES);
  },
  open: async (t) => {
    const bin = pip("kinto", ...PACKAGES);
    const home = await folder(t);
    const database = await postgres(t);
    const port = await freePort();
    const ini = join(home, "kinto.ini");
    const backend = (what) => `kinto.${what}_backend = kinto.core.${what}.postgresql\nkinto.${what}_url = ${database}`;
    writeFileSync(
      ini,
      `[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = ${port}
[app:main]
use = egg:kinto
multiauth.policies = basicauth
multiauth.policy.basicauth.use = kinto.core.authentication.BasicAuthAuthenticationPolicy
kinto.userid_hmac_secret = only-of-this-test
kinto.bucket_create_principals = system.Authenticated
${["storage", "cache", "permission"].map(backend).join("\n")}
`,
    );
    execFileSync(bin("kinto"), ["migrate", "--ini", ini], { stdio: "pipe" });
    const url = `http://127.0.0.1:${port}`;
    const server = daemon(t, "Kinto", [bin("kinto"), "start", "--ini", ini, "--port", port], { ready: `${url}/v1/` });
    const headers = { authorization: basic("owner"), "content-type": "application/json" };
    const put = (path, body) => ask(`${url}/v1/buckets/${path}`, { method: "PUT", headers, body: JSON.stringify(body) });
    return {
      url,
      // PostgreSQL has no such character in JSON.
      refuses: "\0",
      set: {},
      start: async () => {
        await server.start();
        await put("asklet", {});
        await put("asklet/collections/responses", { permissions: { "record:create": ["system.Everyone"] } });
      },
      stop: server.stop,
      stored: async () => {
        const { data } = await ask(`${url}/v1/buckets/asklet/collections/responses/records?_limit=1000`, { headers });
        return data.map(({ response }) => response);
      },
    };
  },
};
