// Node-RED: a flow that begins with a webhook and appends to a file.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { daemon, folder, freePort, lines, npm } from "./common.mjs";

const PACKAGE = "node-red@4.1.15";

/** It says yes only when the line is written, and no where anything goes wrong on the way. */
const flow = (file) => {
  const nodes = [
    { id: "in", type: "http in", url: "/responses", method: "post", wires: [["line"]] },
    { id: "line", type: "function", func: "return { ...msg, payload: JSON.stringify(msg.payload) };", outputs: 1, wires: [["file"]] },
    { id: "file", type: "file", filename: file, filenameType: "str", appendNewline: true, overwriteFile: "false", encoding: "utf8", wires: [["yes"]] },
    { id: "yes", type: "http response", statusCode: "201", headers: {}, wires: [] },
    { id: "no", type: "catch", scope: null, wires: [["sorry"]] },
    { id: "sorry", type: "http response", statusCode: "500", headers: {}, wires: [] },
  ];
  // One without a place on the sheet is taken for a setting.
  return [{ id: "sheet", type: "tab", label: "Responses" }, ...nodes.map((node, index) => ({ ...node, z: "sheet", x: 100, y: 50 * index }))];
};

export default {
  presets: ["node-red"],
  install: () => void npm("node-red", PACKAGE),
  open: async (t) => {
    const file = npm("node-red", PACKAGE);
    const home = await folder(t);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const log = join(home, "responses");
    const cors = { origin: "*", methods: "POST" };
    const settings = { httpAdminRoot: false, uiHost: "127.0.0.1", uiPort: port, httpNodeCors: cors, flowFile: "flows.json" };
    writeFileSync(join(home, "settings.js"), `module.exports = ${JSON.stringify(settings)};`);
    writeFileSync(join(home, "flows.json"), JSON.stringify(flow(log)));
    const ready = async () => (await fetch(`${url}/responses`, { method: "OPTIONS" })).status == 204;
    return {
      ...daemon(t, "Node-RED", ["node", file("node-red/red.js"), "--userDir", home], { ready, cwd: home }),
      url,
      path: "/responses",
      set: {},
      stored: () => lines(log),
    };
  },
};
