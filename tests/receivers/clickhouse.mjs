// ClickHouse: rows over HTTP, in its own format of a JSON document a line.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, daemon, debian, folder, freePort } from "./common.mjs";

const TABLE = `CREATE TABLE IF NOT EXISTS responses (
  id String, revision UInt32, survey String, status String, score Nullable(Int16), comment Nullable(String),
  answered_at DateTime, response String
) ENGINE = ReplacingMergeTree(revision) ORDER BY id`;

/** Two users: the one that everybody can read about in the page's config, and one that asks what is there. */
const user = (name, password) => `<${name}>
  <password>${password}</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
</${name}>`;

export default {
  presets: ["clickhouse"],
  install: () => debian("clickhouse-server=18.16."),
  open: async (t) => {
    const home = await folder(t);
    const [http, tcp] = [await freePort(), await freePort()];
    const config = join(home, "config.xml");
    mkdirSync(join(home, "data"));
    writeFileSync(
      config,
      `<yandex>
        <logger><console>1</console><level>warning</level></logger>
        <listen_host>127.0.0.1</listen_host><http_port>${http}</http_port><tcp_port>${tcp}</tcp_port>
        <path>${home}/data/</path><tmp_path>${home}/tmp/</tmp_path>
        <users_config>${home}/users.xml</users_config><default_profile>default</default_profile>
        <mark_cache_size>5368709120</mark_cache_size>
        <default_database>default</default_database><timezone>UTC</timezone>
      </yandex>`,
    );
    writeFileSync(
      join(home, "users.xml"),
      `<yandex>
        <profiles><default><add_http_cors_header>1</add_http_cors_header></default></profiles>
        <quotas><default/></quotas>
        <users>${user("default", "")}${user("visitors", "public-key")}</users>
      </yandex>`,
    );
    const url = `http://127.0.0.1:${http}`;
    // It takes no settings of another machine's, which it would look for beside its config.
    const server = daemon(t, "ClickHouse", ["clickhouse-server", `--config-file=${config}`], { ready: `${url}/ping`, cwd: home });
    const query = (text) => ask(`${url}/`, { method: "POST", body: text });
    return {
      url,
      set: { user: "visitors", key: "public-key" },
      start: async () => {
        await server.start();
        await query(TABLE);
      },
      stop: server.stop,
      stored: async () => {
        // As it was inserted; with FINAL after FROM it is one row an id.
        const { data } = await query("SELECT response FROM responses FORMAT JSON");
        return data.map(({ response }) => JSON.parse(response));
      },
      once: async () => Number((await query("SELECT count() AS n FROM responses FINAL FORMAT JSON")).data[0].n),
    };
  },
};
