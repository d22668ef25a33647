/** One request at a time, always for the newest input: what was overtaken is never shown. */

import { Problem } from "./api.js";

export class Latest {
  #input = null;
  #turn = 0;
  #first = 0; // answers of earlier turns are of no use to anybody
  #waits = false;
  #timer = null;
  #notBefore = 0; // the server said when to come back
  #running = null;

  /**
   * `run(input, signal)` asks, `show(answer, input)` and `fail(error)` tell, `busy(boolean)` says whether it is asking.
   * `delay` milliseconds pass before a request; `typed` starts them anew with each input and drops a running request,
   * where otherwise the request ends and is shown, for someone still drawing wants to see something.
   */
  constructor({ run, show, fail, busy = () => {}, delay = 0, typed = false }) {
    Object.assign(this, { run, show, fail, busy, delay, typed });
  }

  /** Takes the place of any input before. */
  push(input) {
    this.#input = input;
    this.#turn += 1;
    this.#waits = true;
    if (this.typed) this.#drop();
    if (this.typed || this.#timer === null) this.#after(this.delay);
  }

  /** Asks for the last input once more, if there is one. */
  again() {
    if (this.#input !== null) this.push(this.#input);
  }

  /** Forgets the input; nothing of it is shown any more. */
  cancel() {
    this.#input = null;
    this.#waits = false;
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#drop();
  }

  #drop() {
    this.#first = this.#turn;
    this.#running?.abort();
  }

  #after(milliseconds) {
    clearTimeout(this.#timer);
    const wait = Math.max(milliseconds, this.#notBefore - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#go();
    }, wait);
  }

  async #go() {
    if (this.#running || !this.#waits) return;
    this.#waits = false;
    const turn = this.#turn;
    const input = this.#input;
    this.#running = new AbortController();
    this.busy(true);
    try {
      const answer = await this.run(input, this.#running.signal);
      if (turn >= this.#first) this.show(answer, input);
    } catch (error) {
      if (turn >= this.#first && turn === this.#turn) this.#failed(error);
    } finally {
      this.#running = null;
      this.busy(false);
      if (this.#timer === null) this.#go();
    }
  }

  #failed(error) {
    this.fail(error);
    if (!(error instanceof Problem) || error.status !== 429) return;
    this.#waits = true;
    this.#notBefore = performance.now() + (error.retryAfterSeconds ?? 1) * 1000;
    this.#after(0);
  }
}
