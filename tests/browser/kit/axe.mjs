// Looks at a page as axe-core does, at two widths, in every palette and in high contrast.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

export const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
const PALETTES = ["son", "lam", "tre", "gom"];
export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 360, height: 800 };
const NARROWEST = { width: 320, height: 800 };

/** What axe-core finds amiss on the page as it stands; all rules, or `only` some. */
export const violations = async (page, only) => {
  const found = await page.evaluate(async ([tags, rules]) => {
    const runOnly = rules ? { type: "rule", values: rules } : { type: "tag", values: tags };
    const { violations: all } = await globalThis.axe.run(document, { runOnly, resultTypes: ["violations"], preload: false });
    return all.map(({ id, nodes }) => ({ id, nodes: nodes.map((n) => `${n.target.join(" ")}: ${n.failureSummary.split("\n").slice(1).join(" ").trim()}`) }));
  }, [TAGS, only]);
  return found.flatMap(({ id, nodes }) => nodes.slice(0, 4).map((node) => `${id} at ${node}`));
};

const openEverything = (page) => page.evaluate(() => { for (const part of document.querySelectorAll("details:not(.drop)")) part.open = true; });

/** Whether something must be scrolled sideways to be read; names what sticks out. */
const sticksOut = (page) => page.evaluate(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > clientWidth + 1);
  return wide.slice(0, 3).map((e) => `${e.tagName}.${e.className} ends at ${Math.round(e.getBoundingClientRect().right)} of ${clientWidth}`);
});

/** Contrast of the page as it stands in the palettes that are not its own. */
export const inOtherPalettes = async (page) => {
  const amiss = [];
  const wear = (palette) => page.evaluate((it) => { document.documentElement.dataset.palette = it; }, palette);
  const own = await page.locator("html").getAttribute("data-palette");
  for (const palette of PALETTES.filter((it) => it !== own)) {
    await wear(palette);
    amiss.push(...(await violations(page, ["color-contrast"])).map((one) => `palette ${palette}: ${one}`));
  }
  await wear(own);
  return amiss;
};

/** Examines the open page: nothing may be amiss. Public pages are also seen in their colours. */
export const examine = async (page, { isPublic = false } = {}) => {
  const amiss = [];
  const note = (where, what) => amiss.push(...what.map((one) => `${where}: ${one}`));
  await page.setViewportSize(WIDE);
  note("1280 px", await violations(page));
  if (isPublic) amiss.push(...await inOtherPalettes(page));
  await page.setViewportSize(NARROW);
  await openEverything(page);
  note("360 px", await violations(page));
  if (isPublic) {
    await page.locator("[data-contrast]").click();
    note("high contrast", await violations(page, ["color-contrast", "link-in-text-block"]));
    await page.locator("[data-contrast]").click();
  }
  await page.setViewportSize(NARROWEST);
  note("320 px", await sticksOut(page));
  assert.deepEqual(amiss, []);
};

/** Hears what pages ask for and what the browser complains of, from now on. */
export const listen = (page) => {
  const heard = [];
  page.on("request", (request) => {
    if (request.isNavigationRequest() || request.url().startsWith("data:")) return;
    const own = new URL(request.frame().url()).origin;
    if (new URL(request.url()).origin !== own) heard.push(`asked another origin for ${request.url()}`);
  });
  page.on("pageerror", (error) => heard.push(`the script failed: ${error.message}`));
  page.on("console", (said) => {
    const about = said.text();
    if (/Content Security Policy/.test(about)) heard.push(about);
  });
  return heard;
};
