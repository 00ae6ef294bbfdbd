// Starts one demonstration server for the whole run, runs the tests, stops the server.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const binary = process.env.CONGLANG_BIN ?? join(root, "target/debug/conglang");

const freePort = () => new Promise((done, fail) => {
  const probe = createServer();
  probe.on("error", fail);
  probe.listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => done(port));
  });
});

const ended = (child) => new Promise((done) => {
  if (child.exitCode !== null || child.signalCode !== null) done(child.exitCode);
  else child.once("exit", (code) => done(code));
});

const port = await freePort();
const data = await mkdtemp(join(tmpdir(), "conglang-browser-"));
// Settings of whoever runs the tests must not reach the demonstration.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("CONGLANG_")));
const server = spawn(binary, ["demo", "--data", data], {
  cwd: root,
  env: { ...environment, CONGLANG_LISTEN_ADDRESS: `127.0.0.1:${port}`, CONGLANG_LOG_LEVEL: "warn", CONGLANG_LISTEN_SHUTDOWN_SECONDS: "1" },
  stdio: ["ignore", "pipe", "pipe"],
});
let said = "";
let gone = false;
for (const stream of [server.stdout, server.stderr]) stream.on("data", (chunk) => { said += chunk; });
server.on("error", (err) => { said += `${err}\n`; gone = true; });
server.on("exit", () => { gone = true; });

const stop = async () => {
  if (!gone) {
    server.kill("SIGTERM");
    const late = setTimeout(() => server.kill("SIGKILL"), 10_000);
    await ended(server);
    clearTimeout(late);
  }
  await rm(data, { recursive: true, force: true });
};
let tests;
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => (tests ? tests.kill(signal) : stop().then(() => process.exit(1))));

const answers = async () => {
  for (let tries = 0; tries < 1200 && !gone; tries += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (answer?.ok) return true;
    await new Promise((done) => { setTimeout(done, 100); });
  }
  return false;
};

let code = 1;
if (await answers()) {
  const files = process.argv.slice(2);
  tests = spawn(process.execPath, ["--test", "--test-concurrency=2", ...files], {
    cwd: here,
    env: { ...process.env, CONGLANG_TEST_PORT: String(port) },
    stdio: "inherit",
  });
  code = (await ended(tests)) ?? 1;
} else {
  console.error(`the demonstration server ${binary} does not answer`);
}
await stop();
if (code !== 0 && said.includes("ERROR")) console.error(`The server said:\n${said.split("\n").filter((line) => /ERROR/.test(line)).join("\n")}`);
else if (code !== 0 && !tests) console.error(said);
process.exitCode = code;
