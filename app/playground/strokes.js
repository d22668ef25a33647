/** A drawing: strokes of points in parts of the square's side, so that it is sharp at any size. */

const PEN = 0.078; // of the side: what MNIST's own pens come to before they are scaled
const HAIR = 0.01; // pixels: a line of no length at all would not be drawn
const SENT_PIXELS = 140; // five for each that the model sees; about 1 kB

export class Strokes {
  #strokes = [];

  get isEmpty() {
    return this.#strokes.length === 0;
  }

  /** Puts the pen down at (x, y). */
  begin(x, y) {
    this.#strokes.push([[x, y]]);
  }

  /** Draws a line from where the pen was. */
  extend(x, y) {
    this.#strokes.at(-1).push([x, y]);
  }

  /** Takes the last stroke away. */
  undo() {
    this.#strokes.pop();
  }

  clear() {
    this.#strokes = [];
  }

  /** Draws everything onto a square of so many pixels. */
  paint(context, size, ink) {
    Object.assign(context, { lineWidth: PEN * size, lineCap: "round", lineJoin: "round", strokeStyle: ink });
    for (const points of this.#strokes) {
      context.beginPath();
      context.moveTo(points[0][0] * size + HAIR, points[0][1] * size);
      for (const [x, y] of points) context.lineTo(x * size, y * size);
      context.stroke();
    }
  }

  /** The drawing as a PNG in base64, black on white. */
  png() {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SENT_PIXELS;
    const context = canvas.getContext("2d", { willReadFrequently: true }); // it is painted to be read, never to be shown
    context.fillStyle = "#fff";
    context.fillRect(0, 0, SENT_PIXELS, SENT_PIXELS);
    this.paint(context, SENT_PIXELS, "#000");
    return canvas.toDataURL("image/png").split(",")[1];
  }
}
