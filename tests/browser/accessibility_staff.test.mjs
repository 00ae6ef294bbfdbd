// Every staff screen, seen by axe-core (WCAG 2.1 A and AA), on phones and wide screens; none scrolls sideways at 320 px,
// asks another origin for anything or breaks its own content policy.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { AXE, NARROW, WIDE, examine, listen, violations } from "./kit/axe.mjs";
import { people, signIn, site, useBrowser } from "./kit/browser.mjs";
import { fillNews } from "./kit/write.mjs";

const COMMUNE = site("trason");
const PORTAL = site();

const press = (page, name) => page.getByRole("button", { name, exact: true }).first().click();
const arrive = (page) => page.waitForLoadState("load");

describe("staff screens", () => {
  const visitor = useBrowser();
  const pages = {};
  let heard;

  const open = async (who) => {
    const context = await visitor();
    await context.addInitScript({ content: AXE });
    const page = await context.newPage();
    heard = [...(heard ?? []), listen(page)];
    if (who) await signIn(page, who);
    return page;
  };
  before(async () => {
    for (const who of ["admin", "author", "approver", "province", "auditor", "ofTwoSites"]) pages[who] = await open(people[who]);
    pages.nobody = await open(null);
  });

  const firstRow = (path) => async (page) => {
    await page.goto(COMMUNE + path);
    await page.locator("main .row-title").first().click();
    await arrive(page);
  };
  const wizardTo = (last) => async (page) => {
    await page.goto(`${PORTAL}/quan-tri/cac-trang/moi`);
    await page.getByLabel("Tên chính thức").fill("Xã Khe Bưởi");
    for (let step = 1; step < last; step += 1) await press(page, "Tiếp tục");
    await page.locator(`.steps [aria-current=step] .step-number`, { hasText: String(last) }).waitFor();
  };
  const here = (path) => (page) => page.goto(COMMUNE + path);
  const there = (path) => (page) => page.goto(PORTAL + path);
  const consultation = (part) => async (page) => {
    await page.goto(`${PORTAL}/quan-tri/lay-y-kien`);
    const href = await page.locator("main .row-title").first().getAttribute("href");
    return page.goto(PORTAL + href + part);
  };
  const CSV = "type,name,unit_code\ncommune,Xã Bản Mận,99031\ncommune,,99032\ncommune,Xã Trà Sơn,99001\n";

  const screens = {
    "the sign-in screen": ["nobody", here("/dang-nhap")],
    "a refused sign-in": ["nobody", async (page) => {
      await here("/dang-nhap")(page);
      await page.getByLabel("Thư điện tử").fill("ai-do@lacviet.gov.vn");
      await page.getByLabel("Mật khẩu", { exact: true }).fill("Sai mật khẩu 1!");
      await press(page, "Đăng nhập");
      await page.getByRole("alert").waitFor();
    }],
    "the desk of an administrator": ["admin", here("/quan-tri")],
    "the desk of an author": ["author", here("/quan-tri")],
    "the desk of an approver": ["approver", here("/quan-tri")],
    "the desk of the province": ["province", there("/quan-tri")],
    "the desk of an auditor": ["auditor", there("/quan-tri")],
    "the list of entries": ["admin", here("/quan-tri/tin-bai")],
    "the list of entries with nothing found": ["admin", here("/quan-tri/tin-bai?q=zzzz")],
    "the queue of cases": ["approver", here("/quan-tri/hoi-dap")],
    "a case": ["approver", firstRow("/quan-tri/hoi-dap")],
    "an answered case": ["approver", firstRow("/quan-tri/hoi-dap?state=published")],
    "entering a call": ["approver", here("/quan-tri/hoi-dap/moi")],
    "templates of answers": ["approver", here("/quan-tri/hoi-dap/mau")],
    "figures of cases": ["province", there("/quan-tri/hoi-dap/thong-ke")],
    "the list of documents": ["admin", here("/quan-tri/van-ban")],
    "the list of documents with nothing found": ["admin", here("/quan-tri/van-ban?q=zzzz")],
    "the form of a new document": ["author", here("/quan-tri/van-ban/moi")],
    "the form of a published document": ["approver", firstRow("/quan-tri/van-ban?state=published")],
    "the list of consultations": ["province", there("/quan-tri/lay-y-kien")],
    "a consultation": ["province", consultation("")],
    "the opinions that came in": ["province", consultation("/y-kien")],
    "the table of acceptance and explanation": ["province", consultation("/tong-hop")],
    "the issuers of documents": ["admin", here("/quan-tri/co-quan-ban-hanh")],
    "the choice of what to write": ["author", here("/quan-tri/tin-bai/moi")],
    "the form of a new news item": ["author", here("/quan-tri/tin-bai/moi/news")],
    "the form of a new official": ["admin", here("/quan-tri/tin-bai/moi/official")],
    "the form with mistakes": ["author", async (page) => {
      await here("/quan-tri/tin-bai/moi/notice")(page);
      await press(page, "Lưu và gửi duyệt");
      await page.getByRole("alert").waitFor();
    }],
    "the form of a published entry": ["admin", firstRow("/quan-tri/tin-bai?state=published&kind=news")],
    "the form of an entry that waits for approval": ["approver", firstRow("/quan-tri/tin-bai?state=submitted")],
    "an edition": ["admin", async (page) => {
      await firstRow("/quan-tri/tin-bai?state=published&kind=news")(page);
      await page.locator(".history a").first().click();
      await arrive(page);
    }],
    "an entry as readers will see it": ["admin", async (page) => {
      await firstRow("/quan-tri/tin-bai?state=published&kind=news")(page);
      await page.goto(new URL(await page.getByRole("link", { name: "Xem như người đọc" }).getAttribute("href"), COMMUNE).href);
    }],
    "the sections": ["admin", here("/quan-tri/chuyen-muc")],
    "the form of a new section": ["admin", here("/quan-tri/chuyen-muc/moi")],
    "the form of a mandatory section": ["admin", async (page) => {
      await here("/quan-tri/chuyen-muc")(page);
      await page.goto(new URL(await page.locator("main a[href^='/quan-tri/chuyen-muc/']:not([href$=moi])").first().getAttribute("href"), COMMUNE).href);
    }],
    "the pictures": ["admin", here("/quan-tri/anh")],
    "the files": ["admin", here("/quan-tri/tep")],
    "files that are refused": ["admin", async (page) => {
      await here("/quan-tri/tep")(page);
      const upload = (name, text) => ({ name, mimeType: "application/pdf", buffer: Buffer.from(text) });
      await page.getByLabel(/^Tệp/).setInputFiles([upload("a.pdf", "%PDF-1.7"), upload("b.pdf", "no")]);
      await press(page, "Tải lên");
      await page.getByText("1 tệp chưa lưu được").waitFor();
    }],
    "a file": ["admin", firstRow("/quan-tri/tep")],
    "the members": ["admin", here("/quan-tri/thanh-vien")],
    "an invitation's link": ["admin", async (page) => {
      await here("/quan-tri/thanh-vien")(page);
      await page.getByLabel("Họ và tên").fill("Triệu Thị Mây");
      await page.getByLabel("Thư điện tử").fill("may.trason@lacviet.gov.vn");
      await page.getByRole("radio", { name: "Cộng tác viên" }).check();
      await press(page, "Tạo lời mời");
      await page.getByRole("heading", { name: "Đã tạo đường dẫn" }).waitFor();
      pages.link = await page.getByLabel("Đường dẫn", { exact: true }).inputValue();
    }],
    "an invitation": ["nobody", (page) => page.goto(pages.link)],
    "an invitation that has ended": ["nobody", here("/moi/khong-con")],
    "the settings": ["admin", here("/quan-tri/cau-hinh")],
    "the log": ["admin", here("/quan-tri/nhat-ky")],
    "a person's account": ["admin", here("/quan-tri/tai-khoan")],
    "the account of a person of two sites": ["ofTwoSites", (page) => page.goto(`${people.ofTwoSites.at}/quan-tri/tai-khoan`)],
    "crossing to another site": ["ofTwoSites", async (page) => {
      await page.goto(`${people.ofTwoSites.at}/quan-tri/tai-khoan`);
      await page.getByRole("button", { name: /Sang trang này/ }).first().click();
      await page.waitForURL(/\/vao\//);
    }],
    "the calendar": ["province", there("/quan-tri/lich?nam=2026")],
    "the calendar of a year that is not set": ["auditor", there("/quan-tri/lich?nam=2031")],
    "a change of the calendar, tried out": ["province", async (page) => {
      await there("/quan-tri/lich?nam=2026")(page);
      await page.locator("#day").fill("25/11/2026");
      await page.getByLabel(/^Loại ngày/).selectOption("holiday");
      await page.getByLabel(/^Tên ngày/).fill("Ngày truyền thống của tỉnh");
      await press(page, "Thử trước");
      await page.getByRole("button", { name: "Lưu thay đổi này" }).waitFor();
    }],
    "a change of the calendar with mistakes": ["province", async (page) => {
      await there("/quan-tri/lich?nam=2026")(page);
      await press(page, "Thử trước");
      await page.getByRole("alert").waitFor();
    }],
    "a limit, reckoned and explained": ["author", here("/quan-tri/tinh-han?han=DL-08.transfer&ngay=20/11/2026")],
    "the list of component sites": ["province", there("/quan-tri/cac-trang")],
    "the list of component sites with nothing found": ["province", there("/quan-tri/cac-trang?q=zzzz")],
    "the wizard's first step": ["province", there("/quan-tri/cac-trang/moi")],
    "the wizard's first step with mistakes": ["province", async (page) => {
      await there("/quan-tri/cac-trang/moi")(page);
      await press(page, "Tiếp tục");
      await page.getByRole("alert").waitFor();
    }],
    "the wizard's second step": ["province", wizardTo(2)],
    "the wizard's last step": ["province", wizardTo(3)],
    "the import": ["province", there("/quan-tri/cac-trang/nhap")],
    "the report of an import": ["province", async (page) => {
      await there("/quan-tri/cac-trang/nhap")(page);
      await page.getByLabel("Tệp danh sách").setInputFiles({ name: "xa.csv", mimeType: "text/csv", buffer: Buffer.from(CSV) });
      await press(page, "Tải tệp lên");
      await page.getByRole("heading", { name: "Kết quả kiểm tra" }).waitFor();
    }],
    "a component site": ["province", async (page) => {
      await there("/quan-tri/cac-trang?q=thanhluy")(page);
      await page.locator("main .row-title").first().click();
      await arrive(page);
    }],
    "an error": ["admin", here("/quan-tri/tin-bai/khong-co")],
    "a screen that is not for this person": ["author", here("/quan-tri/cau-hinh")],
    "what was typed when the session ended": ["author", async (page) => {
      await fillNews(page, COMMUNE);
      await page.context().clearCookies({ name: "conglang" });
      await press(page, "Lưu bản nháp");
      await page.getByRole("button", { name: "Gửi lại" }).waitFor();
    }],
    "what was typed when a form grew stale": ["author", async (page) => {
      await signIn(page, people.author);
      await fillNews(page, COMMUNE);
      await page.locator("#editor input[name=_csrf]").evaluate((field) => { field.value = "x"; });
      await press(page, "Lưu bản nháp");
      await page.getByRole("button", { name: "Gửi lại" }).waitFor();
    }],
  };
  const failures = ["an invitation that has ended", "an error", "a screen that is not for this person", "what was typed when a form grew stale"];
  for (const [name, [who, go]] of Object.entries(screens)) {
    test(`${name} can be used by everybody`, async () => {
      await pages[who].setViewportSize(WIDE);
      await go(pages[who]);
      assert.equal(await pages[who].getByText("Mã lỗi").count(), failures.includes(name) ? 1 : 0, "an error page where one is meant");
      await examine(pages[who]);
    });
  }

  test("the open menus of a phone can be used by everybody", async () => {
    const page = pages.admin;
    await page.setViewportSize(NARROW);
    await page.goto(`${COMMUNE}/quan-tri`);
    for (const menu of [".phone-menu", ".user-menu"]) {
      await page.locator(`${menu} summary`).click();
      assert.deepEqual(await violations(page), [], menu);
    }
  });

  test("a question can be answered by everybody", async () => {
    const page = pages.admin;
    await page.goto(`${COMMUNE}/quan-tri/tai-khoan`);
    await press(page, "Đăng xuất khỏi mọi nơi");
    await page.getByRole("dialog").waitFor();
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Escape");
  });

  test("no staff screen asks another origin for anything", () => assert.deepEqual(heard.flat(), []));
});
