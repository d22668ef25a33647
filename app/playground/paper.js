/** The sheet to draw on: with a mouse, a finger, a pen, or the keyboard. */

import { colour } from "./pixels.js";
import { el } from "./dom.js";
import { say } from "./i18n.js";
import { Strokes } from "./strokes.js";

const STEP = 1 / 28; // one pixel of what the model sees
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Paper {
  #strokes = new Strokes();
  #picture = null;
  #pen = { x: 0.3, y: 0.25, isDown: false };
  #byKeyboard = false;
  #due = false;

  /** `changed()` is called after every stroke of the pen, `said(key)` when the keyboard's pen goes up or down. */
  constructor({ changed, said, helpId }) {
    Object.assign(this, { changed, said });
    this.canvas = say(
      el("canvas", { class: "paper", width: 560, height: 560, tabIndex: 0, role: "application", "aria-describedby": helpId }),
      "digit.paper", {}, "aria-label",
    );
    this.hint = say(el("p", { class: "hint", "aria-hidden": "true" }), "digit.hint");
    this.element = el("div", { class: "sheet" }, this.canvas, this.hint);
    this.#listen();
  }

  get isEmpty() {
    return this.#strokes.isEmpty && this.#picture === null;
  }

  /** What is drawn, as a PNG in base64. */
  png() {
    return this.#strokes.png();
  }

  undo() {
    this.#picture = null;
    this.#strokes.undo();
    this.#pen.isDown = false;
    this.#changed();
  }

  clear() {
    this.#picture = null;
    this.#strokes.clear();
    this.#pen.isDown = false;
    this.#changed();
  }

  /** Shows a picture in place of a drawing. */
  lay(picture) {
    this.#strokes.clear();
    this.#picture = picture;
    this.repaint();
  }

  /** Paints again, in the colours of the present theme. */
  repaint() {
    const { canvas } = this;
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (this.#picture) contain(context, this.#picture, canvas.width);
    this.#strokes.paint(context, canvas.width, colour("--pen"));
    if (this.#byKeyboard) this.#cross(context);
    this.hint.hidden = !this.isEmpty;
  }

  #changed() {
    this.repaint();
    this.changed();
  }

  #listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.#byKeyboard = false;
      this.#picture = null;
      this.#strokes.begin(...this.#place(event));
      this.#drawn();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      const passed = event.getCoalescedEvents?.() ?? [];
      for (const one of passed.length ? passed : [event]) this.#strokes.extend(...this.#place(one));
      this.#drawn();
    });
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("blur", () => {
      this.#byKeyboard = false;
      this.#pen.isDown = false;
      this.repaint();
    });
  }

  /** Several moves of one frame are one change. */
  #drawn() {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      this.#changed();
    });
  }

  #place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  #key(event) {
    const arrow = ARROWS[event.key];
    if (arrow) this.#move(arrow, event.shiftKey ? 4 * STEP : STEP);
    else if (event.key === " ") this.#toggle();
    else if (event.key === "Escape" && this.#pen.isDown) this.#toggle();
    else if (event.key === "Delete") this.clear();
    else if (event.key === "Backspace" || (event.key === "z" && (event.ctrlKey || event.metaKey))) this.undo();
    else return;
    event.preventDefault();
  }

  #move([right, down], step) {
    const inside = (value) => Math.min(0.96, Math.max(0.04, value));
    this.#byKeyboard = true;
    this.#pen.x = inside(this.#pen.x + right * step);
    this.#pen.y = inside(this.#pen.y + down * step);
    if (!this.#pen.isDown) return this.repaint();
    this.#strokes.extend(this.#pen.x, this.#pen.y);
    this.#drawn();
  }

  #toggle() {
    this.#byKeyboard = true;
    this.#pen.isDown = !this.#pen.isDown;
    this.said(this.#pen.isDown ? "digit.penDown" : "digit.penUp");
    if (!this.#pen.isDown) return this.repaint();
    this.#picture = null;
    this.#strokes.begin(this.#pen.x, this.#pen.y);
    this.#drawn();
  }

  #cross(context) {
    const size = this.canvas.width;
    const [x, y] = [this.#pen.x * size, this.#pen.y * size];
    Object.assign(context, { lineWidth: 4, strokeStyle: colour("--accent"), fillStyle: colour("--accent") });
    context.beginPath();
    context.arc(x, y, 18, 0, 2 * Math.PI);
    if (this.#pen.isDown) context.fill();
    else context.stroke();
  }
}

function contain(context, picture, size) {
  const scale = size / Math.max(picture.width, picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  context.drawImage(picture, (size - width) / 2, (size - height) / 2, width, height);
}
