// A form of Django's on a model of Django's: what a contact form's page takes, sent as a form is.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ask, daemon, folder, freePort, here, pip } from "./common.mjs";

const PACKAGES = ["django==5.2.19", "django-cors-headers==4.9.0"];

export default {
  presets: ["form"],
  install: () => void pip("django", ...PACKAGES),
  open: async (t) => {
    const bin = pip("django", ...PACKAGES);
    const env = { DB: join(await folder(t), "db.sqlite") };
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const site = here("servers/form.py");
    execFileSync(bin("python"), [site, "create"], { env: { ...process.env, ...env }, stdio: "pipe" });
    return {
      ...daemon(t, "Django", [bin("python"), site, "runserver", "--noreload", `127.0.0.1:${port}`], { ready: `${url}/stored`, env }),
      url,
      path: "/responses",
      set: {},
      // A form's field cannot hold it.
      refuses: "\0",
      stored: async () => (await ask(`${url}/stored`)).map((row) => ({ ...row, id: row.response_id })),
    };
  },
};
