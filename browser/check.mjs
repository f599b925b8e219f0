// Look at the built pages in headless Chromium, as a person would: node check.mjs SITE PICTURES
// Everything is served on localhost; a request to anywhere else fails the check. Ends with status 1 and a list of what
// is wrong. Pictures are kept, since no program sees whether a page is beautiful.
import { createServer } from "node:http";
import { mkdir, readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import axe from "axe-core";
import { chromium } from "playwright-core";

const [, , site, pictures] = process.argv;
const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".mjs": "text/javascript", ".json": "application/json",
  ".wasm": "application/wasm", ".py": "text/plain", ".eml": "message/rfc822",
};
// Sizes and schemes in which each page is looked at.
const VIEWS = [
  { name: "light", colorScheme: "light", viewport: { width: 1280, height: 900 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1280, height: 900 } },
  { name: "phone", colorScheme: "light", viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
  { name: "phone-dark", colorScheme: "dark", viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
];
const SERIOUS = ["serious", "critical"];
const wrong = [];
const check = (ok, what) => ok || wrong.push(what);

const served = []; // what the server was really asked for
const server = createServer(async (request, response) => {
  served.push(request.url);
  const path = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
  try {
    const body = await readFile(join(site, path));
    response.writeHead(200, { "Content-Type": TYPES[extname(path)] ?? "application/octet-stream" }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));
const origin = `http://127.0.0.1:${server.address().port}`;

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ],
});

// A page that reports what goes wrong in it. `asked` gathers its requests.
async function opened(view, path) {
  const context = await browser.newContext({ ...view, name: undefined });
  const page = await context.newPage();
  const asked = [];
  const where = `${path} (${view.name})`;
  page.on("request", (request) => asked.push(request));
  page.on("pageerror", (error) => wrong.push(`${where}: ${error.message}`));
  page.on("console", (line) => line.type() === "error" && wrong.push(`${where}: ${line.text()}`));
  page.on("dialog", (dialog) => (wrong.push(`${where}: a dialog`), dialog.dismiss()));
  await page.goto(`${origin}/${path}`);
  return { context, page, asked, where };
}

async function accessible(page, where) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => globalThis.axe.run());
  for (const { impact, id, nodes } of found.violations) {
    check(!SERIOUS.includes(impact), `${where}: axe ${impact} ${id}: ${nodes[0].html.slice(0, 160)}`);
  }
  return found.violations.length;
}

async function explanation(name, view) {
  const { context, page, asked, where } = await opened(view, `pages/${name}.html`);
  check(asked.length === 1, `${where}: asks for ${asked.map((request) => request.url()).slice(1)}`);
  check(!(await page.evaluate(() => "owned" in window)), `${where}: a script of the mail ran`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check(wide <= 0, `${where}: scrolls sideways by ${wide}`);
  check((await page.locator("h1").innerText()).length > 0, `${where}: has no verdict`);
  await accessible(page, where);

  // Every link leads to something on the page that is then in sight.
  const links = await page.locator("a[href^='#']").evaluateAll((all) => all.map((link) => link.hash.slice(1)));
  const ids = await page.locator("[id]").evaluateAll((all) => all.map((one) => one.id));
  check(links.every((link) => ids.includes(link)), `${where}: a link leads nowhere`);
  // The keyboard reaches each link and the mail, and one sees where it is. Colours have no say in that.
  const stops = view.colorScheme === "light" ? await page.locator("a, [tabindex='0']").count() : 0;
  for (let stop = 0; stop < stops; stop++) {
    await page.keyboard.press("Tab");
    const outline = await page.evaluate(() => document.activeElement.matches("a, [tabindex='0']") &&
      getComputedStyle(document.activeElement).outlineStyle);
    if (outline !== "solid") {
      wrong.push(`${where}: stop ${stop + 1} of the keyboard is not seen`);
      break;
    }
  }
  if (links.some((link) => link.startsWith("e"))) {
    const link = page.locator("a[href^='#e']").last();
    await link.focus();
    await page.keyboard.press("Enter");
    const target = page.locator(`mark[id='${(await link.getAttribute("href")).slice(1)}']`);
    const box = await target.boundingBox();
    check(box && box.y >= 0 && box.y < view.viewport.height, `${where}: a link's place is not in sight`);
  }
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(pictures, `${name}-${view.name}.png`), fullPage: true });
  await context.close();
}

// What the page's policy would stop if text of a mail did become markup.
async function policy() {
  const { context, page, where } = await opened(VIEWS[0], "pages/script.html");
  page.removeAllListeners("console"); // the browser reports what it stops
  const before = served.length;
  await page.evaluate(() => {
    const box = document.createElement("div");
    box.innerHTML = "<img src='/pages/pages.json' onerror='window.owned=1'><iframe src='/pages/unwrap.html'></iframe>" +
      "<form action='/pages/'><input></form><link rel=stylesheet href='/playground/playground.css'>";
    document.body.append(box);
    const script = document.createElement("script");
    script.textContent = "window.owned=2";
    document.body.append(script);
    document.querySelector("form").submit();
  });
  await page.waitForTimeout(300);
  check(!(await page.evaluate(() => "owned" in window)), `${where}: the policy let a script run`);
  check(served.length === before, `${where}: the policy let it ask for ${served.slice(before)}`);
  await context.close();
}

async function playground(view) {
  const { context, page, asked, where } = await opened(view, "playground/index.html");
  const status = page.locator("#status");
  await status.filter({ hasText: /^Ready|did not start/ }).waitFor({ timeout: 120_000 });
  check(/^Ready: bcclog .* on Python 3\./.test(await status.innerText()), `${where}: ${await status.innerText()}`);
  await accessible(page, where);
  const before = asked.length;

  // A file chosen, with a mark by which it would be recognised in a request.
  const mail = (await readFile(join(site, "playground/examples/forward-thunderbird-it-html-comma-name.eml"), "utf8"))
    .replace("Subject: ", "Subject: secretmark ");
  await page.setInputFiles("#file", { name: "mine.eml", mimeType: "message/rfc822", buffer: Buffer.from(mail) });
  const inside = page.frameLocator("#page");
  await inside.locator("h1").waitFor();
  check((await inside.locator("h1").innerText()) === "Logged", `${where}: the mail was not logged`);
  check((await inside.locator("body").innerText()).includes("secretmark"), `${where}: shows another mail`);
  check(JSON.parse(await page.locator("#plan").textContent()).code === "log.forward", `${where}: another plan`);
  const more = asked.slice(before).map((one) => one.url()).filter((url) => !url.startsWith("blob:"));
  check(more.length === 0, `${where}: taking a mail asked for ${more}`);
  await accessible(page, `${where} with a mail`);
  await page.screenshot({ path: join(pictures, `playground-${view.name}.png`), fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check(wide <= 0, `${where}: scrolls sideways by ${wide}`);

  // A link of the explanation works inside its frame.
  await inside.locator("a[href^='#e']").first().click();
  check((await inside.locator("mark:target").count()) === 1, `${where}: a link of the explanation leads nowhere`);

  // The same mail dropped, for another recipient; then an account that cannot be read.
  await page.locator("#recipient").fill("nobody@in.crm.example");
  await page.locator("#recipient").blur();
  await inside.locator("h1", { hasText: "Not logged" }).waitFor();
  await page.locator("summary").first().click();
  await page.locator("#account").fill("[account]\nbcc = 1\n");
  await page.locator("#account").blur();
  await status.filter({ hasText: "unknown key" }).waitFor();
  check(await page.locator("#result").isHidden(), `${where}: shows an explanation beside an error`);

  // Dropped mail that would run a script.
  await page.reload();
  await status.filter({ hasText: /^Ready/ }).waitFor({ timeout: 120_000 });
  await page.evaluate(() => {
    const data = new DataTransfer();
    const evil = "<script>top.owned=1</script><img src=x onerror=top.owned=1>";
    data.items.add(new File([`From: rosa@ourco.example\nSubject: ${evil}\nX: secretmark\n\n${evil}\n`], "evil.eml"));
    document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await inside.locator("h1").waitFor();
  check((await inside.locator("body").innerText()).includes("top.owned=1"), `${where}: the dropped mail is not shown`);
  check(!(await page.evaluate(() => "owned" in window)), `${where}: a script of the mail ran`);

  for (const button of await page.locator("#examples button").all()) {
    await button.click();
    await status.filter({ hasText: "explained by" }).waitFor();
  }
  for (const request of asked) {
    check(new URL(request.url()).origin === origin, `${where}: asks ${request.url()}`);
    check(request.method() === "GET" && !request.url().includes("secretmark"), `${where}: sends to ${request.url()}`);
  }
  await context.close();
}

await mkdir(pictures, { recursive: true });
const names = JSON.parse(await readFile(join(site, "pages/pages.json"), "utf8"));
check(names.length >= 10, "too few pages to look at");
for (const name of names) for (const view of VIEWS) await explanation(name, view);
await policy();
for (const view of [VIEWS[0], VIEWS[3]]) await playground(view);
await browser.close();
server.close();
for (const line of wrong) console.error(line);
console.log(`${names.length} pages in ${VIEWS.length} views and the playground in 2: ${wrong.length} things wrong`);
process.exit(wrong.length ? 1 : 0);
