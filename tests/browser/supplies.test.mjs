// A request for information from the form to the download: the office waits for the sender, takes the longer time of the law,
// gives a file that another person approved, and keeps its register. All pages on the way are looked at by axe-core.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { AXE, examine, listen } from "./kit/axe.mjs";
import { people, signIn, site, useBrowser } from "./kit/browser.mjs";

const COMMUNE = site("trason");
const SUBJECT = "Bản đồ quy hoạch bến Khe Bưởi";
const officer = { email: "phananh.trason@lacviet.gov.vn", at: COMMUNE };

const press = (page, name) => page.getByRole("button", { name, exact: true }).first().click();
const open = (page, name) => page.locator("summary", { hasText: name }).first().click();

describe("a request for information", () => {
  const visitor = useBrowser();
  const pages = {};
  let status;

  before(async () => {
    for (const [name, who] of Object.entries({ citizen: null, officer, head: people.approver })) {
      const context = await visitor();
      await context.addInitScript({ content: AXE });
      pages[name] = await context.newPage();
      listen(pages[name]);
      if (who) await signIn(pages[name], who);
    }
  });

  const openCase = async (page) => {
    await page.goto(`${COMMUNE}/quan-tri/hoi-dap?q=${encodeURIComponent(SUBJECT)}`);
    await page.locator("main .row-title", { hasText: SUBJECT }).first().click();
    await page.waitForLoadState("load");
  };

  test("a citizen sends it with an attachment", async () => {
    const page = pages.citizen;
    await page.goto(`${COMMUNE}/hoi-dap/gui/cung-cap-thong-tin`);
    await page.getByLabel("Tiêu đề").fill(SUBJECT);
    await page.getByLabel("Nội dung", { exact: false }).first().fill("Đề nghị cung cấp bản đồ quy hoạch khu vực bến Khe Bưởi.");
    await page.locator("#name").fill("Hoàng Thị Thử");
    await page.locator("#address").fill("Thôn Khe Bưởi");
    await page.locator("#id_number").fill("001099012345");
    await page.locator("#phone").fill("0900 000 299");
    await page.locator("#reason").fill("Tìm hiểu để làm nhà.");
    await page.locator("#supply").selectOption("portal");
    await page.locator("input[type=file]").setInputFiles({ name: "don.txt", mimeType: "text/plain", buffer: Buffer.from("Số căn cước 001099012345, điện thoại 0900 000 299.") });
    await page.waitForTimeout(3500);
    await press(page, "Gửi");
    await page.waitForURL(/\/hoi-dap\/ma\//);
    status = page.url().split("?")[0];
  });

  test("the office sees what the attachment seems to have, and waits for the sender", async () => {
    const page = pages.officer;
    await openCase(page);
    await press(page, "Tiếp nhận");
    for (let tries = 0; tries < 20 && !(await page.getByText("có thể chứa thông tin cá nhân").count()); tries += 1) {
      await page.waitForTimeout(500);
      await page.reload();
    }
    await open(page, "Tạm dừng thời hạn");
    await press(page, "Tạm dừng và báo người gửi");
    await page.getByRole("alert").waitFor();
    await examine(page);
    await page.getByLabel("Cần người gửi bổ sung gì").fill("Chưa rõ khu vực nào, đề nghị nêu tên xóm.");
    await press(page, "Tạm dừng và báo người gửi");
    await page.getByText("Đang tạm dừng").first().waitFor();
    await examine(page);
  });

  test("the sender adds it, and the time goes on", async () => {
    const page = pages.citizen;
    await page.goto(status);
    await page.getByText("Đang tạm dừng").first().waitFor();
    await examine(page, { isPublic: true });
    await page.getByLabel("Phần bổ sung").fill("Xóm Trên và xóm Dưới của thôn Khe Bưởi.");
    await press(page, "Gửi bổ sung");
    await page.getByText("Tính tiếp thời hạn").first().waitFor();
  });

  test("the office takes the longer time and gives a file that another person approves", async () => {
    const page = pages.officer;
    await openCase(page);
    await open(page, "Chuyển sang thời hạn dài hơn");
    await page.locator("#longer_reason").fill("Phải tập hợp bản đồ từ nhiều cơ quan.");
    await press(page, "Chuyển và báo người gửi");
    await open(page, "Báo chi phí");
    await page.getByLabel("Số tiền").fill("20.000");
    await page.getByLabel("Gồm những gì").fill("In một bản đồ khổ A0.");
    await press(page, "Báo chi phí");
    await page.getByLabel("Nội dung trả lời").fill("Cơ quan cung cấp bản đồ quy hoạch kèm theo thư này.");
    await press(page, "Lưu dự thảo");
    await open(page, "Kèm tệp cung cấp");
    await page.locator("#files").setInputFiles({ name: "ban-do.txt", mimeType: "text/plain", buffer: Buffer.from("bản đồ quy hoạch") });
    await page.getByLabel(/Tôi đã rà soát/).check();
    await press(page, "Kèm tệp");
    await page.getByText("ban-do.txt").first().waitFor();
    await examine(page);
    await press(page, "Lưu và trình duyệt");
    await openCase(pages.head);
    await press(pages.head, "Duyệt");
    await openCase(page);
    await press(page, "Gửi cho người dân");
    const sure = page.getByRole("button", { name: "Đồng ý" });
    if (await sure.count()) await sure.click();
    await page.getByText("Tải được đến").first().waitFor();
    await examine(page);
  });

  test("the sender shows who they are and takes the file", async () => {
    const page = pages.citizen;
    await page.goto(status);
    await page.locator("#contact").fill("0299");
    await press(page, "Xem thư");
    await page.getByRole("link", { name: /Tải tệp cơ quan cung cấp/ }).click();
    await examine(page, { isPublic: true });
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /Tải về/ }).click()]);
    assert.equal(download.suggestedFilename(), "ban-do.txt");
  });

  test("the register has it", async () => {
    const page = pages.officer;
    await page.goto(`${COMMUNE}/quan-tri/hoi-dap/so-theo-doi`);
    await page.getByText("Đã cung cấp").first().waitFor();
    await examine(page);
    const [download] = await Promise.all([page.waitForEvent("download"), press(page, "Tải Excel")]);
    assert.match(download.suggestedFilename(), /^so-theo-doi-\d+\.xlsx$/);
  });
});
