/** A file that somebody chose, dropped or pasted, as what the server reads: a small picture in base64. */

const READ_BY_SERVER = ["image/png", "image/jpeg", "image/webp", "image/bmp"];
const MOST_BYTES = 64 * 1024;
const SIDES = [512, 384, 256, 128];

/** A file that is no picture, or one that this browser cannot read; `key` and `values` are the page's words for it. */
export class Unreadable extends Error {
  constructor(key, values) {
    super(key);
    Object.assign(this, { key, values });
  }
}

/**
 * `{base64, picture, note}`: `picture` can be drawn on a canvas, and `note` is `{key, values}` where something else is
 * sent than the file: a large picture is scaled down, a drawing such as SVG turned into pixels. Throws `Unreadable`.
 */
export async function pictureOf(file) {
  if (!file.type.startsWith("image/")) throw new Unreadable("picture.other", { type: file.type || file.name });
  const image = await decoded(file);
  const isDrawing = file.type === "image/svg+xml";
  if (READ_BY_SERVER.includes(file.type) && file.size <= MOST_BYTES) {
    return { base64: await base64Of(file), picture: image, note: null };
  }
  const sent = smaller(image, isDrawing);
  const values = { type: file.type, from: size(image), megapixels: (image.naturalWidth * image.naturalHeight) / 1e6, to: size(sent.picture) };
  if (isDrawing) return { ...sent, note: { key: "picture.drawing", values } };
  const isScaled = sent.picture.width < image.naturalWidth;
  return { ...sent, note: { key: isScaled ? "picture.scaled" : "picture.turned", values } };
}

async function decoded(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
  } catch {
    throw new Unreadable("picture.unreadable", { type: file.type });
  } finally {
    URL.revokeObjectURL(image.src);
  }
  return image;
}

function smaller(image, isDrawing) {
  const [width, height] = [image.naturalWidth || SIDES[0], image.naturalHeight || SIDES[0]];
  for (const side of SIDES) {
    const scale = isDrawing ? side / Math.max(width, height) : Math.min(1, side / Math.max(width, height));
    const picture = onWhite(image, Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
    const base64 = picture.toDataURL("image/png").split(",")[1];
    if (base64.length * 0.75 <= MOST_BYTES || side === SIDES.at(-1)) return { base64, picture };
  }
}

/** Paper under a transparent picture: ink on nothing is ink on white. */
function onWhite(image, width, height) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.filter = "grayscale(1)"; // the server reads grey: a third of the bytes
  context.drawImage(image, 0, 0, width, height);
  return canvas;
}

async function base64Of(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function size({ naturalWidth, naturalHeight, width, height }) {
  return `${naturalWidth ?? width} × ${naturalHeight ?? height}`;
}
