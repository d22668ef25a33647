/** A panel to type a text, and see what the model says of it and which words made it say so. */

import { Bars, named } from "./bars.js";
import { el } from "./dom.js";
import { EXAMPLES } from "./examples.js";
import { language, onLanguage, percent, say, t } from "./i18n.js";
import { Latest } from "./latest.js";
import { Panel } from "./panel.js";
import { legend } from "./sights.js";
import { literal } from "./snippet.js";
import { Tinted } from "./tinted.js";

const TYPING_MILLISECONDS = 120;
const PAUSE_MILLISECONDS = 250;

export class TextPanel {
  #class = null; // whose reasons are shown; null: the predicted one's
  #label = null;
  #explained = null;

  constructor(section, model) {
    this.panel = new Panel(section, model, { calls: ["predict", "explain"], changed: () => this.ask() });
    this.bars = new Bars({ picked: (label) => this.#pick(label) });
    this.tinted = new Tinted();
    this.#build(section);
    this.predictions = new Latest({
      run: (text, signal) => this.panel.predict(inputOf(text), signal),
      show: (answer, text) => this.#read(answer, text),
      fail: (error) => this.panel.failed(error, () => this.#blank()),
      busy: (is) => this.panel.progress.set(is),
      delay: TYPING_MILLISECONDS,
      typed: true,
    });
    this.explanations = new Latest({
      run: (text, signal) => this.panel.explain(inputOf(text), this.#class, signal),
      show: ({ content }, text) => this.#sight(content, text),
      fail: () => {}, // the prediction's own error says why, and the old reasons stand faded
      delay: PAUSE_MILLISECONDS,
      typed: true,
    });
    onLanguage(() => this.#name());
    this.#blank();
  }

  /** Asks for what stands there. */
  ask() {
    for (const part of [this.result, this.tinted.element]) part.classList.add("stale");
    this.explanations.cancel();
    if (this.area.value.trim()) return this.predictions.push(this.area.value);
    this.predictions.cancel();
    this.panel.notice.clear();
    return this.#blank();
  }

  #read({ content, timing }, text) {
    this.#label = content.label;
    this.panel.notice.clear();
    this.panel.time(timing);
    this.score.textContent = percent(content.score);
    this.bars.show(content.probabilities);
    this.#name();
    this.result.classList.remove("stale", "blank");
    this.panel.announcement.settle(t("text.said", { label: named(content.label), score: percent(content.score) }));
    this.explanations.push(text);
  }

  #sight(content, text) {
    this.#explained = content;
    this.bars.mark(content.explained);
    this.tinted.show(text, content);
    this.tinted.element.classList.remove("stale");
    this.tinted.element.hidden = false;
    this.#name();
  }

  #pick(label) {
    if (!this.area.value.trim()) return;
    this.#class = this.#class === label ? null : label;
    this.explanations.push(this.area.value);
  }

  #blank() {
    this.#label = null;
    this.#explained = null;
    this.panel.time(null);
    this.score.textContent = "";
    this.bars.show(Object.fromEntries(this.bars.labels.map((label) => [label, 0])));
    this.bars.mark(null);
    this.tinted.element.hidden = true;
    this.result.classList.add("blank");
    this.#name();
  }

  #name() {
    this.verdict.textContent = this.#label === null ? "–" : named(this.#label);
    if (this.#explained) say(this.heading, "text.why", { label: named(this.#explained.explained) });
    else say(this.heading, "text.whyNone");
  }

  #build(section) {
    this.area = say(
      el("textarea", { id: `${section.id}-text`, rows: 4, spellcheck: false, oninput: () => this.#typed() }),
      `text.placeholder.${this.panel.model.task}`, {}, "placeholder",
    );
    const label = say(el("label", { class: "field-name", htmlFor: this.area.id }), "text.label");
    this.verdict = el("strong", { class: "label" });
    this.score = el("span", { class: "score" });
    this.heading = say(el("h3", {}), "text.whyNone");
    this.result = el("div", { class: "reading" }, el("p", { class: "verdict" }, this.verdict, this.score), this.bars.element);
    this.tinted.element.prepend(el("div", { class: "reasons-head" }, this.heading, legend()));
    this.panel.body.classList.add("text-body");
    this.panel.body.append(el("div", { class: "writing" }, label, this.area, this.#examples()), this.result, this.tinted.element);
  }

  #typed() {
    this.#class = null;
    this.ask();
  }

  /** Those in the page's language first. */
  #examples() {
    const box = el("div", { class: "chips" });
    const chips = (EXAMPLES[this.panel.model.task] ?? []).map(([tag, text]) => {
      const chip = el("button", { class: "chip", type: "button", lang: tag, title: text }, text);
      chip.addEventListener("click", () => {
        this.area.value = text;
        this.#typed();
      });
      return chip;
    });
    const heading = say(el("span", { class: "muted small" }), "text.examples");
    const order = () => {
      const ours = chips.filter(({ lang }) => lang === language());
      box.replaceChildren(heading, ...ours, ...chips.filter((chip) => !ours.includes(chip)));
    };
    onLanguage(order);
    order();
    return box;
  }
}

function inputOf(text) {
  return { body: { text }, python: () => literal(text) };
}
