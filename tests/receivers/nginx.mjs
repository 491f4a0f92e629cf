// nginx with its module for WebDAV: a file for each response, as in an object store.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { daemon, debian, folder, freePort } from "./common.mjs";

export default {
  presets: ["webdav"],
  install: () => debian("nginx-light=1.22."),
  open: async (t) => {
    const home = await folder(t);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const files = join(home, "files/responses");
    mkdirSync(files, { recursive: true });
    const kept = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${home}/${name};`);
    writeFileSync(
      join(home, "nginx.conf"),
      `daemon off;
      ${process.getuid() == 0 ? "user root;" : ""}
      pid ${home}/pid;
      error_log stderr warn;
      events {}
      http {
        access_log off;
        ${kept.join("\n")}
        server {
          listen 127.0.0.1:${port};
          root ${home}/files;
          location / {
            dav_methods PUT;
            limit_except PUT OPTIONS { deny all; }
            add_header access-control-allow-origin * always;
            add_header access-control-allow-methods PUT always;
            add_header access-control-allow-headers content-type always;
            if ($request_method = OPTIONS) { return 204; }
          }
        }
      }`,
    );
    return {
      ...daemon(t, "nginx", ["nginx", "-e", "stderr", "-c", join(home, "nginx.conf")], { ready: url }),
      url,
      set: {},
      stored: () => readdirSync(files).map((name) => JSON.parse(readFileSync(join(files, name), "utf8"))),
    };
  },
};
