// One person, several sites: crossing from one to another without signing in again.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { people, signIn, site, useBrowser } from "./kit/browser.mjs";

describe("crossing between sites", () => {
  const visitor = useBrowser();

  test("a person of two sites goes from one to the other without signing in again", async () => {
    const page = await (await visitor()).newPage();
    await signIn(page, people.ofTwoSites);
    await page.getByRole("link", { name: "Đổi trang" }).click();
    await page.getByRole("button", { name: /Sang trang này.*Nguồn Thượng/i }).click();
    await page.waitForURL(`${site("nguonthuong")}/vao/*`, { timeout: 5000 });
    assert.match(await page.locator("main").innerText(), /Quan Văn Hiệp[\s\S]*Nguồn Thượng/);
    await page.getByRole("button", { name: "Vào làm việc" }).click();
    await page.waitForURL(`${site("nguonthuong")}/quan-tri`);
  });

  test("the province goes from its list into a component's own desk", async () => {
    const page = await (await visitor()).newPage();
    await signIn(page, people.province);
    await page.goto(`${site()}/quan-tri/cac-trang?q=camvan`);
    await page.locator("main .row-title").first().click();
    await page.getByRole("button", { name: "Vào quản trị trang này" }).click();
    await page.waitForURL(`${site("camvan")}/vao/*`, { timeout: 5000 });
    await page.getByRole("button", { name: "Vào làm việc" }).click();
    await page.waitForURL(`${site("camvan")}/quan-tri`);
  });

  test("a person of one site is not let into another", async () => {
    const page = await (await visitor()).newPage();
    await page.goto(`${site("dongbai")}/dang-nhap`);
    await page.getByLabel("Thư điện tử").fill(people.author.email);
    await page.getByLabel("Mật khẩu", { exact: true }).fill("Lac-Viet-2026-demo");
    await page.getByRole("button", { name: "Đăng nhập" }).click();
    assert.match(await page.getByRole("alert").innerText(), /chưa được giao vai trò ở trang này/);
  });

  test("a component's host that is nobody's is a plain 404 that lists nothing", async () => {
    const page = await (await visitor()).newPage();
    const answer = await page.goto(site("khong-co-xa-nay"));
    assert.equal(answer.status(), 404);
    assert.equal((await page.locator("body").innerText()).trim(), "Not found");
  });
});
