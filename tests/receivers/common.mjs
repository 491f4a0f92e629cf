// What every receiver needs: to be got once and found again quickly, a port, and a process that ends with the test.
//
// Nothing of a receiver is kept beside this folder's scratch but Debian's packages, and no service of theirs is left
// running: each runs as a child of the test, on a loopback port and a folder of its own.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CEILING, folder, until } from "../e2e/harness.mjs";

export { folder, until };

export const SCRATCH = process.env.RECEIVERS_SCRATCH ?? fileURLToPath(new URL("../../target/xtask/receivers", import.meta.url));

/** A file beside this one. */
export const here = (name) => fileURLToPath(new URL(name, import.meta.url));

// --- getting it -----------------------------------------------------------------------------------------------

const tried = (sentence, run) => {
  try {
    return run();
  } catch (error) {
    const said = String(error.stderr || error.message).trim().split("\n").slice(-5).join("\n");
    throw Error(`${sentence}\n${said}`);
  }
};

const succeeds = (program, ...args) => {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

const debianVersion = (name) => {
  try {
    const said = execFileSync("dpkg-query", ["-W", "-f=${db:Status-Status} ${Version}", name], { stdio: "pipe" });
    const [status, version] = String(said).split(" ");
    return status == "installed" ? version : undefined;
  } catch {
    return undefined;
  }
};

/** Debian packages, each as "name=version", of whose version the beginning is enough. */
export const debian = (...wanted) => {
  const missing = wanted.filter((one) => {
    const [name, version] = one.split("=");
    return !debianVersion(name)?.startsWith(version);
  });
  if (!missing.length) return;
  const sentence = `install ${missing.join(", ")} (Debian 12's), or leave this receiver out of RECEIVERS`;
  const root = process.getuid() == 0;
  if (!root && !succeeds("sudo", "-n", "true")) throw Error(`installing needs your password: ${sentence}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const run = (...command) => {
    const [program, ...args] = root ? command : ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND", ...command];
    execFileSync(program, args, { stdio: "pipe", env });
  };
  const install = ["apt-get", "install", "-y", "-qq", "--no-remove", "--no-install-recommends", ...missing.map((one) => `${one}*`)];
  // Debian starts a service with its installation unless this file says no. One that is there already is the machine's own.
  const policy = "/usr/sbin/policy-rc.d";
  const ours = !existsSync(policy);
  tried(sentence, () => {
    if (ours) run("sh", "-c", `printf '#!/bin/sh\\nexit 101\\n' > ${policy} && chmod 755 ${policy}`);
    try {
      try {
        run(...install);
      } catch {
        // The lists may be absent or old.
        run("apt-get", "update", "-qq");
        run(...install);
      }
    } finally {
      if (ours) run("rm", "-f", policy);
    }
  });
};

/** What was installed into a folder the last time stands in a file there; half an installation has none. */
const stamped = (place, wanted, install) => {
  const stamp = join(place, ".asklet");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") == wanted.join("\n")) return place;
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  install();
  writeFileSync(stamp, wanted.join("\n"));
  return place;
};

/** Python packages ("name==version") in an environment of their own; returns the function that names its programs. */
export const pip = (name, ...wanted) => {
  const place = stamped(join(SCRATCH, `${name}-python`), wanted, () => {
    const sentence = (what) => `${what} ${wanted.join(", ")} in Python: read what it says, or leave this receiver out of RECEIVERS`;
    const venv = ["-m", "venv", join(SCRATCH, `${name}-python`)];
    if (!succeeds("python3", "-c", "import venv, ensurepip")) debian("python3-venv=3.");
    tried(sentence("there is no environment for"), () => execFileSync("python3", venv, { stdio: "pipe" }));
    const quiet = ["install", "--quiet", "--disable-pip-version-check", "--prefer-binary"];
    tried(sentence("pip could not install"), () =>
      execFileSync(join(SCRATCH, `${name}-python`, "bin/pip"), [...quiet, ...wanted], { stdio: "pipe" }),
    );
  });
  return (program) => join(place, "bin", program);
};

/** npm packages ("name@version") in a folder of their own; returns the path of what is in them. */
export const npm = (name, ...wanted) => {
  const place = stamped(join(SCRATCH, `${name}-node`), wanted, () => {
    const sentence = `npm could not install ${wanted.join(", ")}: read what it says, or leave this receiver out of RECEIVERS`;
    const quiet = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    const at = join(SCRATCH, `${name}-node`);
    tried(sentence, () => execFileSync("npm", ["install", ...quiet, "--prefix", at, ...wanted], { cwd: at, stdio: "pipe" }));
  });
  return (file) => join(place, "node_modules", file);
};

// --- running it -----------------------------------------------------------------------------------------------

// Whatever ends the test ends them too.
const running = new Set();
process.on("exit", () => running.forEach((end) => end("SIGKILL")));
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => process.exit(1));

/** A port of loopback that nothing listens on. */
export const freePort = async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
};

/**
 * A program that can be stopped and started on what it has stored. `command`: program and arguments; `ready`: an
 * address that answers when it is up, or a function.
 */
export const daemon = (t, name, command, { ready, env, ...options }) => {
  let child;
  const answers = typeof ready == "function" ? ready : async () => (await fetch(ready, { signal: AbortSignal.timeout(2_000) })).status < 500;
  // With all that it has started: it leads a group.
  const end = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // Already gone.
    }
  };
  const stop = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    end("SIGTERM");
    const late = setTimeout(() => end("SIGKILL"), 5_000);
    await gone;
    clearTimeout(late);
    end("SIGKILL");
    running.delete(end);
  };
  const start = async () => {
    const [program, ...args] = command;
    let said = "";
    const note = (text) => (said = (said + text).slice(-4_000));
    child = spawn(program, args, {
      env: { ...process.env, ...env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      ...options,
    });
    running.add(end);
    child.stdout.on("data", note);
    child.stderr.on("data", note);
    let failed;
    child.on("error", (error) => (failed = error));
    await until(`${name} answers`, () => {
      if (failed) throw failed;
      if (child.exitCode !== null || child.signalCode !== null) throw Error(`${name} ended`);
      return Promise.resolve(answers()).catch(() => false);
    }).catch((error) => {
      throw Error(`${error.message}: it said\n${said}`);
    });
  };
  t.after(stop);
  return { start, stop };
};

/** Resolves once something listens on the port. */
export const listens = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(!!socket.destroy())).on("error", () => resolve(false));
  });

/** Asks a receiver for JSON, as a person who looks what is there. */
export const ask = async (url, options) => {
  const answer = await fetch(url, { signal: AbortSignal.timeout(CEILING), ...options });
  const text = await answer.text();
  if (!answer.ok) throw Error(`${url} answered ${answer.status}: ${text.slice(0, 400)}`);
  return text && JSON.parse(text);
};

/** Lines of JSON in a file that need not be there yet. */
export const lines = (file) =>
  existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line)) : [];
