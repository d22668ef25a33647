/** The call that a panel just made, for a shell and for Python, to be copied. */

import { BASE } from "./api.js";
import { el } from "./dom.js";
import { say } from "./i18n.js";

const SHOWN_CHARACTERS = 96; // of one long value; the copy has it whole
const PYTHON = { true: "True", false: "False", null: "None" };

/** A shell's words for a POST of this object; the body is standard input, so that neither quotes nor length matter. */
export function curlOf(path, body, headers = {}) {
  const more = Object.entries(headers).map(([name, value]) => ` \\\n  -H '${name}: ${value}'`).join("");
  return `curl '${BASE}${path}' \\\n  -H 'Content-Type: application/json'${more} \\\n  -d @- <<'END'\n${JSON.stringify(body)}\nEND\n`;
}

/** A Python program that makes `client` and prints what `expression` gives; `imports` are further first lines. */
export function pythonOf(expression, imports = []) {
  return [...imports, "from app.client import Horngate", "", `with Horngate("${BASE}") as client:`, `    print(${expression})`, ""].join("\n");
}

/** A Python literal: strings and numbers are written as in JSON. */
export function literal(value) {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${literal(one)}`).join(", ")}}`;
  }
  return PYTHON[value] ?? JSON.stringify(value);
}

export class Snippet {
  #calls = {};
  #name;

  /** `calls` are the names of a panel's requests, such as ["predict", "explain"]; `id` is the panel's own. */
  constructor(id, calls) {
    this.#name = id;
    this.call = this.#choice("call", calls, (name) => `snippet.${name}`);
    this.form = this.#choice("form", ["curl", "python"], (name) => `snippet.${name}`);
    this.code = say(el("pre", { class: "code", tabIndex: 0, role: "region" }), "snippet.code", {}, "aria-label");
    this.button = say(el("button", { class: "button quiet", type: "button" }), "snippet.copy");
    this.button.addEventListener("click", () => this.#copy());
    const bar = el("div", { class: "snippet-bar" }, calls.length > 1 && this.call, this.form, this.button);
    this.element = el("div", { class: "snippet", hidden: true }, bar, this.code);
  }

  /** Shows a request that was made: `{curl, python}`, each a function that gives the text. */
  made(call, forms) {
    this.#calls[call] = forms;
    this.element.hidden = false;
    this.#show();
  }

  /** The text that the copy button copies. */
  get text() {
    return this.#calls[this.#picked("call")]?.[this.#picked("form")]() ?? "";
  }

  #show() {
    this.code.textContent = shortened(this.text);
  }

  #picked(kind) {
    return this[kind].querySelector("input:checked").value;
  }

  #choice(kind, names, keyOf) {
    const group = say(el("fieldset", { class: "choice" }), `snippet.${kind}s`, {}, "aria-label");
    names.forEach((name, place) => {
      const input = el("input", { type: "radio", name: `${this.#name}-${kind}`, value: name, checked: place === 0 });
      input.addEventListener("change", () => this.#show());
      group.append(el("label", {}, input, say(el("span", {}), keyOf(name))));
    });
    return group;
  }

  async #copy() {
    await copy(this.text);
    say(this.button, "snippet.copied");
    setTimeout(() => say(this.button, "snippet.copy"), 1600);
  }
}

/** A long value with its middle left out, for the eye. */
function shortened(text) {
  const long = new RegExp(`[^\\n]{${3 * SHOWN_CHARACTERS},}`, "g");
  return text.replace(long, (line) => `${line.slice(0, SHOWN_CHARACTERS)} … ${line.slice(-24)}`);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyBySelection(text); // over plain HTTP from another machine there is no clipboard
  }
}

function copyBySelection(text) {
  const area = el("textarea", { class: "unseen", value: text, "aria-hidden": "true", tabIndex: -1 });
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  focused?.focus();
}
