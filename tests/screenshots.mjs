// Makes themes/screenshot.webp from the running product: the demonstration portal's home page,
// 1280 pixels wide, at most 150 KB.

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { launch } from "./browser/kit/browser.mjs";

const root = new URL("..", import.meta.url).pathname;
const program = process.env.CONGLANG_BIN ?? join(root, "target/debug/conglang");
const picture = join(root, "themes/screenshot.webp");
const [width, height, most] = [1280, 860, 150_000];

const data = await mkdtemp(join(tmpdir(), "conglang-screenshot-"));
const port = 20000 + Math.floor(Math.random() * 30000);
// Settings of whoever runs this must not reach the demonstration.
const plain = Object.entries(process.env).filter(([name]) => !name.startsWith("CONGLANG_"));
const server = spawn(program, ["demo", "--data", data], {
  cwd: root,
  env: { ...Object.fromEntries(plain), CONGLANG_LISTEN_ADDRESS: `127.0.0.1:${port}`, CONGLANG_LOG_LEVEL: "warn" },
  stdio: ["ignore", "ignore", "inherit"],
});
const ended = new Promise((done) => server.once("exit", done));

const answers = async () => {
  for (let tries = 0; tries < 1800 && server.exitCode === null; tries += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${program} does not answer`);
};

/** The picture, of the best quality that is small enough. */
const shoot = async (page) => {
  const session = await page.context().newCDPSession(page);
  for (const quality of [90, 80, 70, 60, 50]) {
    const shot = await session.send("Page.captureScreenshot", { format: "webp", quality });
    const bytes = Buffer.from(shot.data, "base64");
    if (bytes.length <= most) return bytes;
  }
  throw new Error(`the picture is larger than ${most} bytes`);
};

let browser;
try {
  await answers();
  browser = await launch();
  const page = await browser.newPage({ viewport: { width, height }, locale: "vi-VN" });
  await page.goto(`http://lacviet.localhost:${port}/`, { waitUntil: "networkidle" });
  const bytes = await shoot(page);
  await writeFile(picture, bytes);
  console.log(`themes/screenshot.webp: ${Math.round(bytes.length / 1024)} KB`);
} finally {
  await browser?.close();
  server.kill("SIGTERM");
  await ended;
  await rm(data, { recursive: true, force: true });
}
