// The playground: Python in the browser (Pyodide) with the real wheel. The mail never leaves this page: its
// Content-Security-Policy lets it connect to the place it came from only, and it sends nothing there but requests for
// its own files.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const at = (id) => document.getElementById(id);
const here = (path) => new URL(path, import.meta.url);

async function fetched(path) {
  const answer = await fetch(here(path));
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

function say(text, isBad = false) {
  at("status").textContent = text;
  at("status").className = isBad ? "bad" : "";
}

const manifest = await (await fetched("files.json")).json();
at("account").value = manifest.account;
at("recipient").value = manifest.recipients.at(-1);
for (const address of manifest.recipients) at("recipients").append(new Option(address, address));

let mail = null; // { name, bytes }
let explained = null; // the Python function

function show() {
  if (mail === null || explained === null) return;
  const answer = explained(mail.bytes, at("account").value, at("recipient").value.trim()).toJs();
  const [page, plan, error] = answer;
  at("result").hidden = page === "";
  if (page === "") {
    say(error, true);
    return;
  }
  say(`${mail.name}, ${mail.bytes.length.toLocaleString("en")} bytes, explained by bcclog ${manifest.version}.`);
  URL.revokeObjectURL(at("save").href);
  at("save").href = URL.createObjectURL(new Blob([page], { type: "text/html;charset=utf-8" }));
  // Sandboxed: no script runs in it, whatever the mail holds. It has an origin, without which its own links do nothing.
  at("page").src = at("save").href;
  at("plan").textContent = plan;
}

async function take(file) {
  mail = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
  show();
}

at("file").addEventListener("change", (event) => event.target.files[0] && take(event.target.files[0]));
at("form").addEventListener("submit", (event) => event.preventDefault());
at("recipient").addEventListener("change", show);
at("account").addEventListener("change", show);
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault(); // a file dropped beside the field must not be opened by the browser
    at("drop").classList.toggle("over", kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
  });
}
for (const example of manifest.examples) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = example.title;
  button.addEventListener("click", async () => {
    const answer = await fetched(`examples/${example.file}`);
    at("recipient").value = example.recipient;
    await take(new File([await answer.arrayBuffer()], example.file));
  });
  at("examples").append(button);
}

try {
  const python = await loadPyodide({ indexURL: here("pyodide/").href });
  for (const wheel of manifest.wheels) {
    python.unpackArchive(await (await fetched(`wheels/${wheel}`)).arrayBuffer(), "wheel");
  }
  explained = python.runPython(await (await fetched("playground.py")).text());
  say(`Ready: bcclog ${manifest.version} on Python ${manifest.python}.`);
  show();
} catch (error) {
  say(`Python did not start: ${error.message}`, true);
}
