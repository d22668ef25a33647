/** Pictures of 28×28 numbers: what the model saw, and what mattered in it. */

import { el } from "./dom.js";
import { say } from "./i18n.js";

const SIDE = 28;

/** The present value of a colour of the style sheet, such as "--pen". */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name);
}

/** A canvas of 28×28 that style sheets enlarge; `key` is the page's words for it. */
export function grid(key) {
  return say(el("canvas", { class: "grid", width: SIDE, height: SIDE, role: "img" }), key, {}, "aria-label");
}

/** Ink on paper, both of the present theme. `rows` has 0 for paper, 1 for ink. */
export function paintPicture(canvas, rows) {
  const [paper, ink] = [channels("--paper"), channels("--pen")];
  paint(canvas, (y, x) => mix(paper, ink, rows[y][x]));
}

/** Contributions over a faint picture: one colour for what spoke for the class, another for what spoke against it. */
export function paintHeat(canvas, picture, contributions) {
  const [paper, ink] = [channels("--paper"), channels("--pen")];
  const [supporting, opposing] = [channels("--heat-for"), channels("--heat-against")];
  const most = Math.max(1e-9, ...contributions.flat().map(Math.abs));
  paint(canvas, (y, x) => {
    const share = contributions[y][x] / most;
    const ground = mix(paper, ink, 0.22 * picture[y][x]);
    return mix(ground, share > 0 ? supporting : opposing, Math.abs(share) ** 0.7);
  });
}

/** The ninth of the picture whose contributions sum to most, and to least: [row, column] of each, 0 to 2. */
export function extremes(contributions) {
  const sums = [];
  for (let ninth = 0; ninth < 9; ninth += 1) sums.push(0);
  contributions.forEach((row, y) => row.forEach((value, x) => {
    sums[3 * Math.floor((y * 3) / SIDE) + Math.floor((x * 3) / SIDE)] += value;
  }));
  const [most, least] = [Math.max(...sums), Math.min(...sums)];
  return { most: most > 0 ? sums.indexOf(most) : null, least: least < 0 ? sums.indexOf(least) : null };
}

function paint(canvas, colourAt) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(SIDE, SIDE);
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) image.data.set([...colourAt(y, x), 255], 4 * (y * SIDE + x));
  }
  context.putImageData(image, 0, 0);
}

function mix(from, to, share) {
  return from.map((value, channel) => value + (to[channel] - value) * share);
}

function channels(name) {
  return colour(name).match(/[\d.]+/g).slice(0, 3).map(Number);
}
