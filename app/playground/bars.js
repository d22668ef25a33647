/** One row for each class: its name, a bar, its probability. A row can be picked, to see what spoke for that class. */

import { el } from "./dom.js";
import { has, onLanguage, percent, t } from "./i18n.js";

/** What the page calls a label: the model's own word, with the language's beside it where that differs. */
export function named(label) {
  const key = `label.${label}`;
  return has(key) ? t(key) : label;
}

export class Bars {
  #rows = new Map();
  #shares = {};

  /** `picked(label)` is called when somebody picks a row. */
  constructor({ picked }) {
    this.picked = picked;
    this.element = el("ul", { class: "bars" });
    onLanguage(() => this.#rename());
  }

  /** Shows `{label: probability}`; the likeliest stands out. Rows stay where they are. */
  show(shares) {
    const labels = Object.keys(shares);
    if (labels.join() !== [...this.#rows.keys()].join()) this.#build(labels);
    this.#shares = shares;
    const most = Math.max(...Object.values(shares));
    for (const [label, row] of this.#rows) {
      row.track.style.setProperty("--share", shares[label]);
      row.figure.textContent = percent(shares[label]);
      row.button.classList.toggle("top", shares[label] === most);
    }
  }

  /** The classes that were shown last; none before. */
  get labels() {
    return [...this.#rows.keys()];
  }

  /** Marks the row whose reasons are shown; null marks none. */
  mark(label) {
    for (const [name, row] of this.#rows) row.button.setAttribute("aria-pressed", String(name === label));
  }

  #build(labels) {
    this.#rows = new Map(labels.map((label) => [label, this.#row(label)]));
    this.element.replaceChildren(...[...this.#rows.values()].map(({ button }) => el("li", {}, button)));
  }

  #row(label) {
    const name = el("span", { class: "bar-name" }, named(label));
    const track = el("span", { class: "bar-track" });
    const figure = el("span", { class: "bar-figure" });
    const button = el("button", { class: "bar", type: "button", "aria-pressed": "false" }, name, track, figure);
    button.addEventListener("click", () => this.picked(label));
    return { button, name, track, figure };
  }

  #rename() {
    for (const [label, row] of this.#rows) {
      row.name.textContent = named(label);
      if (label in this.#shares) row.figure.textContent = percent(this.#shares[label]);
    }
  }
}
