/** The stream of live figures: open while somebody looks at the page, and opened again when the server comes back. */

import { BASE } from "./api.js";

const FIRST_WAIT_MILLISECONDS = 1000;
const LONGEST_WAIT_MILLISECONDS = 15_000;

/** Tells "event" (detail: the figures), "lost" when the server cannot be reached, "paused" and "opened". */
export class Feed extends EventTarget {
  #source = null;
  #timer = 0;
  #failures = 0;

  constructor() {
    super();
    document.addEventListener("visibilitychange", () => this.follow());
    addEventListener("pagehide", () => this.#close());
    addEventListener("pageshow", () => this.follow());
  }

  /** Opens the stream where the page is visible, else closes it. */
  follow() {
    if (document.hidden) {
      this.#close();
      this.#tell("paused");
    } else if (!this.#source && !this.#timer) {
      this.#open();
      this.#tell("opened");
    }
  }

  #open() {
    this.#timer = 0;
    this.#source = new EventSource(`${BASE}/playground/live`);
    this.#source.onmessage = ({ data }) => {
      this.#failures = 0;
      this.#tell("event", JSON.parse(data));
    };
    this.#source.onerror = () => this.#again();
  }

  // A stream ends now and then by itself: only when the next one fails too is the server gone.
  #again() {
    this.#close();
    this.#failures += 1;
    if (this.#failures > 1) this.#tell("lost");
    const wait = Math.min(FIRST_WAIT_MILLISECONDS * 2 ** (this.#failures - 1), LONGEST_WAIT_MILLISECONDS);
    this.#timer = setTimeout(() => this.#open(), wait);
  }

  #close() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#source?.close();
    this.#source = null;
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
