/** What every panel has: a head with the model's name and version, a place for errors, the call it made. */

import { el, reveal } from "./dom.js";
import { number, onLanguage, quote, say } from "./i18n.js";
import { Announcement, Notice, Progress } from "./notice.js";
import { Snippet } from "./snippet.js";

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

  /** "?version=2", or nothing for the version that the server takes by itself; `more` are further parameters. */
  query(more = {}) {
    const asked = Object.entries({ version: this.version.value, ...more }).filter(([, value]) => value);
    return asked.length ? `?${new URLSearchParams(asked)}` : "";
  }

  /** `version=2` as a Python argument, with the comma before it. */
  get option() {
    return this.version.value ? `, version=${this.version.value}` : "";
  }

  /** Shows what answered and how long that took; null shows nothing. */
  time(timing) {
    this.#timing = timing;
    if (timing === null) return quote(this.speed, "");
    const values = { model: timing.model ?? this.model.name, server: number(timing.server ?? 0, 1), whole: number(timing.whole, 0) };
    return say(this.speed, timing.server === null ? "panel.whole" : "panel.timing", values);
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
