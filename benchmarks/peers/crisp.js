// Times email-forward-parser over the bodies of a JSON file: one pass for each line on standard input. Each answer is
// the sum, over the bodies, of the shortest time that each has taken so far, in seconds.
const { readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");
const loaded = require(process.argv[2]);
const Parser = loaded.default ?? loaded;

const mails = JSON.parse(readFileSync(process.argv[3], "utf8"));
const best = new Float64Array(mails.length).fill(Infinity);
createInterface({ input: process.stdin }).on("line", () => {
  mails.forEach(([text, subject], at) => {
    const start = process.hrtime.bigint();
    new Parser().read(text, subject);
    best[at] = Math.min(best[at], Number(process.hrtime.bigint() - start) / 1e9);
  });
  console.log(best.reduce((sum, seconds) => sum + seconds, 0));
});
