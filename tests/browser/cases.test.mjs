// One case through five hands: a citizen sends it to a commune, the commune's officer transfers it to a department, the
// department's officer answers, its head approves, the citizen reads and rates, the province sees numbers. All pages on the
// way are looked at by axe-core.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { AXE, examine, listen } from "./kit/axe.mjs";
import { people, signIn, site, useBrowser } from "./kit/browser.mjs";

const COMMUNE = site("trason");
const DEPARTMENT = site("sonongnghiep");
const PORTAL = site();
const SUBJECT = "Đàn cá lồng chết ở bến Khe Bưởi";

const officer = { email: "phananh.trason@lacviet.gov.vn", at: COMMUNE };
const expert = { email: "phananh.sonongnghiep@lacviet.gov.vn", at: DEPARTMENT };
const head = { email: "giamdoc.sonongnghiep@lacviet.gov.vn", at: DEPARTMENT };

const press = (page, name) => page.getByRole("button", { name, exact: true }).first().click();
const open = (page, name) => page.locator("summary", { hasText: name }).first().click();

describe("a case that moves between offices", () => {
  const visitor = useBrowser();
  const pages = {};
  let code;

  before(async () => {
    for (const [name, who] of Object.entries({ citizen: null, officer, expert, head, province: people.province })) {
      const context = await visitor();
      await context.addInitScript({ content: AXE });
      pages[name] = await context.newPage();
      listen(pages[name]);
      if (who) await signIn(pages[name], who);
    }
  });

  const openCase = async (page, at, subject = SUBJECT) => {
    await page.goto(`${at}/quan-tri/hoi-dap?q=${encodeURIComponent(subject)}`);
    await page.locator("main .row-title", { hasText: subject }).first().click();
    await page.waitForLoadState("load");
  };

  test("a citizen finds the form, is told who reads it, and gets a code", async () => {
    const page = pages.citizen;
    await page.goto(`${COMMUNE}/hoi-dap`);
    await examine(page, { isPublic: true });
    await page.getByRole("link", { name: "Gửi câu hỏi, phản ánh" }).first().click();
    await examine(page, { isPublic: true });
    await page.getByRole("link", { name: "Hỏi đáp", exact: true }).last().click();
    assert.equal(await page.locator("input[type=checkbox]:checked").count(), 0);
    await examine(page, { isPublic: true });
    await press(page, "Gửi");
    await page.getByRole("alert").waitFor();
    await examine(page, { isPublic: true });
    await page.getByLabel("Tiêu đề").fill(SUBJECT);
    await page.getByLabel("Nội dung", { exact: false }).first().fill("Từ hôm qua cá lồng của nhà tôi chết nhiều, đề nghị kiểm tra nước.");
    await page.getByLabel("Điện thoại", { exact: false }).fill("0900 000 199");
    await page.getByLabel(/Tôi đồng ý để .* xử lý/).check();
    await page.getByLabel(/đăng công khai/).check();
    // A person takes longer than a program.
    await page.waitForTimeout(3500);
    await press(page, "Gửi");
    await page.waitForURL(/\/hoi-dap\/ma\//);
    code = await page.locator(".code-box strong").innerText();
    assert.match(code, /^([2-9A-HJKMNP-TV-XZ]{3}-){4}[2-9A-HJKMNP-TV-XZ]{3}$/);
    await examine(page, { isPublic: true });
  });

  test("the commune's officer sends it to the department", async () => {
    const page = pages.officer;
    await page.goto(`${COMMUNE}/quan-tri/hoi-dap`);
    await examine(page);
    await openCase(page, COMMUNE);
    await examine(page);
    await press(page, "Tiếp nhận");
    await page.locator(".flash").waitFor();
    await open(page, "Chuyển cơ quan khác");
    await page.getByLabel("Cơ quan nhận").selectOption({ label: "Sở Nông nghiệp và Môi trường" });
    await page.locator("#transfer_reason").fill("Quan trắc nước thuộc Sở.");
    await press(page, "Chuyển");
    await page.locator(".flash").waitFor();
    await page.getByText("Nội dung này đã chuyển sang cơ quan khác").waitFor();
    assert.equal(await page.getByText("0900 000 199").count(), 0);
    await examine(page);
  });

  test("the department answers and its head approves", async () => {
    const page = pages.expert;
    await openCase(page, DEPARTMENT);
    await page.getByText("0900 000 199").waitFor();
    await press(page, "Tiếp nhận");
    await page.locator(".flash").waitFor();
    await page.getByLabel("Nội dung trả lời").fill("Sở đã lấy mẫu nước ngày hôm nay; kết quả đạt quy chuẩn, cá chết do thiếu ô-xy.");
    await press(page, "Lưu và trình duyệt");
    await page.locator(".flash").waitFor();
    await openCase(pages.head, DEPARTMENT);
    await examine(pages.head);
    await press(pages.head, "Duyệt");
    await pages.head.locator(".flash").waitFor();
    await openCase(page, DEPARTMENT);
    await press(page, "Gửi cho người dân");
    await page.getByRole("dialog").getByRole("button", { name: "Đồng ý" }).click();
    await page.locator(".flash").waitFor();
  });

  test("the citizen reads it with the same code, and rates it", async () => {
    const page = pages.citizen;
    await page.goto(`${COMMUNE}/hoi-dap/tra-cuu`);
    await examine(page, { isPublic: true });
    await page.getByLabel("Mã tra cứu").fill(code.toLowerCase());
    await press(page, "Tra cứu");
    await page.getByText("Sở Nông nghiệp và Môi trường").first().waitFor();
    await page.getByLabel(/Điện thoại hoặc thư điện tử/).fill("0199");
    await press(page, "Xem thư");
    await page.getByText("thiếu ô-xy").waitFor();
    await examine(page, { isPublic: true });
    await page.getByLabel("Rất hài lòng", { exact: true }).check();
    await press(page, "Gửi đánh giá");
    await page.getByText("Cảm ơn bạn đã đánh giá").waitFor();
  });

  test("the head publishes a text without the person, which everybody reads", async () => {
    const page = pages.head;
    await openCase(page, DEPARTMENT);
    await page.locator("#title").fill("Cá lồng chết do thiếu ô-xy");
    await page.locator("#question").fill("Cá lồng chết nhiều ở bến Khe Bưởi, nước có bị ô nhiễm không?");
    await press(page, "Công khai");
    await page.getByRole("dialog").getByRole("button", { name: "Đồng ý" }).click();
    await page.locator(".flash").waitFor();
    await pages.citizen.goto(`${DEPARTMENT}/hoi-dap/ca-long-chet-do-thieu-o-xy`);
    assert.equal(await pages.citizen.getByText("0900 000 199").count(), 0);
    await examine(pages.citizen, { isPublic: true });
  });

  test("the province sees numbers", async () => {
    const page = pages.province;
    await page.goto(`${PORTAL}/quan-tri/hoi-dap`);
    await page.getByRole("heading", { name: "Số liệu hỏi đáp, phản ánh" }).waitFor();
    assert.equal(await page.getByText(SUBJECT).count(), 0);
    await examine(page);
  });
});
