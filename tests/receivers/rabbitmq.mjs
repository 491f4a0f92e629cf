// RabbitMQ: messages over the HTTP interface of its management plugin.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, daemon, debian, folder, freePort, listens } from "./common.mjs";

const basic = (name, password) => `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;

// One user may publish to one exchange and do nothing else; the other is the test's.
const DEFINITIONS = {
  users: [
    { name: "owner", password: "owner-key", tags: "administrator" },
    { name: "visitors", password: "public-key", tags: "management" },
  ],
  vhosts: [{ name: "/" }],
  permissions: [
    { user: "owner", vhost: "/", configure: ".*", write: ".*", read: ".*" },
    { user: "visitors", vhost: "/", configure: "^$", write: "^responses$", read: "^$" },
  ],
  exchanges: [{ name: "responses", vhost: "/", type: "fanout", durable: true, auto_delete: false, internal: false, arguments: {} }],
  queues: [{ name: "responses", vhost: "/", durable: true, auto_delete: false, arguments: {} }],
  bindings: [{ source: "responses", vhost: "/", destination: "responses", destination_type: "queue", routing_key: "", arguments: {} }],
};

export default {
  presets: ["rabbitmq"],
  install: () => debian("rabbitmq-server=3.10."),
  open: async (t) => {
    const home = await folder(t);
    const [amqp, http, names, distribution] = [await freePort(), await freePort(), await freePort(), await freePort()];
    writeFileSync(join(home, "definitions.json"), JSON.stringify(DEFINITIONS));
    writeFileSync(join(home, "plugins"), "[rabbitmq_management].");
    mkdirSync(join(home, "mnesia"));
    writeFileSync(
      join(home, "rabbitmq.conf"),
      `listeners.tcp.local = 127.0.0.1:${amqp}
      management.tcp.ip = 127.0.0.1
      management.tcp.port = ${http}
      management.cors.allow_origins.1 = *
      management.load_definitions = ${home}/definitions.json
      log.console = true
      log.console.level = warning
      log.file = false`.replaceAll(/^ +/gm, ""),
    );
    const env = {
      HOME: home,
      RABBITMQ_NODENAME: `asklet${http}@localhost`,
      RABBITMQ_NODE_PORT: amqp,
      RABBITMQ_DIST_PORT: distribution,
      RABBITMQ_MNESIA_BASE: join(home, "mnesia"),
      RABBITMQ_LOG_BASE: home,
      RABBITMQ_PID_FILE: join(home, "pid"),
      RABBITMQ_CONFIG_FILE: join(home, "rabbitmq.conf"),
      RABBITMQ_CONF_ENV_FILE: join(home, "none"),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(home, "plugins"),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
      ERL_EPMD_PORT: names,
      ERL_EPMD_ADDRESS: "127.0.0.1",
    };
    // Erlang's register of names would be started as a service of the machine: this one ends with the test.
    const register = daemon(t, "epmd", ["epmd", "-address", "127.0.0.1", "-port", names], { ready: () => listens(names), env });
    const url = `http://127.0.0.1:${http}`;
    const headers = { authorization: basic("owner", "owner-key"), "content-type": "application/json" };
    const ready = async () => (await fetch(`${url}/api/queues/%2F/responses`, { headers })).ok;
    const server = daemon(t, "RabbitMQ", ["/usr/lib/rabbitmq/bin/rabbitmq-server"], { ready, env });
    await register.start();
    return {
      ...server,
      url,
      set: { key: Buffer.from("visitors:public-key").toString("base64") },
      stored: async () => {
        // They go back into the queue, as they were.
        const body = JSON.stringify({ count: 1_000, ackmode: "ack_requeue_true", encoding: "auto" });
        const messages = await ask(`${url}/api/queues/%2F/responses/get`, { method: "POST", headers, body });
        return messages.map(({ payload }) => JSON.parse(payload));
      },
    };
  },
};
