// What somebody typed survives whatever happens before it is saved.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PASSWORD, people, signIn, useBrowser } from "./kit/browser.mjs";
import { TYPED, fillNews, formHolds } from "./kit/write.mjs";

const { author } = people;

/** Presses "send again" until the text is saved; answers how often that was. */
const sendAgain = async (page) => {
  for (let presses = 1; presses <= 2; presses += 1) {
    const answered = page.waitForNavigation();
    await page.getByRole("button", { name: "Gửi lại" }).click();
    await answered;
    if (/\/quan-tri\/tin-bai\/[0-9a-f-]{36}$/.test(page.url())) return presses;
  }
  return Infinity;
};

const shows = async (page, typed) => {
  assert.equal(await page.getByRole("heading", { name: "Nội dung bạn vừa nhập vẫn còn" }).count(), 1);
  await page.getByText("Xem nội dung đang được giữ").click();
  assert.equal(await page.getByLabel("Nội dung", { exact: true }).inputValue(), typed.body);
  assert.equal(await page.getByLabel("Tóm tắt").inputValue(), typed.summary);
  assert.equal(await page.locator("input[name=title]").inputValue(), typed.title);
};

describe("nothing typed is lost", () => {
  const visitor = useBrowser();

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? "" : " without JavaScript";
    test(`when the session ends while writing${how}, the text is kept and saved after signing in again`, async () => {
      const context = await visitor({ javaScriptEnabled });
      const page = await context.newPage();
      await signIn(page, author);
      await fillNews(page, author.at);
      await context.clearCookies({ name: "conglang" });
      await page.getByRole("button", { name: "Lưu bản nháp" }).click();
      await page.getByRole("button", { name: "Gửi lại" }).waitFor();
      await shows(page, TYPED);

      const [other] = await Promise.all([
        context.waitForEvent("page"),
        page.getByRole("link", { name: "Đăng nhập trong thẻ mới" }).click(),
      ]);
      await other.waitForLoadState();
      await signIn(other, author);
      await page.bringToFront();
      assert.ok((await sendAgain(page)) <= 2, "two presses at most");
      assert.match(await page.locator(".flash").innerText(), /Đã lưu bản nháp/);
      assert.deepEqual(await formHolds(page), TYPED);
    });
  }

  test("a form opened before signing in anew is answered with what was typed and one button to send it again", async () => {
    const context = await visitor();
    const page = await context.newPage();
    await signIn(page, author);
    await fillNews(page, author.at);
    const other = await context.newPage();
    await context.clearCookies();
    await signIn(other, author);

    const answer = page.waitForResponse((it) => it.request().method() === "POST" && it.url().includes("/tin-bai/moi"));
    await page.getByRole("button", { name: "Lưu bản nháp" }).click();
    assert.equal((await answer).status(), 409);
    await page.getByRole("button", { name: "Gửi lại" }).waitFor();
    await shows(page, TYPED);
    assert.equal(await sendAgain(page), 1);
    assert.deepEqual(await formHolds(page), TYPED);
  });

  test("a sign-in form that grew stale in another tab needs one press more and shows no password", async () => {
    const context = await visitor();
    const page = await context.newPage();
    await page.goto(`${author.at}/dang-nhap`);
    await signIn(await context.newPage(), author);
    await page.getByLabel("Thư điện tử").fill(author.email);
    await page.getByLabel("Mật khẩu", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Đăng nhập" }).click();
    await page.getByRole("button", { name: "Gửi lại" }).waitFor();
    assert.doesNotMatch(await page.locator("body").innerText(), new RegExp(PASSWORD));
    await page.getByRole("button", { name: "Gửi lại" }).click();
    await page.waitForURL(`${author.at}/quan-tri`);
  });

  test("a form with a mistake comes back with everything typed and leads to the mistake", async () => {
    const page = await (await visitor()).newPage();
    await signIn(page, author);
    const typed = { ...TYPED, title: "" };
    await fillNews(page, author.at, typed);
    await page.getByRole("button", { name: "Lưu và gửi duyệt" }).click();
    const summary = page.getByRole("alert");
    await summary.waitFor();
    assert.deepEqual(await formHolds(page), typed);
    await summary.getByRole("link").first().click();
    assert.equal(await page.evaluate(() => document.activeElement.id), "title");
  });

  test("two people who save the same entry see each other's text and lose none", async () => {
    const first = await (await visitor()).newPage();
    await signIn(first, author);
    await fillNews(first, author.at);
    await first.getByRole("button", { name: "Lưu bản nháp" }).click();
    await first.locator(".flash").waitFor();
    const second = await first.context().newPage();
    await second.goto(first.url());
    await second.getByRole("textbox", { name: "Tiêu đề" }).fill("Tiêu đề của người thứ hai");
    await second.getByRole("button", { name: "Lưu bản nháp" }).click();
    await second.locator(".flash").waitFor();

    const mine = "Tiêu đề của người thứ nhất";
    await first.getByRole("textbox", { name: "Tiêu đề" }).fill(mine);
    await first.getByRole("button", { name: "Lưu bản nháp" }).click();
    await first.getByRole("heading", { name: "Có người vừa sửa bài này trước bạn" }).waitFor();
    assert.equal((await formHolds(first)).title, mine);
    await first.getByText("Xem bản của người kia").click();
    assert.equal(await first.locator("#conflict-title").inputValue(), "Tiêu đề của người thứ hai");
    await first.getByRole("button", { name: "Lưu bản nháp" }).click();
    await first.locator(".flash").waitFor();
    assert.equal((await formHolds(first)).title, mine);
  });

  test("a browser that closes in the middle of a sentence offers the sentence when it comes back", async () => {
    const context = await visitor();
    const page = await context.newPage();
    await signIn(page, author);
    await fillNews(page, author.at);
    const key = await page.locator("#editor").getAttribute("data-key");
    await page.waitForFunction((it) => localStorage.getItem(`cong-lang:${it}`)?.includes("0299 3 999 101"), key);
    await page.close({ runBeforeUnload: false });
    const again = await context.newPage();
    await again.goto(`${author.at}/quan-tri/tin-bai/moi/news`);
    await again.getByRole("button", { name: "Lấy lại nội dung đó" }).click();
    assert.deepEqual(await formHolds(again), TYPED);
  });
});
