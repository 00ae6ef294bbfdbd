// The main job on real screens: a province opens the site of a commune, the commune writes, a citizen reads.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { people, signIn, site, useBrowser } from "./kit/browser.mjs";

const COMMUNE = "Xã Suối Vàng";
const HOST = site("suoivang");
const TITLE = "Bản Nà Phặc khánh thành cầu dân sinh qua suối";
const REMARK = "Cần ghi rõ chiều dài cầu và nguồn kinh phí trước khi đăng.";
const SECRET = "Cầu mới qua suối, 2026!";

const flash = (page) => page.locator(".flash");

/** The only time a link is shown: reads it off the screen. */
const shownLink = async (page) => {
  const link = await page.getByLabel("Đường dẫn", { exact: true }).inputValue();
  assert.ok(link.startsWith(`${HOST}/moi/`), `the link ${link} leads to the site's own host`);
  return link;
};

/** Takes up an invitation in a window of one's own. */
const accept = async (visitor, link, name) => {
  const page = await (await visitor()).newPage();
  await page.goto(link);
  assert.match(await page.getByRole("heading", { level: 1 }).innerText(), /Tạo mật khẩu/);
  await page.getByLabel("Họ và tên").fill(name);
  const rules = page.locator(".rules li.met");
  assert.equal(await rules.count(), 0);
  await page.getByLabel("Mật khẩu mới", { exact: true }).fill(SECRET);
  assert.equal(await rules.count(), await page.locator(".rules li").count(), "the meter sees every rule met");
  await page.getByLabel("Nhập lại mật khẩu mới").fill(SECRET);
  await page.getByRole("button", { name: "Lưu và vào làm việc" }).click();
  await page.waitForURL(`${HOST}/quan-tri`);
  return page;
};

const confirm = (page) => page.getByRole("dialog").getByRole("button", { name: "Đồng ý" }).click();

describe("from the wizard to the citizen", () => {
  const visitor = useBrowser();
  const pages = {};
  let adminLink;
  let entry;
  let publicPath;

  test("a provincial administrator creates a commune's site in three steps", async () => {
    const page = await (await visitor()).newPage();
    pages.province = page;
    await signIn(page, people.province);
    await page.getByRole("navigation", { name: "Các phần quản trị" }).getByRole("link", { name: "Các trang thành phần" }).click();
    await page.getByRole("link", { name: "Tạo trang mới" }).click();

    await page.getByLabel("Loại đơn vị").selectOption({ label: "Xã" });
    await page.getByLabel("Tên chính thức").fill(COMMUNE);
    await page.getByLabel("Mã đơn vị hành chính").fill("99021");
    await page.getByRole("button", { name: "Tiếp tục" }).click();

    assert.equal(await page.getByLabel("Tên miền").inputValue(), "suoivang", "the host is proposed from the name");
    assert.match(await page.locator(".suffixed").innerText(), /\.lacviet\.localhost/);
    assert.equal(await page.getByLabel("Cơ quan quản lý trang").inputValue(), "Ủy ban nhân dân xã Suối Vàng");
    assert.equal(await page.getByLabel("Cơ quan chủ quản").inputValue(), "Ủy ban nhân dân tỉnh Lạc Việt");
    await page.getByLabel("Người chịu trách nhiệm nội dung").fill("Ông Hà Văn Nọi – Chủ tịch UBND xã");
    await page.getByLabel("Địa chỉ", { exact: true }).fill("Bản Nà Phặc, xã Suối Vàng, tỉnh Lạc Việt");
    await page.getByLabel("Điện thoại").fill("0299 3 999 121");
    await page.getByLabel("Thư điện tử").fill("suoivang@lacviet.gov.vn");
    await page.getByRole("button", { name: "Tiếp tục" }).click();

    await page.getByLabel("Họ và tên").fill("Hà Thị Mận");
    await page.getByLabel("Thư điện tử").fill("man.suoivang@lacviet.gov.vn");
    assert.match(await page.locator("dl.facts").innerText(), /Xã Suối Vàng[\s\S]*suoivang\.lacviet\.localhost/);
    await page.getByRole("button", { name: "Tạo trang" }).click();

    await page.getByRole("heading", { name: "Đã tạo đường dẫn" }).waitFor();
    adminLink = await shownLink(page);
    assert.match(await page.locator("main").innerText(), /Đang chuẩn bị/);
  });

  test("the site is closed to citizens until the province opens it", async () => {
    const page = await (await visitor()).newPage();
    const answer = await page.goto(HOST);
    assert.equal(answer.status(), 503);
    assert.match(await page.locator("main").innerText(), /chuẩn bị/);
  });

  test("the invited administrator opens the link, chooses a password and invites an author and an approver", async () => {
    const admin = await accept(visitor, adminLink, "Hà Thị Mận");
    pages.admin = admin;
    const side = admin.getByRole("navigation", { name: "Các phần quản trị" });
    const invite = async (name, email, role) => {
      await side.getByRole("link", { name: "Thành viên" }).click();
      await admin.getByLabel("Họ và tên").fill(name);
      await admin.getByLabel("Thư điện tử").fill(email);
      await admin.getByRole("radio", { name: role }).check();
      await admin.getByRole("button", { name: "Tạo lời mời" }).click();
      return shownLink(admin);
    };
    const author = await invite("Lò Thị Pản", "pan.suoivang@lacviet.gov.vn", "Cộng tác viên");
    const approver = await invite("Cà Văn Inh", "inh.suoivang@lacviet.gov.vn", "Người duyệt");
    pages.author = await accept(visitor, author, "Lò Thị Pản");
    pages.approver = await accept(visitor, approver, "Cà Văn Inh");
  });

  test("a link works once", async () => {
    const page = await (await visitor()).newPage();
    await page.goto(adminLink);
    assert.match(await page.locator("main").innerText(), /đã được dùng hoặc đã hết hạn/);
    assert.equal(await page.getByLabel("Mật khẩu mới", { exact: true }).count(), 0);
  });

  test("the author writes with the toolbar and sees the text as readers will", async () => {
    const page = pages.author;
    await page.getByRole("link", { name: "Viết bài mới" }).click();
    await page.locator("main").getByRole("link", { name: "Tin bài" }).click();
    await page.getByRole("textbox", { name: "Tiêu đề" }).fill(TITLE);
    await page.getByLabel("Tóm tắt").fill("Sau năm tháng thi công, 64 hộ dân hai bên suối đi lại không còn phải lội nước mùa lũ.");
    const body = page.getByRole("textbox", { name: "Nội dung" });
    await body.fill("Sáng 20/11, cây cầu ");
    await body.press("End");
    await page.getByRole("button", { name: "Đậm" }).click();
    await page.keyboard.type("dài 24 mét");
    await body.press("End");
    await page.keyboard.type(" đã thông xe.\n\n");
    await page.getByRole("button", { name: "Danh sách" }).click();
    await page.keyboard.type("Bản Nà Phặc góp 310 ngày công");
    const preview = page.getByRole("region", { name: "Xem thử" });
    await preview.locator("strong", { hasText: "dài 24 mét" }).waitFor();
    await preview.locator("li", { hasText: "310 ngày công" }).waitFor();
    await page.getByLabel("Chuyên mục").selectOption({ label: "Tin tức – Hoạt động" });
    await page.getByRole("button", { name: "Lưu bản nháp" }).click();
    assert.match(await flash(page).innerText(), /Đã lưu bản nháp/);
    entry = page.url();
  });

  test("an author can send for approval and cannot publish", async () => {
    const page = pages.author;
    await page.getByRole("button", { name: "Gửi duyệt", exact: true }).click();
    assert.match(await flash(page).innerText(), /Đã gửi duyệt/);
    assert.equal(await page.getByRole("button", { name: "Duyệt và đăng" }).count(), 0);
    // Nor by sending the form that is not there.
    const status = await page.evaluate(async (path) => {
      const value = (name) => document.querySelector(`input[name=${name}]`).value;
      const form = new URLSearchParams({ _csrf: value("_csrf"), lock: value("lock"), remark: "" });
      return (await fetch(path, { method: "POST", body: form, redirect: "manual" })).status;
    }, `${entry}/publish`);
    assert.ok([403, 409].includes(status), `answered ${status}`);
    await page.reload();
    assert.equal(await page.locator(".head .badge").innerText(), "Chờ duyệt");
  });

  test("a returned entry shows the author the approver's remark", async () => {
    const { approver, author } = pages;
    await approver.goto(`${HOST}/quan-tri`);
    await approver.getByRole("region", { name: /Bài chờ duyệt/ }).getByRole("link", { name: TITLE }).click();
    await approver.getByText("Trả lại", { exact: true }).first().click();
    await approver.locator("details[open]").getByLabel("Ý kiến").fill(REMARK);
    await approver.locator("details[open]").getByRole("button", { name: "Trả lại" }).click();
    assert.match(await flash(approver).innerText(), /Đã trả lại bài/);

    await author.goto(`${HOST}/quan-tri`);
    const returned = author.getByRole("region", { name: /Bài được trả lại/ });
    assert.ok((await returned.innerText()).includes(REMARK));
    await returned.getByRole("link", { name: TITLE }).click();
    assert.ok((await author.locator("main").innerText()).includes(REMARK));
    const body = author.getByRole("textbox", { name: "Nội dung" });
    await body.fill(`${await body.inputValue()}\n\nCầu rộng 3 mét, từ quỹ Vì người nghèo và công sức của bà con.`);
    await author.getByRole("button", { name: "Lưu và gửi duyệt" }).click();
    assert.match(await flash(author).innerText(), /Đã gửi duyệt/);
  });

  test("an approver reads and publishes", async () => {
    const page = pages.approver;
    await page.goto(entry);
    await page.getByRole("button", { name: "Duyệt và đăng" }).click();
    await confirm(page);
    await flash(page).waitFor();
    assert.match(await flash(page).innerText(), /Đã đăng bài/);
    publicPath = new URL(await page.getByRole("link", { name: "Xem trên trang" }).first().getAttribute("href"), HOST).pathname;
    assert.equal(publicPath, "/tin-tuc/ban-na-phac-khanh-thanh-cau-dan-sinh-qua-suoi");
  });

  test("the provincial administrator opens the site", async () => {
    const page = pages.province;
    await page.goto(`${site()}/quan-tri/cac-trang?q=suoivang`);
    await page.getByRole("link", { name: /Suối Vàng/ }).first().click();
    await page.getByRole("button", { name: "Mở cho người dân" }).click();
    await confirm(page);
    await page.getByText("Đang hoạt động").first().waitFor();
  });

  test("a citizen reads the item on the commune's own host name", async () => {
    const page = await (await visitor({ viewport: { width: 360, height: 800 } })).newPage();
    await page.goto(HOST);
    await page.getByRole("link", { name: TITLE }).first().click();
    assert.equal(page.url(), HOST + publicPath);
    assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), TITLE);
    const text = await page.locator("article .prose").innerHTML();
    assert.match(text, /<strong>dài 24 mét<\/strong>/);
    assert.match(text, /<li>Bản Nà Phặc góp 310 ngày công<\/li>/);
    assert.match(await page.locator("footer.foot").innerText(), /Ông Hà Văn Nọi/);
  });

  test("a citizen finds the item by its words a moment later", async () => {
    const page = await (await visitor()).newPage();
    await page.goto(`${HOST}/tim-kiem?q=na+phac+gop+ngay+cong`);
    assert.equal(await page.locator(".hit h3 a").first().getAttribute("href"), publicPath);
  });

  test("a citizen finds the commune from the province's home page and from its directory", async () => {
    const page = await (await visitor({ viewport: { width: 360, height: 800 } })).newPage();
    await page.goto(site());
    await page.locator(".directory summary", { hasText: "Xã" }).click();
    await page.locator(".directory").getByRole("link", { name: /Suối Vàng/ }).click();
    await page.waitForURL((url) => url.origin === HOST);

    await page.goto(`${site()}/lien-ket`);
    await page.getByLabel("Tên trang hoặc tên đơn vị").fill("suoi vang");
    await page.getByRole("button", { name: "Lọc" }).click();
    await page.locator("main").getByRole("link", { name: /Suối Vàng/ }).click();
    await page.waitForURL((url) => url.origin === HOST);
    await page.getByRole("link", { name: /Cổng thông tin điện tử tỉnh Lạc Việt/ }).first().click();
    await page.waitForURL((url) => url.origin === site());
  });
});
