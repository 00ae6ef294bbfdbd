// Files and pictures with scripts at work: a bar for each file, errors beside the file they are about, a picture brought
// without leaving the text, and a PDF that the browser shows.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { people, signIn, site, useBrowser } from "./kit/browser.mjs";
import { fillNews } from "./kit/write.mjs";

const HOST = site("trason");
const file = (name, text) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(text) });

// One red dot.
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==", "base64");

const signedIn = async (visitor) => {
  const page = await (await visitor()).newPage();
  await signIn(page, people.admin);
  return page;
};

describe("files", () => {
  const visitor = useBrowser();

  test("each file has a bar and an answer of its own", async () => {
    const page = await signedIn(visitor);
    await page.goto(`${HOST}/quan-tri/tep`);
    await page.getByLabel(/^Tệp/).setInputFiles([file("ke-hoach.pdf", "%PDF-1.7 ke hoach"), file("gia.pdf", "MZ")]);
    await page.getByRole("button", { name: "Tải lên" }).click();
    await page.getByRole("status").filter({ hasText: "1 tệp đã lưu, 1 tệp chưa lưu được" }).waitFor();
    const rows = page.locator(".uploads li");
    assert.match(await rows.nth(0).innerText(), /ke-hoach\.pdf[^]*đã lưu/);
    assert.match(await rows.nth(1).innerText(), /“gia\.pdf” mang đuôi \.pdf/);
    await page.getByRole("link", { name: "Xem danh sách tệp" }).click();
    await page.getByRole("link", { name: "ke-hoach.pdf", exact: true }).waitFor();
  });

  test("when every file is saved, the list shows them", async () => {
    const page = await signedIn(visitor);
    await page.goto(`${HOST}/quan-tri/tep`);
    await page.getByLabel(/^Tệp/).setInputFiles([file("mot.csv", "a,b\n1,2\n"), file("hai.txt", "hai")]);
    await page.getByRole("button", { name: "Tải lên" }).click();
    await page.getByRole("link", { name: "mot.csv", exact: true }).waitFor();
    await page.getByRole("link", { name: "hai.txt", exact: true }).waitFor();
  });

  test("a document gets its file without leaving the form, and keeps it through a mistake", async () => {
    const page = await signedIn(visitor);
    await page.goto(`${HOST}/quan-tri/van-ban/moi`);
    await page.getByLabel("Thêm tệp từ máy").setInputFiles([file("ke-hoach-15.pdf", "%PDF-1.7 ke hoach 15"), file("gia.pdf", "MZ")]);
    await page.getByText("“gia.pdf” mang đuôi .pdf").waitFor();
    const tick = page.getByRole("checkbox", { name: "ke-hoach-15.pdf" });
    assert.ok(await tick.isChecked());
    await page.getByRole("button", { name: "Lưu", exact: true }).click();
    await page.getByRole("alert").first().waitFor();
    assert.ok(await page.getByRole("checkbox", { name: "ke-hoach-15.pdf" }).isChecked());
  });

  test("a picture is brought without leaving the text", async () => {
    const page = await signedIn(visitor);
    await fillNews(page, HOST);
    await page.getByText("Chèn ảnh vào nội dung").click();
    const adding = page.getByRole("group", { name: "Tải ảnh mới lên và chèn vào chỗ con trỏ" });
    await adding.getByRole("button", { name: "Tải lên và chèn" }).click();
    await adding.getByText("Chưa có tệp nào được chọn").waitFor();
    await adding.getByLabel("Ảnh", { exact: true }).setInputFiles({ name: "cau.png", mimeType: "image/png", buffer: PNG });
    await adding.getByLabel("Trong ảnh có gì?").fill("Cầu treo qua suối");
    await adding.getByLabel("Nguồn ảnh").fill("Xã Trà Sơn");
    await adding.getByRole("button", { name: "Tải lên và chèn" }).click();
    await adding.getByText("Đã chèn ảnh vào nội dung.").waitFor();
    assert.match(await page.getByRole("textbox", { name: "Nội dung" }).inputValue(), /!\[Cầu treo qua suối\]\(\/anh\/[0-9a-f-]{36}\.webp\)/);
    await page.locator("#preview img[alt='Cầu treo qua suối']").waitFor();
  });
});
