/** What the model saw of a picture, and what mattered in it, in colours and in words. */

import { el } from "./dom.js";
import { onLanguage, say, t } from "./i18n.js";
import { extremes, grid, paintHeat, paintPicture } from "./pixels.js";

const NOTHING = Array.from({ length: 28 }, () => Array(28).fill(0));

export class Sights {
  #explained = null;

  constructor() {
    [this.seen, this.heat] = [grid("digit.seenLabel"), grid("digit.heat")];
    this.title = el("span", {});
    this.text = el("span", { class: "muted small" });
    this.element = el("div", { class: "sights" },
      el("figure", {}, this.seen, el("figcaption", {}, say(el("span", {}), "digit.seen"))),
      el("figure", {}, this.heat, el("figcaption", {}, this.title, legend(), this.text)));
    onLanguage(() => this.#tell());
    this.blank();
  }

  /** Whose reasons are shown; null before there are any. */
  get explained() {
    return this.#explained === null ? null : String(this.#explained.explained);
  }

  /** Shows an answer of `/explain`. */
  show(explained) {
    this.#explained = explained;
    this.element.classList.remove("blank");
    this.repaint();
    this.#tell();
  }

  /** Shows nothing. */
  blank() {
    this.#explained = null;
    this.element.classList.add("blank");
    this.repaint();
    this.#tell();
  }

  /** Paints again, in the colours of the present theme. */
  repaint() {
    const { picture, log_odds_contributions: contributions } = this.#explained ?? { picture: NOTHING, log_odds_contributions: NOTHING };
    paintPicture(this.seen, picture);
    paintHeat(this.heat, picture, contributions);
  }

  #tell() {
    this.text.textContent = "";
    for (const [element, attribute] of [[this.title, null], [this.heat, "aria-label"]]) say(element, "digit.heat", {}, attribute);
    if (this.#explained === null) return;
    const { most, least } = extremes(this.#explained.contributions);
    const values = { digit: this.explained, most: t(`ninth.${most}`), least: t(`ninth.${least}`) };
    const key = most === null ? "digit.nothing" : least === null ? "digit.for" : "digit.forAgainst";
    say(this.title, "digit.heatFor", values);
    say(this.heat, key, values, "aria-label");
    this.text.textContent = t(key, values);
  }
}

/** The two colours of reasons, told in words. */
export function legend() {
  return el("span", { class: "legend" },
    el("span", { class: "swatch for" }), say(el("span", {}), "legend.for"),
    el("span", { class: "swatch against" }), say(el("span", {}), "legend.against"));
}
