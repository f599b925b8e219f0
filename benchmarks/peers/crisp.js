// Times one pass of email-forward-parser over the bodies of a JSON file for each line on standard input.
const { readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");
const loaded = require(process.argv[2]);
const Parser = loaded.default ?? loaded;

const mails = JSON.parse(readFileSync(process.argv[3], "utf8"));
createInterface({ input: process.stdin }).on("line", () => {
  const start = process.hrtime.bigint();
  for (const [text, subject] of mails) new Parser().read(text, subject);
  console.log(Number(process.hrtime.bigint() - start) / 1e9);
});
