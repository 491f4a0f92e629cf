// A receiver of events, read by the SDK of the CloudEvents project: one event a request, or a batch.

import { join } from "node:path";
import { daemon, folder, freePort, here, lines, npm } from "./common.mjs";

const PACKAGE = "cloudevents@10.0.0";

export default {
  presets: ["cloudevents", "cloudevents-batch"],
  install: () => void npm("cloudevents", PACKAGE),
  open: async (t) => {
    const file = npm("cloudevents", PACKAGE);
    const log = join(await folder(t), "events");
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const serve = [here("servers/cloudevents.cjs"), file("cloudevents"), port, log];
    return {
      ...daemon(t, "the receiver of events", ["node", ...serve], { ready: url }),
      url,
      set: {},
      stored: () => lines(log).map(({ data }) => data),
    };
  },
};
