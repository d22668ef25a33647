/** A text whose words are tinted and underlined by what they contributed, and the same as a table. */

import { el, reveal } from "./dom.js";
import { number, onLanguage, say, t } from "./i18n.js";

const ROWS = 12;
const FAINT = 0.1; // of the largest contribution: below it a word is left as it is
const REST_SHOWN = 240; // characters of what the model does not read

export class Tinted {
  #text = [];
  #explained = null;

  constructor() {
    this.text = el("p", { class: "tinted" });
    this.rest = el("p", { class: "muted small", hidden: true });
    this.table = el("tbody", {});
    this.details = el("details", {}, say(el("summary", {}), "text.table"),
      el("table", {}, el("thead", {}, el("tr", {},
        say(el("th", { scope: "col" }), "text.word"), say(el("th", { scope: "col" }), "text.weight"))), this.table));
    this.element = el("div", { class: "reasons" }, this.text, this.rest, this.details);
    onLanguage(() => this.#explained && this.show(this.#text.join(""), this.#explained));
  }

  /** `explained` is the answer of `/explain`; its places count code points. */
  show(text, explained) {
    this.#text = Array.from(text);
    this.#explained = explained;
    const most = Math.max(1e-9, ...explained.tokens.map(({ log_odds: weight }) => Math.abs(weight)));
    this.text.replaceChildren(...this.#pieces(explained, most));
    this.#tellRest(explained.seen);
    const strongest = [...explained.tokens].sort((one, other) => Math.abs(other.log_odds) - Math.abs(one.log_odds));
    this.table.replaceChildren(...strongest.slice(0, ROWS).map((token) => el("tr", {},
      el("td", {}, token.token), el("td", { class: "figure" }, worded(token.log_odds)))));
  }

  #pieces({ tokens, seen }, most) {
    const isShort = this.#left(seen) <= REST_SHOWN;
    const pieces = [];
    let place = isShort ? 0 : seen.start;
    for (const token of tokens) {
      pieces.push(this.#slice(place, token.start), word(this.#slice(token.start, token.end), token.log_odds, most));
      place = token.end;
    }
    return [...pieces, this.#slice(place, isShort ? undefined : seen.end)];
  }

  #tellRest(seen) {
    reveal(this.rest, this.#left(seen) > REST_SHOWN);
    say(this.rest, "text.unread", { characters: this.#left(seen) });
  }

  /** How many characters lie outside of what the model reads. */
  #left(seen) {
    return this.#text.length - (seen.end - seen.start);
  }

  #slice(start, end) {
    return this.#text.slice(start, end).join("");
  }
}

function word(text, weight, most) {
  const share = Math.abs(weight) / most;
  if (share < FAINT) return el("span", { title: worded(weight) }, text);
  const element = el("span", { class: weight > 0 ? "word for" : "word against", title: worded(weight) }, text);
  element.style.setProperty("--weight", share.toFixed(2));
  return element;
}

function worded(weight) {
  return t(weight >= 0 ? "text.for" : "text.against", { weight: number(weight, 2, true) });
}
