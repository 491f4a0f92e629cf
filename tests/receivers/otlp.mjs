// A collector of log records, which reads them with OpenTelemetry's own types.

import { join } from "node:path";
import { daemon, folder, freePort, here, lines, pip } from "./common.mjs";

const PACKAGES = ["opentelemetry-proto==1.45.2"];

export default {
  presets: ["otlp-logs"],
  install: () => void pip("otlp", ...PACKAGES),
  open: async (t) => {
    const bin = pip("otlp", ...PACKAGES);
    const log = join(await folder(t), "logs");
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    return {
      ...daemon(t, "the collector", [bin("python"), here("servers/otlp.py"), port, log], { ready: url }),
      url,
      set: {},
      stored: () =>
        lines(log)
          .flatMap(({ resourceLogs }) => resourceLogs)
          .flatMap(({ scopeLogs }) => scopeLogs)
          .flatMap(({ logRecords }) => logRecords)
          .map(({ body }) => JSON.parse(body.stringValue)),
    };
  },
};
