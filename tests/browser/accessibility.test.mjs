// Every kind of public page, seen by axe-core (WCAG 2.1 A and AA), on phones and wide screens, in every palette and in high
// contrast; none scrolls sideways at 320 px, asks another origin for anything or breaks its own content policy.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { AXE, WIDE, examine, inOtherPalettes, listen, violations } from "./kit/axe.mjs";
import { people, signIn, site, useBrowser } from "./kit/browser.mjs";

const COMMUNE = site("trason");
const PORTAL = site();

describe("public pages", () => {
  const visitor = useBrowser();
  let page;
  let heard;

  before(async () => {
    const context = await visitor();
    await context.addInitScript({ content: AXE });
    page = await context.newPage();
    heard = listen(page);
  });

  const first = (address, selector) => async () => {
    await page.goto(address);
    const href = await page.locator(selector).first().getAttribute("href");
    return page.goto(new URL(href, address).href);
  };
  const pages = {
    "the home page of the portal": PORTAL,
    "the home page of a commune": COMMUNE,
    "the home page of a ward": site("vanmieu"),
    "the home page of a special zone": site("hongan"),
    "the home page of a department": site("soyte"),
    "a group of sections": `${COMMUNE}/gioi-thieu`,
    "a section that is one page": `${COMMUNE}/gioi-thieu/dieu-kien-tu-nhien`,
    "a list of news": `${COMMUNE}/tin-tuc`,
    "a list of notices": `${PORTAL}/thong-bao`,
    "a register of documents": `${COMMUNE}/van-ban`,
    "the register of the whole province, filtered": `${PORTAL}/van-ban?pham-vi=toan-tinh&hieu-luc=het-toan-bo`,
    "a register with nothing found": `${PORTAL}/van-ban?tu-khoa=zzz&nam=abc`,
    "a document in force": `${PORTAL}/van-ban/12-2026-nq-hdnd`,
    "a document that was replaced": `${PORTAL}/van-ban/21-2021-qd-ubnd`,
    "a document as of another day": `${PORTAL}/van-ban/21-2021-qd-ubnd?ngay=2024-01-01`,
    "a document without a number": `${PORTAL}/van-ban/ve-viec-chuan-bi-giong-cho-vu-xuan-2027`,
    "the list of drafts on which opinions are asked": `${PORTAL}/lay-y-kien`,
    "a draft on which opinions are asked": first(`${PORTAL}/lay-y-kien`, ".draft a"),
    "a draft that was answered and issued": `${PORTAL}/lay-y-kien/du-thao-quyet-dinh-quy-dinh-han-muc-dat-o-va-dien-tich-toi`,
    "the form of an opinion": async () => {
      await first(`${PORTAL}/lay-y-kien`, ".draft a")();
      return page.goto(new URL(await page.locator("a.button-main").getAttribute("href"), PORTAL).href);
    },
    "the form of an opinion after the last day": `${PORTAL}/lay-y-kien/du-thao-quyet-dinh-quy-dinh-han-muc-dat-o-va-dien-tich-toi/gop-y`,
    "the list of what must be public": `${COMMUNE}/danh-muc-thong-tin-cong-khai`,
    "an empty section": `${COMMUNE}/dat-dai-du-an/du-an`,
    "the leaders": `${PORTAL}/to-chuc-bo-may/lanh-dao`,
    "the leaders of a commune": `${COMMUNE}/gioi-thieu/lanh-dao`,
    "the contacts": `${COMMUNE}/gioi-thieu/danh-ba`,
    "the contacts of the portal": `${PORTAL}/to-chuc-bo-may/danh-ba`,
    "the directory of sites": `${PORTAL}/lien-ket`,
    "the directory with nothing found": `${PORTAL}/lien-ket?q=zzz`,
    "the site map": `${PORTAL}/so-do-trang`,
    "the search before it is asked": `${COMMUNE}/tim-kiem`,
    "what a search found": `${PORTAL}/tim-kiem?q=tiep+cong+dan&pham-vi=tinh`,
    "what a search found with a filter": `${COMMUNE}/tim-kiem?q=xa&noi-dung=news&nam=2026&sap-xep=moi-nhat&mau=do`,
    "a search that found nothing": `${COMMUNE}/tim-kiem?q=kh%C3%B4ng+c%C3%B3+g%C3%AC+%C4%91%C3%A2u+zzz`,
    "answered questions": `${COMMUNE}/hoi-dap`,
    "an answered question": first(`${COMMUNE}/hoi-dap`, ".case-list a"),
    "the choice of what to send": `${COMMUNE}/hoi-dap/gui`,
    "the form of a request for information": `${COMMUNE}/hoi-dap/gui/cung-cap-thong-tin`,
    "the form of a complaint": `${COMMUNE}/hoi-dap/gui/khieu-nai-to-cao`,
    "tracking by code": `${COMMUNE}/hoi-dap/tra-cuu`,
    "the list of feeds": `${COMMUNE}/rss`,
    "the page on how to reach the site": `${COMMUNE}/lien-he`,
    "a news item": first(`${COMMUNE}/tin-tuc`, ".list .card-title a"),
    "a notice": first(`${COMMUNE}/thong-bao`, ".list .card-title a"),
    "a text with a table": `${PORTAL}/to-chuc-bo-may/co-quan`,
    "a person": first(`${COMMUNE}/gioi-thieu/lanh-dao`, ".person a"),
  };
  for (const [name, where] of Object.entries(pages)) {
    test(`${name} can be used by everybody`, async () => {
      const answer = await (typeof where === "string" ? page.goto(where) : where());
      assert.equal(answer.status(), 200);
      await examine(page, { isPublic: true });
    });
  }

  const failures = {
    "an address where nothing is": [404, `${COMMUNE}/khong-co-gi`],
    "a site that is not open yet": [503, site("thanhluy")],
  };
  for (const [name, [status, address]] of Object.entries(failures)) {
    test(`${name} is answered with a page everybody can use`, async () => {
      assert.equal((await page.goto(address)).status(), status);
      await examine(page, { isPublic: true });
    });
  }

  test("an item that was taken away is answered with a page everybody can use", async () => {
    const staff = await (await visitor()).newPage();
    await signIn(staff, { email: "duyetbai.hongan@lacviet.gov.vn", at: site("hongan") });
    await staff.goto(`${site("hongan")}/quan-tri/tin-bai?state=published&kind=news`);
    await staff.locator("main .row-title").last().click();
    const address = await staff.getByRole("link", { name: "Xem trên trang" }).first().getAttribute("href");
    const step = staff.locator("details.transition", { hasText: "Gỡ bài" });
    await step.locator("summary").click();
    await step.getByLabel("Ý kiến").fill("Tin đã cũ, số liệu không còn đúng.");
    await step.getByRole("button", { name: "Gỡ bài" }).click();
    await staff.getByRole("dialog").getByRole("button", { name: "Đồng ý" }).click();
    await staff.locator(".flash").waitFor();
    assert.equal((await page.goto(new URL(address, site("hongan")).href)).status(), 410);
    await examine(page, { isPublic: true });
  });

  test("the open menu of a wide screen can be used by everybody", async () => {
    await page.setViewportSize(WIDE);
    await page.goto(COMMUNE);
    await page.locator("[data-menu] summary").click();
    assert.deepEqual([...await violations(page), ...await inOtherPalettes(page)], []);
    await page.locator("[data-contrast]").click();
    await page.locator("[data-menu] summary").click();
    assert.deepEqual(await violations(page), [], "in high contrast");
    await page.locator("[data-contrast]").click();
  });

  test("a saved copy of an item can be read by everybody", async () => {
    await page.goto(`${COMMUNE}/tin-tuc`);
    const path = await page.locator(".list .card-title a").first().getAttribute("href");
    await page.goto(new URL(path, COMMUNE).href);
    const html = await page.evaluate(async () => (await fetch("?luu=1")).text());
    const copy = await page.context().newPage();
    await copy.setContent(html, { waitUntil: "commit" });
    await examine(copy);
    await copy.close();
  });

  test("no public page asks another origin for anything", () => assert.deepEqual(heard, []));
});
