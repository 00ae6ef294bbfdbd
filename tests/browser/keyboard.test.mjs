// Pages without a mouse, and the reader's own choices.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { people, signIn, site, useBrowser } from "./kit/browser.mjs";

const focused = (page) => page.evaluate(() => {
  const { activeElement: it } = document;
  return { id: it.id, tag: it.tagName, text: it.textContent.trim().slice(0, 60) };
});

/** Presses Tab until `wanted` says yes; answers how often. */
const tabTo = async (page, wanted, most = 40) => {
  for (let presses = 1; presses <= most; presses += 1) {
    await page.keyboard.press("Tab");
    if (wanted(await focused(page))) return presses;
  }
  assert.fail(`not reached in ${most} presses of Tab`);
};

describe("with the keyboard alone", () => {
  const visitor = useBrowser();
  const open = async (viewport = { width: 1280, height: 900 }) => (await visitor({ viewport })).newPage();

  test("the first Tab on a public page offers to skip to the content, and Enter goes there", async () => {
    const page = await open();
    await page.goto(site("trason"));
    await page.keyboard.press("Tab");
    assert.equal((await focused(page)).text, "Bỏ qua, đến nội dung chính");
    assert.ok((await page.locator(".skip").boundingBox()).y >= 0, "the link can be seen");
    await page.keyboard.press("Enter");
    assert.equal((await focused(page)).id, "noi-dung");
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.querySelector("main").contains(document.activeElement)));
  });

  test("the first Tab on a staff screen offers to skip to the content, and Enter goes there", async () => {
    const page = await open();
    await signIn(page, people.author);
    await page.goto(`${people.author.at}/quan-tri/tin-bai`);
    await page.keyboard.press("Tab");
    assert.equal((await focused(page)).text, "Đến nội dung chính");
    await page.keyboard.press("Enter");
    assert.equal((await focused(page)).id, "noi-dung");
  });

  for (const width of [360, 1280]) {
    test(`the menu of a public page ${width} px wide opens with Enter, is walked with Tab and closes with Escape`, async () => {
      const page = await open({ width, height: 900 });
      await page.goto(site("trason"));
      await tabTo(page, (it) => it.tag === "SUMMARY");
      await page.keyboard.press("Enter");
      const entry = page.getByRole("navigation", { name: "Danh mục chính" }).getByRole("link", { name: "Điều kiện tự nhiên" });
      await entry.waitFor();
      await tabTo(page, (it) => it.text === "Điều kiện tự nhiên");
      await page.keyboard.press("Escape");
      assert.equal(await entry.isVisible(), false);
      assert.equal((await focused(page)).tag, "SUMMARY");
      await page.keyboard.press("Enter");
      await tabTo(page, (it) => it.text === "Điều kiện tự nhiên");
      await page.keyboard.press("Enter");
      await page.waitForURL(/dieu-kien-tu-nhien$/);
    });
  }

  test("the staff menu on a phone opens with Enter, closes with Escape and gives the focus back", async () => {
    const page = await open({ width: 360, height: 800 });
    await signIn(page, people.author);
    await tabTo(page, (it) => it.tag === "SUMMARY" && it.text === "Menu");
    await page.keyboard.press("Enter");
    const link = page.locator(".phone-menu").getByRole("link", { name: "Tin bài" });
    await link.waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await link.isVisible(), false);
    assert.equal((await focused(page)).text, "Menu");
  });

  test("a question takes the focus, keeps it, and gives it back when it is answered with no", async () => {
    const page = await open();
    await signIn(page, people.admin);
    await page.goto(`${people.admin.at}/quan-tri/tai-khoan`);
    const button = page.getByRole("button", { name: "Đăng xuất khỏi mọi nơi" });
    await button.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    assert.ok((await dialog.innerText()).includes("Đăng xuất khỏi mọi thiết bị"));
    const inside = () => page.evaluate(() => document.querySelector("dialog").contains(document.activeElement) || document.activeElement === document.body);
    for (let presses = 0; presses < 5; presses += 1) {
      assert.ok(await inside(), "the focus stays in the question");
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.equal((await focused(page)).text, "Đăng xuất khỏi mọi nơi");
    assert.match(page.url(), /tai-khoan$/, "nothing was done");
  });

  test("the toolbar of the editor is one stop, walked with the arrow keys", async () => {
    const page = await open();
    await signIn(page, people.author);
    await page.goto(`${people.author.at}/quan-tri/tin-bai/moi/news`);
    await page.getByRole("button", { name: "Đậm" }).focus();
    await page.keyboard.press("ArrowRight");
    assert.equal((await focused(page)).text, "Nghiêng");
    await page.keyboard.press("Tab");
    assert.equal((await focused(page)).id, "body");
  });

  test("mistakes in a form take the focus and lead to their fields", async () => {
    const page = await open();
    await signIn(page, people.author);
    await page.goto(`${people.author.at}/quan-tri/tin-bai/moi/news`);
    await page.getByRole("button", { name: "Lưu bản nháp" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    assert.equal((await focused(page)).id, "loi");
    await page.keyboard.press("Tab");
    const field = await page.evaluate(() => document.activeElement.hash.slice(1));
    await page.keyboard.press("Enter");
    assert.equal((await focused(page)).id, field);
    assert.equal(await page.locator(`#${field}`).getAttribute("aria-invalid"), "true");
  });
});

describe("what a reader chooses", () => {
  const visitor = useBrowser();
  const size = (page) => page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));

  test("the size of the text is kept on the next page and can be set back", async () => {
    const page = await (await visitor()).newPage();
    await page.goto(site("trason"));
    const before = await size(page);
    await page.getByRole("button", { name: "Tăng cỡ chữ" }).click();
    await page.getByRole("button", { name: "Tăng cỡ chữ" }).click();
    const larger = await size(page);
    assert.ok(larger > before * 1.2, `${before} → ${larger}`);
    await page.goto(`${site("trason")}/tin-tuc`);
    assert.equal(await size(page), larger);
    await page.getByRole("button", { name: "Cỡ chữ bình thường" }).click();
    assert.equal(await size(page), before);
  });

  test("high contrast is kept on the next page and told to screen readers", async () => {
    const page = await (await visitor()).newPage();
    await page.goto(site("trason"));
    const button = page.getByRole("button", { name: "Tương phản cao" });
    assert.equal(await button.getAttribute("aria-pressed"), "false");
    await button.focus();
    await page.keyboard.press("Space");
    assert.equal(await button.getAttribute("aria-pressed"), "true");
    await page.goto(`${site("trason")}/tin-tuc`);
    assert.equal(await button.getAttribute("aria-pressed"), "true");
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(0, 0, 0)");
  });

  test("twice the size of text hides nothing and needs no scrolling sideways", async () => {
    // A window of 1280 px at 200 % zoom is 640 CSS pixels wide.
    const page = await (await visitor({ viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 })).newPage();
    for (const address of [site(), site("trason"), `${site()}/lien-ket`, `${site("trason")}/gioi-thieu/danh-ba`]) {
      await page.goto(address);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), address);
    }
  });
});
