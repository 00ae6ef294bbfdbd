// A real SMTP server for the tests of letters: node smtp.mjs '{"port": 0, "folder": "/tmp/x", …}'.
// It prints the port it listens on and ends with its standard input. Whom a letter is for decides what
// it answers; letters it takes lie in the folder, numbered.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";

const order = JSON.parse(process.argv[2]);

/** Addresses that were asked to come back once already. */
const known = new Set();

function answer(code, text) {
  return Object.assign(new Error(text), { responseCode: code });
}

/** What the server says to a recipient; nothing at all, for ever, to the slow one. */
function onRcptTo({ address }, session, done) {
  const name = address.split("@")[0];
  if (name === "hen" && !known.has(address)) {
    known.add(address);
    return done(answer(450, `4.2.1 <${address}> try again later`));
  }
  if (name === "ban") return done(answer(450, "4.3.2 always busy"));
  if (name === "khong-co") return done(answer(550, `5.1.1 <${address}>: no such user`));
  if (name === "chan") return done(answer(550, "5.7.1 you are not welcome"));
  if (name === "cham") return undefined;
  return done();
}

function onData(stream, session, done) {
  const chunks = [];
  stream.on("data", (chunk) => chunks.push(chunk));
  stream.on("end", () => {
    const name = session.envelope.rcptTo[0].address.split("@")[0];
    if (name === "nan") return done(answer(554, "5.6.0 the text does not please"));
    const number = String(readdirSync(order.folder).length + 1).padStart(4, "0");
    const from = `X-Envelope-From: ${session.envelope.mailFrom.address}\r\n`;
    const line = `X-Line: ${session.secure ? "tls" : "plain"} ${session.user ?? "nobody"}\r\n`;
    writeFileSync(join(order.folder, `${number}-${process.pid}.eml`), from + line + Buffer.concat(chunks));
    // It has the letter and does not say so.
    return name === "im" ? undefined : done();
  });
}

function onAuth({ username, password }, session, done) {
  const known = username === order.user && password === order.password;
  return known ? done(null, { user: username }) : done(answer(535, "5.7.8 wrong name or password"));
}

const tls = order.cert ? { cert: readFileSync(order.cert), key: readFileSync(order.key) } : {};
const server = new SMTPServer({
  ...tls,
  secure: order.tls === "required",
  disabledCommands: order.tls === "none" ? ["STARTTLS"] : [],
  authOptional: !order.user,
  allowInsecureAuth: false,
  disableReverseLookup: true,
  onAuth,
  onRcptTo,
  onData,
});
// A client that hangs up in the middle is what these tests are about.
server.on("error", () => {});
server.listen(order.port, "127.0.0.1", () => console.log(server.server.address().port));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
