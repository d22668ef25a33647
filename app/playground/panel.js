/** What every panel has: a head with the model's name and version, its requests, a place for errors, the call it made. */

import { LOW, post } from "./api.js";
import { el, reveal } from "./dom.js";
import { number, onLanguage, quote, say } from "./i18n.js";
import { Announcement, Notice, Progress } from "./notice.js";
import { Snippet, curlOf, literal, pythonOf } from "./snippet.js";

const METHODS = ["digit", "sentiment", "topic"]; // of the Python client, for the models that are called so

export class Panel {
  #timing = null;

  /** `model` is a row of `/models`; `changed()` is called when somebody picks another version. */
  constructor(section, model, { calls, changed }) {
    this.model = model;
    this.notice = new Notice();
    this.progress = new Progress();
    this.announcement = new Announcement();
    this.snippet = new Snippet(section.id, calls);
    this.version = versions(model);
    this.version.addEventListener("change", changed);
    this.speed = el("p", { class: "muted small speed" });
    this.body = el("div", { class: "panel-body" });
    section.append(this.#head(section.id), this.body, this.notice.element, this.announcement.element, this.snippet.element);
    onLanguage(() => this.time(this.#timing));
  }

  /** Asks `/predict`, and shows the call: an input is its `body`, and the lines of `imports` and `python()` for it. */
  async predict(input, signal) {
    const { name, task } = this.model;
    const call = name === task && METHODS.includes(task) ? `${task}(` : `predict(${literal(name)}, `;
    return this.#ask("predict", input, { call, signal });
  }

  /** The same of `/explain`: why the class `explained`, or the predicted one where that is null. */
  async explain(input, explained, signal) {
    const [call, parameters] = [`explain(${literal(this.model.name)}, `, explained === null ? {} : { class: explained }];
    const option = explained === null ? "" : `, explained=${literal(explained)}`;
    return this.#ask("explain", input, { call, option, parameters, headers: LOW, signal });
  }

  /** Tells a request's error; `blank()` takes away what was answered before, where the input itself is at fault. */
  failed(error, blank) {
    this.notice.problem(error);
    if (error.isRefusal) blank();
  }

  /** Shows what answered and how long that took; null shows nothing. */
  time(timing) {
    this.#timing = timing;
    if (timing === null) return quote(this.speed, "");
    const values = { model: timing.model ?? this.model.name, server: number(timing.server ?? 0, 1), whole: number(timing.whole, 0) };
    return say(this.speed, timing.server === null ? "panel.whole" : "panel.timing", values);
  }

  #ask(route, { body, imports, python }, { call, option = "", parameters = {}, headers = {}, signal }) {
    const version = this.version.value; // empty for the one that the server takes by itself
    const asked = new URLSearchParams(version ? { version, ...parameters } : parameters);
    const path = `/${route}/${this.model.name}${asked.size ? `?${asked}` : ""}`;
    this.snippet.made(route, {
      curl: () => curlOf(path, body, headers),
      python: () => pythonOf(`client.${call}${python()}${option}${version ? `, version=${version}` : ""})`, imports),
    });
    return post(path, body, { signal, headers });
  }

  #head(id) {
    const title = el("h2", { id: `${id}-title` }, this.model.name);
    const purpose = say(el("p", { class: "muted purpose" }), `panel.${this.model.task}`);
    const label = el("label", { class: "version" }, say(el("span", {}), "panel.version"), this.version);
    reveal(label, this.model.versions.length > 1);
    return el("header", { class: "panel-head" }, title, purpose, this.progress.element, this.speed, label);
  }
}

function versions(model) {
  const newest = [...model.versions].sort((one, other) => other - one);
  const options = newest.map((version) => {
    const labels = Object.entries(model.labels).filter(([, of]) => of === version).map(([label]) => label);
    const isDefault = version === model.default;
    const option = el("option", { value: isDefault ? "" : String(version) }, [version, ...labels].join(" · "));
    option.selected = isDefault;
    return option;
  });
  return el("select", { class: "select" }, ...options);
}
