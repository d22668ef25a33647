/** A panel to draw a digit, or choose a picture of one, and see what the model saw and what mattered. */

import { Bars } from "./bars.js";
import { el, reveal } from "./dom.js";
import { percent, say, t } from "./i18n.js";
import { Latest } from "./latest.js";
import { Panel } from "./panel.js";
import { Paper } from "./paper.js";
import { Unreadable, pictureOf } from "./picture.js";
import { Sights } from "./sights.js";

const EXPLANATION_GAP_MILLISECONDS = 200; // an explanation costs the server ten predictions
const IMPORTS = ["from base64 import b64decode", ""];

export class DigitPanel {
  #file = null; // of a chosen picture: base64; a drawing is made into one when it is sent
  #class = null; // whose reasons are shown; null: the predicted one's
  #files = 0; // how many were chosen: of two that are read at once the later one counts

  constructor(section, model) {
    this.panel = new Panel(section, model, { calls: ["predict", "explain"], changed: () => this.ask() });
    this.paper = new Paper({
      helpId: `${section.id}-help`,
      changed: () => this.#drawn(),
      said: (key) => this.panel.announcement.now(t(key)),
    });
    this.sights = new Sights();
    this.bars = new Bars({ picked: (label) => this.#pick(label) });
    this.#build(section);
    this.predictions = new Latest({
      run: (_, signal) => this.panel.predict(this.#input(), signal),
      show: (answer) => this.#read(answer),
      fail: (error) => this.panel.failed(error, () => this.#blank()),
      busy: (is) => this.panel.progress.set(is),
    });
    this.explanations = new Latest({
      run: (_, signal) => this.panel.explain(this.#input(), this.#class, signal),
      show: ({ content }) => this.#sight(content),
      fail: (error) => error.status === 429 || this.#unexplain(), // the prediction's own error says why
      delay: EXPLANATION_GAP_MILLISECONDS,
    });
    this.paper.repaint();
  }

  /** Asks again for what is there, such as after the server came back. */
  ask() {
    if (!this.paper.isEmpty) this.predictions.push(true);
  }

  /** Paints again, after a change of theme. */
  repaint() {
    this.paper.repaint();
    this.sights.repaint();
  }

  /** A picture from the clipboard. */
  paste(event) {
    const file = [...(event.clipboardData?.files ?? [])][0];
    if (!file) return;
    event.preventDefault();
    this.#lay(file);
  }

  #input() {
    const image = this.#file ?? this.paper.png();
    return { body: { image }, python: () => `b64decode("${image}")`, imports: IMPORTS };
  }

  #read({ content, timing }) {
    const { digit, score, probabilities } = content;
    this.panel.notice.clear();
    this.panel.time(timing);
    this.verdict.textContent = digit;
    this.score.textContent = percent(score);
    this.bars.show(Object.fromEntries(probabilities.map((share, place) => [`${place}`, share])));
    this.reading.classList.remove("blank");
    this.panel.announcement.settle(t("digit.said", { digit: String(digit), score: percent(score) }));
    this.explanations.push(true);
  }

  #sight(content) {
    this.sights.show(content);
    this.bars.mark(this.sights.explained);
  }

  #unexplain() {
    this.sights.blank();
    this.bars.mark(null);
  }

  #pick(label) {
    if (this.paper.isEmpty) return;
    this.#class = this.#class === label ? null : label;
    this.explanations.push(true);
  }

  #drawn() {
    this.#files += 1;
    this.#file = null;
    this.#class = null;
    reveal(this.note, false);
    if (this.paper.isEmpty) this.#empty();
    else this.predictions.push(true);
  }

  #empty() {
    this.predictions.cancel();
    this.panel.notice.clear();
    this.panel.time(null);
    this.panel.announcement.now(t("digit.cleared"));
    this.#blank();
  }

  /** Nothing that is read, so nothing of what was read before. */
  #blank() {
    this.explanations.cancel();
    this.verdict.textContent = "?";
    this.score.textContent = "";
    this.bars.show(blank());
    this.reading.classList.add("blank");
    this.#unexplain();
  }

  async #lay(file) {
    this.#files += 1;
    const turn = this.#files;
    try {
      const { base64, picture, note } = await pictureOf(file);
      if (turn !== this.#files) return;
      this.#file = base64;
      this.#class = null;
      this.paper.lay(picture);
      reveal(this.note, note !== null);
      if (note) say(this.note, note.key, note.values);
      this.predictions.push(true);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.panel.notice.tell(error.key, error.values);
    }
  }

  #build(section) {
    this.verdict = el("strong", { class: "digit" }, "?");
    this.score = el("span", { class: "score" });
    this.reading = el("div", { class: "reading blank" }, el("p", { class: "verdict" }, this.verdict, this.score), this.bars.element);
    this.bars.show(blank());
    this.note = el("p", { class: "muted small", hidden: true });
    this.panel.body.classList.add("digit-body");
    this.panel.body.append(this.#sheet(section), this.reading, this.sights.element);
  }

  #sheet(section) {
    const choose = el("input", { type: "file", accept: "image/*", class: "unseen" });
    choose.addEventListener("change", () => {
      if (choose.files[0]) this.#lay(choose.files[0]);
      choose.value = "";
    });
    const tools = el("div", { class: "tools" },
      say(el("button", { class: "button", type: "button", onclick: () => this.paper.undo() }), "digit.undo"),
      say(el("button", { class: "button", type: "button", onclick: () => this.paper.clear() }), "digit.clear"),
      el("label", { class: "button" }, say(el("span", {}), "digit.choose"), choose));
    const help = say(el("p", { class: "muted small", id: `${section.id}-help` }), "digit.help");
    const side = el("div", { class: "drawing" }, this.paper.element, tools, help, this.note);
    side.addEventListener("dragover", (event) => event.preventDefault());
    side.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files[0]) this.#lay(event.dataTransfer.files[0]);
    });
    return side;
  }
}

function blank() {
  return Object.fromEntries(Array.from({ length: 10 }, (_, digit) => [String(digit), 0]));
}
