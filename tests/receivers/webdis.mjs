// Webdis: Redis over HTTP, the command in the address.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { daemon, debian, folder, freePort, listens } from "./common.mjs";

export default {
  presets: ["webdis"],
  install: () => debian("redis-server=5:7.0.", "webdis=0.1."),
  open: async (t) => {
    const home = await folder(t);
    const [port, store] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${port}`;
    const config = {
      redis_host: "127.0.0.1",
      redis_port: store,
      http_host: "127.0.0.1",
      http_port: port,
      threads: 2,
      daemonize: false,
      verbosity: 1,
      logfile: join(home, "log"),
      // Everybody may add, and nothing else.
      acl: [{ disabled: ["*"] }, { enabled: ["HSETNX"] }],
    };
    writeFileSync(join(home, "webdis.json"), JSON.stringify(config));
    const redis = ["redis-server", "--port", store, "--bind", "127.0.0.1", "--dir", home, "--save", "", "--appendonly", "yes"];
    await daemon(t, "Redis", redis, { ready: () => listens(store) }).start();
    return {
      ...daemon(t, "Webdis", ["webdis", join(home, "webdis.json")], { ready: `${url}/PING` }),
      url,
      set: {},
      stored: () => {
        const said = execFileSync("redis-cli", ["-p", store, "--json", "hgetall", "responses"], { maxBuffer: 1e8 });
        return Object.values(JSON.parse(said)).map((text) => JSON.parse(text));
      },
    };
  },
};
