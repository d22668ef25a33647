/** What went wrong, and whether something is still under way, in words. */

import { Problem, Unreachable } from "./api.js";
import { el, reveal } from "./dom.js";
import { number, quote, say, t } from "./i18n.js";

const SLOW_MILLISECONDS = 700;

/** A place for one message at a time; it tells screen readers at once. */
export class Notice {
  constructor() {
    this.text = el("p", {});
    this.more = el("p", { class: "muted small" });
    this.element = el("div", { class: "notice", role: "alert", hidden: true }, this.text, this.more);
  }

  /** An error of a request: what the server says, and its request's name. The banner tells that no answer came. */
  problem(error) {
    if (error instanceof Unreachable) return this.clear();
    if (!(error instanceof Problem)) throw error;
    const isBusy = error.status === 429;
    if (isBusy) say(this.text, "notice.busy", { seconds: error.retryAfterSeconds ?? 1 });
    else quote(this.text, error.message);
    const parts = [error.title, `${error.status} ${error.code}`, error.requestId && `${t("notice.request")} ${error.requestId}`];
    this.more.textContent = parts.filter(Boolean).join(" · ");
    this.#show("bad");
  }

  /** Something that the page itself found. */
  tell(key, values, kind = "bad") {
    say(this.text, key, values);
    this.more.textContent = "";
    this.#show(kind);
  }

  clear() {
    reveal(this.element, false);
  }

  #show(kind) {
    this.element.dataset.kind = kind;
    reveal(this.element, true);
  }
}

/** Says that a request is slow, once it is, and for how long it has been under way. */
export class Progress {
  #timer = null;

  constructor() {
    this.text = el("span", {});
    this.element = el("p", { class: "progress", role: "status", hidden: true }, this.text);
  }

  /** For `Latest`'s `busy`. */
  set(isBusy) {
    clearInterval(this.#timer);
    reveal(this.element, false);
    if (!isBusy) return;
    const started = performance.now();
    this.#timer = setInterval(() => {
      say(this.text, "progress", { seconds: number((performance.now() - started) / 1000) });
      reveal(this.element, true);
    }, SLOW_MILLISECONDS);
  }
}

/** Tells screen readers a result once it has settled, not each one on the way. */
export class Announcement {
  #timer = null;

  constructor() {
    this.element = el("p", { class: "unseen", role: "status" });
  }

  settle(text) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.element.textContent = text;
    }, 700);
  }

  /** At once. */
  now(text) {
    clearTimeout(this.#timer);
    this.element.textContent = text;
  }
}
