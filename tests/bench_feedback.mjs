// Load on the forms of citizens: RATE submissions a minute for MINUTES, each with an attachment, every tenth of them sent
// twice, while public pages are read. Counts that no message and no attachment is lost and none doubled, prints how long
// everything took, and fails where that is not so or where public pages take longer than 50 ms at the 99th percentile.
// Usage: node tests/bench_feedback.mjs [--rate 1000] [--minutes 5] [--binary target/release/conglang]
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const option = (name, other) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? other : process.argv[at + 1];
};
const RATE = Number(option("rate", 1000));
const MINUTES = Number(option("minutes", 5));
const BINARY = option("binary", "target/release/conglang");
const PORT = 18231;
const HOST = `trason.lacviet.localhost:${PORT}`;
const FORM = "/hoi-dap/gui/cau-hoi";
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

const ask = (method, path, { headers = {}, body } = {}) => new Promise((done, failed) => {
  const began = performance.now();
  const request = http.request({ host: "127.0.0.1", port: PORT, method, path, agent, headers: { host: HOST, ...headers } }, (answer) => {
    const parts = [];
    answer.on("data", (part) => parts.push(part));
    answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString(), ms: performance.now() - began }));
  });
  request.on("error", failed);
  request.end(body);
});

/** A citizen of a network of their own: the proxy in front of the server says so. */
const from = (n) => ({ "x-forwarded-for": `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}` });

const multipart = (fields, file) => {
  const mark = "----bench";
  const parts = Object.entries(fields).map(([name, value]) => `--${mark}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  parts.push(`--${mark}\r\nContent-Disposition: form-data; name="files"; filename="${file.name}"\r\nContent-Type: text/plain\r\n\r\n${file.text}\r\n--${mark}--\r\n`);
  return { body: Buffer.from(parts.join("")), type: `multipart/form-data; boundary=${mark}` };
};

const times = { form: [], send: [], read: [] };
const codes = new Map();
const failures = [];

const citizen = async (n) => {
  const form = await ask("GET", FORM, { headers: from(n) });
  times.form.push(form.ms);
  const value = (name) => form.text.split(`name="${name}" value="`)[1].split('"')[0];
  const cookie = (form.headers["set-cookie"] ?? []).map((it) => it.split(";")[0]).join("; ");
  const { body, type } = multipart({
    _csrf: value("_csrf"), slip: value("slip"), proof: "", website: "", agree_process: "on",
    subject: `Câu hỏi thử tải số ${n}`, message: `Nội dung thử tải số ${n}, đủ dài để được nhận.`, name: `Người ${n}`, phone: "0900000000",
  }, { name: `tep-${n}.txt`, text: `tệp ${n} `.repeat(2000) });
  // Without script, a form waits twenty seconds.
  await wait(21_000);
  for (let again = 0; again < (n % 10 === 0 ? 2 : 1); again += 1) {
    const sent = await ask("POST", FORM, { headers: { ...from(n), cookie, "content-type": type, "content-length": body.length }, body });
    times.send.push(sent.ms);
    const code = sent.headers.location?.match(/\/hoi-dap\/ma\/([^?]+)/)?.[1];
    if (sent.status !== 303 || !code) failures.push(`${n}: ${sent.status}`);
    else codes.set(n, (codes.get(n) ?? new Set()).add(code));
  }
};

const received = async () => JSON.parse((await ask("GET", "/hoi-dap/thong-ke.json")).text).types.reduce((sum, it) => sum + it.received, 0);
/** Attachments that lie in the store: each has words of its own, so each is one file. */
const stored = (folder) => readdirSync(join(folder, "files"), { recursive: true, withFileTypes: true }).filter((it) => it.isFile()).length;
const share = (all, part) => all.sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * part))]?.toFixed(1);

const data = mkdtempSync(join(tmpdir(), "conglang-load-"));
const server = spawn(BINARY, ["demo", "--data", data], { stdio: "ignore", env: { ...process.env, CONGLANG_LISTEN_ADDRESS: `127.0.0.1:${PORT}`, CONGLANG_LOG_LEVEL: "error" } });
try {
  for (;;) {
    const up = await ask("GET", "/").catch(() => null);
    if (up?.status === 200) break;
    await wait(500);
  }
  const before = await received();
  const storedBefore = stored(data);
  const total = Math.round(RATE * MINUTES);
  let reading = true;
  const reader = (async () => {
    const pages = ["/", "/tin-tuc", "/hoi-dap", "/van-ban"];
    for (let n = 0; reading; n += 1) {
      times.read.push((await ask("GET", pages[n % pages.length])).ms);
      await wait(100);
    }
  })();
  const everybody = [];
  for (let n = 1; n <= total; n += 1) {
    everybody.push(citizen(n).catch((error) => failures.push(`${n}: ${error.message}`)));
    await wait(60_000 / RATE);
  }
  await Promise.all(everybody);
  reading = false;
  await reader;
  const kept = await received() - before;
  const files = stored(data) - storedBefore;
  const doubled = [...codes.values()].filter((it) => it.size > 1).length;
  const distinct = new Set([...codes.values()].flatMap((it) => [...it])).size;
  console.log(`sent ${total} (${times.send.length} with repeats), kept ${kept}, attachments ${files}, distinct codes ${distinct}, forms with two codes ${doubled}, failures ${failures.length}`);
  for (const [name, all] of Object.entries(times)) console.log(`${name.padEnd(5)} p50 ${share(all, 0.5)} ms   p99 ${share(all, 0.99)} ms   (${all.length})`);
  if (failures.length) console.log(failures.slice(0, 5).join("\n"));
  const slow = Number(share(times.read, 0.99)) > 50;
  if (slow) console.log("public pages take longer than 50 ms at the 99th percentile");
  process.exitCode = !slow && files === total && kept === total && distinct === total && doubled === 0 && failures.length === 0 ? 0 : 1;
} finally {
  server.kill("SIGTERM");
  await wait(1000);
  rmSync(data, { recursive: true, force: true });
}
