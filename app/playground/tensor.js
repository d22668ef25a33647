/** A panel for any other model: a field for each tensor of its signature, and the answer as a table. */

import { get } from "./api.js";
import { Bars } from "./bars.js";
import { el, reveal } from "./dom.js";
import { percent, quote, say, t } from "./i18n.js";
import { Latest } from "./latest.js";
import { Panel } from "./panel.js";
import { literal } from "./snippet.js";

const ROWS_SHOWN = 50;
const CELL_CHARACTERS = 400;

export class TensorPanel {
  #fields = new Map();

  constructor(section, model) {
    this.panel = new Panel(section, model, { calls: ["predict"], changed: () => this.#load() });
    this.form = el("form", { class: "tensors" });
    this.bars = new Bars({ picked: () => {} });
    this.answer = el("div", { class: "answer", hidden: true });
    this.panel.body.append(this.form, this.answer);
    this.predictions = new Latest({
      run: (inputs, signal) => this.panel.predict({ body: { inputs }, python: () => literal(inputs) }, signal),
      show: (answer) => this.#show(answer),
      fail: (error) => this.panel.failed(error, () => reveal(this.answer, false)),
      busy: (is) => this.panel.progress.set(is),
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#submit();
    });
    this.#load();
  }

  /** Asks again for the last inputs, or for the model's signature where that did not come. */
  ask() {
    if (this.#fields.size === 0) this.#load();
    else this.predictions.again();
  }

  async #load() {
    const { name, default: newest } = this.panel.model;
    const version = this.panel.version.value || newest;
    try {
      const [about, api] = await Promise.all([
        get(`/models/${name}/versions/${version}`),
        get(`/models/${name}/versions/${version}/openapi.json`),
      ]);
      this.#build(about.signature, exampleIn(api));
    } catch (error) {
      this.panel.notice.problem(error);
    }
  }

  #build({ inputs }, example) {
    this.#fields = new Map(inputs.map((spec, place) => [spec.name, field(`${this.panel.model.name}-${place}`, spec, example[spec.name])]));
    const button = say(el("button", { class: "button strong", type: "submit" }), "tensor.predict");
    this.form.replaceChildren(...[...this.#fields.values()].map(({ element }) => element), el("p", { class: "row" }, button, say(el("span", { class: "muted small" }), "tensor.help")));
  }

  #submit() {
    const inputs = {};
    for (const [name, { area }] of this.#fields) {
      try {
        inputs[name] = JSON.parse(area.value);
        area.removeAttribute("aria-invalid");
      } catch (error) {
        area.setAttribute("aria-invalid", "true");
        area.focus();
        return this.panel.notice.tell("tensor.notJson", { name, error: error.message });
      }
    }
    return this.predictions.push(inputs);
  }

  #show({ content: { predictions }, timing }) {
    this.panel.notice.clear();
    this.panel.time(timing);
    const shares = predictions.length === 1 && predictions[0].probabilities;
    if (shares) this.bars.show(shares);
    const names = Object.keys(predictions[0].outputs);
    const isLabelled = "label" in predictions[0];
    const heads = ["tensor.row", ...(isLabelled ? ["tensor.label", "tensor.score"] : [])].map((key) => say(el("th", { scope: "col" }), key));
    const rows = predictions.slice(0, ROWS_SHOWN).map((row, place) => el("tr", {},
      el("th", { scope: "row" }, String(place)),
      ...(isLabelled ? [el("td", {}, row.label), el("td", { class: "figure" }, percent(row.score))] : []),
      ...names.map((name) => el("td", { class: "mono" }, cell(row.outputs[name])))));
    const head = el("tr", {}, ...heads, ...names.map((name) => el("th", { scope: "col" }, name)));
    const table = say(el("div", { class: "table", tabIndex: 0, role: "region" }, el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows))), "tensor.answer", {}, "aria-label");
    const more = predictions.length > ROWS_SHOWN && say(el("p", { class: "muted small" }), "tensor.more", { rows: predictions.length - ROWS_SHOWN });
    this.answer.replaceChildren(...[say(el("h3", {}), "tensor.answer"), shares && this.bars.element, table, more].filter(Boolean));
    reveal(this.answer, true);
    this.panel.announcement.settle(t("tensor.said", { rows: predictions.length }));
  }
}

/** The example of `/predict` that the model's own OpenAPI document gives. */
function exampleIn(api) {
  const [path] = Object.keys(api.paths).filter((one) => one.startsWith("/predict/"));
  const { examples } = api.paths[path].post.requestBody.content["application/json"];
  return Object.values(examples)[0].value.inputs;
}

function field(id, { name, dtype, shape }, example) {
  const text = JSON.stringify(example).replaceAll("],[", "],\n[");
  const rows = Math.min(10, Math.max(2, text.split("\n").length));
  const area = el("textarea", { id, rows, spellcheck: false, className: "mono", value: text });
  const size = shape.map((one) => one ?? "·").join(" × ");
  const label = el("label", { class: "field-name", htmlFor: id }, el("span", {}, name), quote(el("span", { class: "muted small mono" }), `${dtype} [${size}]`));
  return { area, element: el("div", { class: "field" }, label, area) };
}

function cell(value) {
  const text = JSON.stringify(value, (_, one) => (typeof one === "number" ? Number(one.toPrecision(6)) : one));
  return text.length > CELL_CHARACTERS ? `${text.slice(0, CELL_CHARACTERS)} …` : text;
}
