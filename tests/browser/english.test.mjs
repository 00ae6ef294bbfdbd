// Every public page of the English side, read word by word: what is Vietnamese stands in an element that says so. Names of
// places keep their accents, and numbers of documents are what they are.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { AXE, examine } from "./kit/axe.mjs";
import { site, useBrowser } from "./kit/browser.mjs";

const PORTAL = site();
const COMMUNE = site("trason");

/** More pages than this are more of the same. */
const MOST = 160;

/**
 * Runs in the page: follows the links of the English side from `starts` and gives what is Vietnamese and not marked, each
 * with its page, and the pages that could not be read.
 */
const crawl = async ({ starts, most, names }) => {
  const accent = /[àáãèéìíĩòóõùúũýăâđêôơưÀÁÃÈÉÌÍĨÒÓÕÙÚŨÝĂÂĐÊÔƠƯ\u1EA0-\u1EF9]/u;
  const isNumber = (word) => /^[\p{L}\d-]*\d[\p{L}\d.-]*(\/[\p{L}\d.-]+)+$/u.test(word);
  const bare = (word) => word.replace(/^[^\p{L}\d]+|[^\p{L}\d]+$/gu, "").replace(/['’]s$/u, "");
  const foreign = (text) => text.normalize("NFC").split(/\s+/).flatMap((word) => (isNumber(bare(word)) ? [] : word.split("–")))
    .map(bare).filter((word) => accent.test(word) && !names.includes(word));
  const isMarked = (element) => element.closest("[translate=no]") !== null
    || (element.closest("[lang]")?.getAttribute("lang") ?? "") === "vi";
  const spoken = ["alt", "title", "aria-label", "placeholder", "data-done", "data-working"];
  const found = new Map();
  const tell = (path, text, words) => {
    const line = `${text.trim().replace(/\s+/g, " ").slice(0, 160)} [${words.join(" ")}]`;
    found.set(line, [...(found.get(line) ?? []), path]);
  };
  const failed = [];
  const seen = new Set(starts);
  const queue = [...starts];
  while (queue.length > 0 && seen.size <= most + queue.length) {
    const path = queue.shift();
    const answer = await fetch(path);
    if (!answer.ok && answer.status !== 404) failed.push(`${path}: ${answer.status}`);
    const html = await answer.text();
    if (!(answer.headers.get("content-type") ?? "").includes("html")) continue;
    const page = new DOMParser().parseFromString(html, "text/html");
    if (page.documentElement.lang !== "en") failed.push(`${path}: lang is ${page.documentElement.lang}`);
    for (const element of page.querySelectorAll("script, style, noscript")) element.remove();
    const texts = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const words = isMarked(node.parentElement) ? [] : foreign(node.data);
      if (words.length > 0) tell(path, node.data, words);
    }
    for (const element of page.body.querySelectorAll(spoken.map((name) => `[${name}]`).join())) {
      const said = spoken.map((name) => element.getAttribute(name) ?? "").join(" ");
      const words = isMarked(element) ? [] : foreign(said);
      if (words.length > 0) tell(path, `(attribute) ${said}`, words);
    }
    for (const link of page.querySelectorAll("a[href^='/en']")) {
      const [next] = link.getAttribute("href").split(/[?#]/);
      if (!seen.has(next) && seen.size < most && !/\.(rss|atom|json|csv|xlsx|docx|xml)$/.test(next)) {
        seen.add(next);
        queue.push(next);
      }
    }
  }
  const lines = [...found].map(([line, paths]) => `${line} on ${paths.length} pages: ${paths.slice(0, 3).join(" ")}`);
  return { found: lines, failed, count: seen.size };
};

const FORMS = ["question", "feedback", "information-request", "error-report", "personal-data", "abuse-report", "complaint"];
const FIXED = [
  "/en", "/en/documents", "/en/documents?hieu-luc=het-toan-bo", "/en/documents?tu-khoa=zzz&nam=abc", "/en/search",
  "/en/search?q=12", "/en/search?q=zzzqqq", "/en/questions", "/en/questions/ask", "/en/questions/follow", "/en/consultations",
  "/en/public-information", "/en/nothing-is-here", ...FORMS.map((name) => `/en/questions/ask/${name}`),
];

describe("the English side", () => {
  const visitor = useBrowser();
  let page;
  let names;

  before(async () => {
    const context = await visitor();
    await context.addInitScript({ content: AXE });
    page = await context.newPage();
    await page.goto(`${PORTAL}/lien-ket`);
    const units = await page.locator(".sites a").allInnerTexts();
    const places = units.filter((unit) => /^(Xã|Phường|Đặc khu) /u.test(unit.trim()));
    names = [...new Set(places.flatMap((unit) => unit.trim().replace(/^(Xã|Phường|Đặc khu) /u, "").split(/\s+/)))];
    // A district of the past still issues what it issued.
    names.push("Lạc", "Việt", "Sông", "Nguồn");
    // Names in the texts that are translated.
    names.push(..."Nông Đức Hậu Hoàng Văn Thịnh Lý Khau Vàng Nà Lẹng Ngàn Vân Tày Nùng Sáng Cạn Khuổi Thác Đôi Hải Phòng".split(" "));
  });

  for (const [name, home] of [["a commune", COMMUNE], ["the portal", PORTAL], ["a department", site("soyte")]]) {
    test(`no Vietnamese stands unmarked on the pages of ${name}`, async () => {
      await page.goto(`${home}/en`);
      const { found, failed, count } = await page.evaluate(crawl, { starts: FIXED, most: MOST, names });
      assert.deepEqual(failed, []);
      assert.equal(found.join("\n"), "");
      assert.ok(count > 40, `only ${count} pages were read`);
    });
  }

  const pages = {
    "the register": `${COMMUNE}/en/documents`,
    "a document that was replaced": `${PORTAL}/en/documents/21-2021-qd-ubnd`,
    "what a search found": `${PORTAL}/en/search?q=tiep+cong+dan&pham-vi=tinh`,
    "answered questions": `${COMMUNE}/en/questions`,
    "the form of a question": `${COMMUNE}/en/questions/ask/question`,
    "the form of a request for information": `${COMMUNE}/en/questions/ask/information-request`,
    "the list of drafts": `${PORTAL}/en/consultations`,
    "the directory of sites": `${PORTAL}/en/lien-ket`,
  };
  for (const [name, address] of Object.entries(pages)) {
    test(`${name} can be used by everybody in English`, async () => {
      assert.equal((await page.goto(address)).status(), 200);
      await examine(page, { isPublic: true });
    });
  }
});
