// The browser of the tests and the addresses of the demonstration province.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after, before } from "node:test";
import { chromium } from "playwright-core";

export const PASSWORD = "Lac-Viet-2026-demo";
export const PORT = process.env.CONGLANG_TEST_PORT ?? "8080";

/** The address of a component site, or of the portal when no label is given. */
export const site = (label = "") => `http://${label ? `${label}.` : ""}lacviet.localhost:${PORT}`;

/** Somebody of the demonstration: the account, and where it signs in. */
const person = (email, label) => ({ email: `${email}@lacviet.gov.vn`, at: site(label) });
export const people = {
  province: person("quantri"),
  auditor: person("kiemtra"),
  admin: person("quantri.trason", "trason"),
  author: person("congtac.trason", "trason"),
  approver: person("duyetbai.trason", "trason"),
  ofTwoSites: person("congtac.hongan", "hongan"),
};

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP *.localhost 127.0.0.1",
];

const installed = () => {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
  if (!found) throw new Error("no Chromium on PATH; install it or set CHROMIUM to its program");
  return found;
};

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM || installed(), args: FLAGS });

/** One browser for a test file. Answers a function that opens a visitor's own window: cookies, storage and cache apart. */
export const useBrowser = () => {
  let browser;
  before(async () => { browser = await launch(); });
  after(async () => { await browser?.close(); });
  return async (options = {}) => {
    const context = await browser.newContext({ locale: "vi-VN", timezoneId: "Asia/Ho_Chi_Minh", ...options });
    context.setDefaultTimeout(30_000);
    return context;
  };
};

/** Signs `who` in on the page, by the form. */
export const signIn = async (page, who, password = PASSWORD) => {
  await page.goto(`${who.at}/dang-nhap`);
  await page.getByLabel("Thư điện tử").fill(who.email);
  await page.getByLabel("Mật khẩu", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Đăng nhập" }).click();
  await page.waitForURL((url) => url.pathname.startsWith("/quan-tri"));
};
