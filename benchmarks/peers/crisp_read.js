// What email-forward-parser reads: node crisp_read.js PACKAGE < [[text, subject], ...]; prints a list of answers.
const { readFileSync } = require("node:fs");
const loaded = require(process.argv[2]);
const Parser = loaded.default ?? loaded;

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(([text, subject]) => new Parser().read(text, subject))));
