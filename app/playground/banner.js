/** Tells that the server does not answer or is not ready, tries again by itself, and says when it is back. */

import { BASE, connection } from "./api.js";
import { el, reveal } from "./dom.js";
import { say } from "./i18n.js";

const FIRST_SECONDS = 1;
const MOST_SECONDS = 15;

export class Banner {
  #seconds = FIRST_SECONDS;
  #timer = null;
  #isDown = false;

  /** `recovered()` is called once the server is ready again. */
  constructor(element, recovered) {
    Object.assign(this, { element, recovered });
    this.text = el("span", {});
    this.button = say(el("button", { class: "button", type: "button", onclick: () => this.#try() }), "banner.now");
    element.append(this.text, this.button);
    connection.addEventListener("lost", () => this.#down("banner.lost", null));
    connection.addEventListener("waiting", ({ detail }) => this.#down("banner.waiting", detail));
  }

  #down(key, seconds) {
    if (this.#isDown) return;
    this.#isDown = true;
    this.#seconds = seconds ?? FIRST_SECONDS;
    this.#wait(key);
  }

  #wait(key) {
    let left = Math.ceil(this.#seconds);
    const tell = () => say(this.text, key, { seconds: left });
    tell();
    reveal(this.element, true);
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      left -= 1;
      if (left > 0) tell();
      else this.#try();
    }, 1000);
    this.#seconds = Math.min(MOST_SECONDS, 2 * this.#seconds);
  }

  /** Asks the server itself, not a model: it says whether predictions are worth sending. */
  async #try() {
    clearInterval(this.#timer);
    say(this.text, "banner.trying");
    try {
      const { status } = await fetch(`${BASE}/health/ready`, { cache: "no-store", signal: AbortSignal.timeout(10_000) });
      if (status === 200) return this.#back();
      return this.#wait("banner.waiting");
    } catch {
      return this.#wait("banner.lost");
    }
  }

  #back() {
    this.#isDown = false;
    reveal(this.element, false);
    this.recovered();
  }
}
