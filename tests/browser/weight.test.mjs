// What a page costs on a slow line, and what is left of it without JavaScript.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { people, signIn, site, useBrowser } from "./kit/browser.mjs";
import { TYPED, fillNews, formHolds } from "./kit/write.mjs";

const LIMIT = 100 * 1024;
const SCREENS = [{ width: 360, height: 800 }, { width: 1280, height: 900 }];
const HOMES = { "the portal": site(), "a commune": site("trason"), "a ward": site("vanmieu"), "a department": site("soyte") };

describe("the weight of a home page", () => {
  const visitor = useBrowser();

  for (const [whose, url] of Object.entries(HOMES)) {
    for (const viewport of SCREENS) {
      test(`the home page of ${whose} costs a first visitor ${viewport.width} px wide less than 100 KB in all`, async (t) => {
        const page = await (await visitor({ viewport })).newPage();
        const line = await page.context().newCDPSession(page);
        await line.send("Network.enable");
        const asked = new Map();
        let sum = 0;
        const parts = [];
        line.on("Network.requestWillBeSent", ({ requestId, request }) => asked.set(requestId, request.url));
        line.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
          sum += encodedDataLength;
          parts.push(`${encodedDataLength} ${new URL(asked.get(requestId)).pathname}`);
        });
        await page.goto(url, { waitUntil: "networkidle" });
        t.diagnostic(`${(sum / 1024).toFixed(1)} KB in ${parts.length} requests`);
        assert.ok(parts.length > 2, "the requests were counted");
        assert.ok(sum < LIMIT, `${sum} bytes:\n${parts.join("\n")}`);
      });
    }
  }
});

describe("without JavaScript", () => {
  const visitor = useBrowser();
  const open = async (options = {}) => (await visitor({ javaScriptEnabled: false, viewport: SCREENS[0], ...options })).newPage();

  test("the menu opens and leads to every part of the site", async () => {
    const page = await open();
    await page.goto(site("trason"));
    const menu = page.getByRole("navigation", { name: "Danh mục chính" });
    await menu.getByText("Tất cả chuyên mục").click();
    await menu.getByRole("link", { name: "Lịch sử, văn hóa" }).click();
    assert.equal(page.url(), `${site("trason")}/gioi-thieu/lich-su-van-hoa`);
    assert.ok((await page.locator(".prose").innerText()).length > 200, "the page can be read");
  });

  test("the directory filters by name and by group", async () => {
    const page = await open();
    await page.goto(`${site()}/lien-ket`);
    const count = () => page.locator("main .sites a").count();
    const all = await count();
    await page.getByLabel("Nhóm").selectOption({ index: 1 });
    await page.getByRole("button", { name: "Lọc" }).click();
    const some = await count();
    assert.ok(some > 0 && some < all, `${some} of ${all}`);
    await page.getByRole("link", { name: "Bỏ lọc" }).click();
    await page.getByLabel("Tên trang hoặc tên đơn vị").fill("tra son");
    await page.getByRole("button", { name: "Lọc" }).click();
    assert.equal(await count(), 1);
    await page.locator("main .sites a").click();
    assert.equal(new URL(page.url()).origin, site("trason"));
  });

  test("a citizen reads a news item from the home page", async () => {
    const page = await open();
    await page.goto(site("trason"));
    const link = page.locator(".block-latest .card-title a").first();
    const title = await link.innerText();
    await link.click();
    assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), title);
  });

  test("tools that need JavaScript are not offered", async () => {
    const page = await open();
    await page.goto(site("trason"));
    assert.equal(await page.locator("[data-tools]").isVisible(), false);
  });

  test("an author signs in, writes, sends for approval and signs out", async () => {
    const page = await open();
    await signIn(page, people.author);
    await fillNews(page, people.author.at);
    await page.getByRole("button", { name: "Lưu bản nháp" }).click();
    assert.match(await page.locator(".flash").innerText(), /Đã lưu bản nháp/);
    assert.deepEqual(await formHolds(page), TYPED);
    await page.getByRole("button", { name: "Gửi duyệt", exact: true }).click();
    assert.match(await page.locator(".flash").innerText(), /Đã gửi duyệt/);
    await page.locator(".user-menu summary").click();
    await page.getByRole("button", { name: "Đăng xuất" }).click();
    await page.goto(`${people.author.at}/quan-tri`);
    assert.equal(await page.getByRole("button", { name: "Đăng nhập" }).count(), 1);
  });
});
