// The Vietnamese of a translated page changes; its English goes from current to stale and back, and everybody sees it.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { AXE, examine } from "./kit/axe.mjs";
import { people, signIn, site, useBrowser } from "./kit/browser.mjs";

const HOST = site("trason");
const SOURCE = "Tổ chức bộ máy xã Trà Sơn";
const ENGLISH = `${HOST}/en/about/organisation`;
const ADDED = "Từ ngày 01/12/2026, Trung tâm Phục vụ hành chính công mở cửa cả sáng thứ Bảy.";
const SAID = "From 1 December 2026 the Public Administration Service Centre is also open on Saturday mornings.";

const confirm = (page) => page.getByRole("dialog").getByRole("button", { name: "Đồng ý" }).click();

describe("a page goes from a major edit to a current mirror", () => {
  const visitor = useBrowser();
  let author;
  let approver;
  let reader;
  let translation;

  const open = async (options) => {
    const context = await visitor(options);
    await context.addInitScript({ content: AXE });
    return context.newPage();
  };
  const told = async () => {
    await reader.goto(ENGLISH);
    return reader.locator(".mirror").innerText();
  };

  before(async () => {
    [author, approver, reader] = [await open(), await open(), await open({ locale: "en-GB" })];
    await signIn(author, people.author);
    await signIn(approver, people.approver);
  });

  test("what is current says of which day it is", async () => {
    assert.match(await told(), /Translated from the Vietnamese page of 16 September 2026/);
    assert.equal(await reader.locator("html").getAttribute("lang"), "en");
  });

  test("an author changes the Vietnamese, an approver publishes it", async () => {
    await author.goto(`${HOST}/quan-tri/tieng-anh?hien=tat-ca`);
    await author.getByRole("link", { name: SOURCE }).click();
    translation = author.url();
    await author.getByRole("link", { name: "Mở bản tiếng Việt" }).click();
    const body = author.getByRole("textbox", { name: "Nội dung" });
    const source = author.url();
    await body.fill(`${await body.inputValue()}\n\n${ADDED}`);
    await author.getByRole("button", { name: "Lưu và gửi duyệt" }).click();
    await approver.goto(source);
    await approver.getByRole("button", { name: "Duyệt và đăng" }).click();
    await confirm(approver);
    await approver.locator(".flash").waitFor();
  });

  test("the reader of the English is told, and led to what is current", async () => {
    assert.match(await told(), /has changed once since then/);
    await examine(reader, { isPublic: true });
    await reader.getByRole("link", { name: "Read the Vietnamese page" }).click();
    assert.match(await reader.locator(".prose").innerText(), /mở cửa cả sáng thứ Bảy/);
    await reader.getByRole("link", { name: "English", exact: true }).click();
    assert.equal(reader.url(), ENGLISH);
  });

  test("the translator sees what is new, and only that is empty", async () => {
    await author.goto(translation);
    assert.match(await author.locator(".state-line").innerText(), /Đã cũ/);
    const fresh = author.locator("section.pair-new");
    assert.equal(await fresh.count(), 1);
    assert.match(await fresh.innerText(), /mở cửa cả sáng thứ Bảy/);
    const empty = await author.locator(".side-en textarea").evaluateAll((all) => all.filter((it) => it.value === "").length);
    assert.equal(empty, 1);
    await examine(author);
    await fresh.locator("textarea").fill(SAID);
    await author.getByRole("button", { name: "Lưu và trình duyệt" }).click();
    await author.locator(".flash").waitFor();
  });

  test("once it is approved, the English is current again", async () => {
    await approver.goto(translation);
    await approver.getByRole("button", { name: "Duyệt và đăng" }).click();
    await confirm(approver);
    await approver.locator(".flash").waitFor();
    assert.match(await told(), /Translated from the Vietnamese page of/);
    assert.match(await reader.locator(".prose").innerText(), /open on Saturday mornings/);
  });

  test("the work list and the names of sections can be used by everybody", async () => {
    for (const path of ["/quan-tri/tieng-anh", "/quan-tri/tieng-anh/chuyen-muc", "/quan-tri/tieng-anh/trao-doi"]) {
      await author.goto(`${HOST}${path}`);
      await examine(author);
    }
  });
});
