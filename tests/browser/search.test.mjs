// Looking for something: without a script, with the keyboard, and a moment after it was published.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { people, signIn, site, useBrowser } from "./kit/browser.mjs";

describe("the search", () => {
  const visitor = useBrowser();

  test("works without a script, from the box on any page to the result", async () => {
    const page = await (await visitor({ javaScriptEnabled: false })).newPage();
    await page.goto(`${site("trason")}/gioi-thieu`);
    await page.locator("input[name=q]").fill("tiep cong dan");
    await page.locator("input[name=q]").press("Enter");
    await page.waitForURL(/\/tim-kiem\?/);
    assert.match(await page.locator(".found").innerText(), /Tìm thấy \d+ kết quả cho “tiep cong dan”/);
    assert.ok(await page.locator(".hit mark", { hasText: /tiếp công dân/i }).count() > 0);
    const place = await page.locator(".hit h3 a").first().getAttribute("href");
    await page.locator(".hit h3 a").first().click();
    assert.equal(new URL(page.url()).pathname, place);
  });

  test("narrows by a facet to as many results as it says, and back", async () => {
    const page = await (await visitor({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } })).newPage();
    await page.goto(`${site()}/tim-kiem?q=cong+dan&pham-vi=tinh`);
    const option = page.locator(".facet a").first();
    const count = (await option.locator(".number").innerText()).match(/[\d.]+/)[0];
    await option.click();
    const found = await page.locator(".found").innerText();
    assert.ok(found.includes(`Tìm thấy ${count} kết quả`), `${found} after a click on ${count}`);
    await page.locator(".chip").first().click();
    assert.doesNotMatch(page.url(), /noi-dung/);
  });

  test("offers completions that the arrow keys walk and Enter follows", async () => {
    const page = await (await visitor()).newPage();
    await page.goto(site("trason"));
    const box = page.getByRole("combobox").first();
    await box.pressSequentially("tiep cong");
    const options = page.getByRole("option");
    await options.first().waitFor();
    await box.press("ArrowDown");
    assert.equal(await box.getAttribute("aria-activedescendant"), await options.first().getAttribute("id"));
    await box.press("Escape");
    assert.equal(await box.getAttribute("aria-expanded"), "false");
    assert.equal(await box.inputValue(), "tiep cong");
    await box.fill("");
    await box.pressSequentially("tiep cong");
    await options.first().waitFor();
    await box.press("ArrowDown");
    const from = page.url();
    await box.press("Enter");
    await page.waitForURL((url) => url.href !== from);
    assert.match(await page.locator("h1").innerText(), /tiếp công dân/i);
  });

  test("shows staff what is looked for in vain", async () => {
    const citizen = await (await visitor()).newPage();
    const query = "bến phà đêm giao thừa";
    await citizen.goto(`${people.admin.at}/tim-kiem?q=${encodeURIComponent(query)}`);
    assert.match(await citizen.locator(".found").innerText(), /Không tìm thấy/);
    const page = await (await visitor({ viewport: { width: 360, height: 800 } })).newPage();
    await signIn(page, people.admin);
    for (const begun = Date.now(); Date.now() - begun < 20_000;) {
      await page.goto(`${people.admin.at}/quan-tri/tim-kiem`);
      if (await page.getByText(query).count()) break;
      await page.waitForTimeout(1000);
    }
    const row = page.getByRole("row").filter({ hasText: query }).first();
    await row.getByRole("button", { name: "Đã xử lý" }).click();
    await page.getByText("Đã ghi nhận").waitFor();
    assert.equal(await page.getByRole("row").filter({ hasText: query }).getByRole("button").count(), 0);
  });
});
