// etcd: its JSON gateway takes keys and values in base64.

import { ask, daemon, debian, folder, freePort } from "./common.mjs";

const base64 = (text) => Buffer.from(text).toString("base64");

export default {
  presets: ["etcd"],
  install: () => debian("etcd-server=3.4."),
  open: async (t) => {
    const [port, peer] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${port}`;
    const address = (name, of) => [`--${name}`, `http://127.0.0.1:${of}`];
    const serve = [
      ["--data-dir", await folder(t)],
      address("listen-client-urls", port),
      address("advertise-client-urls", port),
      address("listen-peer-urls", peer),
      address("initial-advertise-peer-urls", peer),
      ["--initial-cluster", `default=http://127.0.0.1:${peer}`, "--cors", "*", "--log-level", "error", "--logger", "zap"],
    ].flat();
    const ready = async () => (await ask(`${url}/health`)).health == "true";
    return {
      ...daemon(t, "etcd", ["etcd", ...serve], { ready }),
      url,
      set: {},
      stored: async () => {
        const body = JSON.stringify({ key: base64("response/"), range_end: base64("response0") });
        const { kvs = [] } = await ask(`${url}/v3/kv/range`, { method: "POST", body });
        return kvs.map(({ value }) => JSON.parse(Buffer.from(value, "base64")));
      },
    };
  },
};
