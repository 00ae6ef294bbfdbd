// Checks that the licence of every crate we build with is one of config/deny.toml, and, where
// cargo-deny is installed, everything else that file asks for.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

process.chdir(new URL("..", import.meta.url).pathname);

function cargo(...args) {
  const run = spawnSync("cargo", args, { encoding: "utf8", maxBuffer: 1 << 28 });
  return { ok: run.status === 0, out: run.stdout ?? "", err: run.stderr ?? "" };
}

/** Whether an SPDX expression can be met with `allowed` alone. */
function covers(expression, allowed) {
  const tokens = expression.replaceAll("/", " OR ").match(/[()]|[^\s()]+/g) ?? [];
  const either = () => {
    let fits = both();
    while (tokens[0] === "OR") {
      tokens.shift();
      // Both sides must be read, so no short cut.
      fits = both() || fits;
    }
    return fits;
  };
  const both = () => {
    let fits = one();
    while (tokens[0] === "AND") {
      tokens.shift();
      fits = one() && fits;
    }
    return fits;
  };
  const one = () => {
    const token = tokens.shift();
    if (token === "(") {
      const fits = either();
      tokens.shift();
      return fits;
    }
    if (tokens[0] === "WITH") {
      const exception = tokens.splice(0, 2)[1];
      return allowed.has(`${token} WITH ${exception}`);
    }
    return allowed.has(token);
  };
  return either();
}

const rules = readFileSync("config/deny.toml", "utf8");
const list = rules.match(/^allow = \[([^\]]*)\]/m)[1];
const allowed = new Set([...list.matchAll(/"([^"]+)"/g)].map((found) => found[1]));

const host = spawnSync("rustc", ["-vV"], { encoding: "utf8" }).stdout.match(/^host: (.*)$/m)[1];
const asked = ["metadata", "--format-version", "1", "--filter-platform", host];
let metadata = cargo(...asked, "--offline");
if (!metadata.ok) metadata = cargo(...asked);
if (!metadata.ok) {
  console.error(metadata.err);
  process.exit(1);
}

const crates = JSON.parse(metadata.out).packages.filter((it) => it.source);
const strange = crates.filter((it) => !it.license || !covers(it.license, allowed));
for (const it of strange) {
  console.error(`${it.name} ${it.version}: ${it.license ?? "no licence"} is not in config/deny.toml`);
}
console.log(`licences: ${crates.length - strange.length} of ${crates.length} crates are covered`);
if (strange.length > 0) process.exit(1);

if (!cargo("deny", "--version").ok) {
  console.log("advisories: SKIPPED, cargo-deny is not installed (cargo install --locked cargo-deny)");
} else {
  const deny = ["check", "--config", "config/deny.toml"];
  const run = (...args) => spawnSync("cargo", ["deny", ...args], { stdio: "inherit" }).status === 0;
  // Without a network, the advisories fetched last are looked at.
  if (!run(...deny) && !run("--offline", ...deny)) process.exit(1);
}
