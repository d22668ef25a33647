/** A small curve of the last minute. */

import { svg } from "./dom.js";

const SECONDS = 60;
const GAP_SECONDS = 3; // where nothing came for so long, the curve is broken
const [WIDTH, HEIGHT] = [120, 30];

export class Sparkline {
  #points = [];
  #line = svg("path", { class: "spark-line" });
  #area = svg("path", { class: "spark-area" });

  /** `element` is for the page; what it shows stands in words beside it. `least` is the least height of the scale. */
  constructor(least = 0) {
    this.least = least;
    const box = { class: "spark", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" };
    this.element = svg("svg", box, this.#area, this.#line);
  }

  /** The next point, at a time in seconds; null where there is none. */
  add(time, value) {
    this.#points.push({ time, value });
    while (this.#points[0].time < time - SECONDS) this.#points.shift();
    this.#draw(time);
  }

  /** The least and the greatest value that are drawn; null where there is none. */
  get range() {
    const values = this.#values();
    return values.length ? [Math.min(...values), Math.max(...values)] : null;
  }

  #values() {
    return this.#points.map(({ value }) => value).filter(Number.isFinite);
  }

  #draw(now) {
    const top = Math.max(this.least, ...this.#values()) || 1;
    const runs = [];
    let before = -Infinity;
    for (const { time, value } of this.#points) {
      if (!Number.isFinite(value)) continue;
      if (time - before > GAP_SECONDS) runs.push([]);
      before = time;
      const x = WIDTH * (1 - (now - time) / SECONDS);
      runs.at(-1).push([x.toFixed(1), (HEIGHT - 1.5 - (value / top) * (HEIGHT - 4)).toFixed(1)]);
    }
    const lines = runs.map((run) => `M${run.map((point) => point.join(" ")).join("L")}`);
    this.#line.setAttribute("d", lines.join(""));
    this.#area.setAttribute("d", runs.map((run, i) => `${lines[i]}L${run.at(-1)[0]} ${HEIGHT}L${run[0][0]} ${HEIGHT}Z`).join(""));
  }
}
