/** The Markdown of a model card as elements: headings, lists, tables, code, emphasis, links, its own pictures.
 *
 * A card may come from anybody: all that it says becomes text, a link goes to the web or nowhere, and a picture is one of
 * the version's own files.
 */

import { el } from "./dom.js";

const INLINE = /`([^`]+)`|\*\*(.+?)\*\*|\*(.+?)\*|!\[([^\]]*)\]\(([^)\s]*)\)|\[([^\]]*)\]\(([^)\s]*)\)/;
const LIST = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/;
const HEADING_OFFSET = 3; // the page has its own headings above those of a card

/** The elements of a text; `picture(file)` gives the address of one of the version's files. */
export function rendered(text, picture) {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const blocks = [];
  while (lines.length) {
    if (!lines[0].trim()) lines.shift();
    else blocks.push(block(lines, picture));
  }
  return blocks;
}

function block(lines, picture) {
  if (lines[0].startsWith("```")) return code(lines);
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(lines[0]);
  if (heading) {
    lines.shift();
    return el(`h${Math.min(heading[1].length + HEADING_OFFSET, 6)}`, {}, ...inline(heading[2], picture));
  }
  if (LIST.test(lines[0])) return list(lines, picture);
  if (lines[0].startsWith("|") && /^\|?[\s:|-]+\|[\s:|-]*$/.test(lines[1] ?? "")) return table(lines, picture);
  return paragraph(lines, picture);
}

function code(lines) {
  lines.shift();
  const end = lines.findIndex((line) => line.startsWith("```"));
  const inside = lines.splice(0, end < 0 ? lines.length : end);
  lines.shift();
  return el("pre", { tabIndex: 0 }, el("code", {}, inside.join("\n")));
}

function list(lines, picture) {
  const element = el(LIST.exec(lines[0])[1] ? "ol" : "ul");
  while (lines.length && lines[0].trim()) {
    const item = LIST.exec(lines[0]);
    if (!item && !/^\s/.test(lines[0])) break;
    if (item) element.append(el("li", {}, ...inline(item[2], picture)));
    else element.lastChild.append(" ", ...inline(lines[0].trim(), picture));
    lines.shift();
  }
  return element;
}

function table(lines, picture) {
  const rows = lines.splice(0, length(lines, (line) => line.startsWith("|"))).map(cells);
  const row = (name, texts) => el("tr", {}, ...texts.map((text) => el(name, {}, ...inline(text, picture))));
  const [head, , ...body] = rows;
  const whole = el("table", {}, el("thead", {}, row("th", head)), el("tbody", {}, ...body.map((texts) => row("td", texts))));
  return el("div", { class: "table", tabIndex: 0, role: "group", "aria-label": head.filter(Boolean).join(", ") }, whole);
}

function cells(line) {
  return line.replace(/^\||\|\s*$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function paragraph(lines, picture) {
  const ends = (line) => !line.trim() || /^(#{1,6}\s|```|\|)/.test(line) || LIST.test(line);
  const text = lines.splice(0, 1 + length(lines.slice(1), (line) => !ends(line))).join(" ");
  const parts = inline(text, picture);
  return parts.length === 1 && parts[0].tagName === "FIGURE" ? parts[0] : el("p", {}, ...parts);
}

function length(lines, holds) {
  const end = lines.findIndex((line) => !holds(line));
  return end < 0 ? lines.length : end;
}

function inline(text, picture) {
  const parts = [];
  for (let rest = text; rest; ) {
    const found = INLINE.exec(rest);
    if (!found) return [...parts, rest];
    if (found.index) parts.push(rest.slice(0, found.index));
    parts.push(marked(found, picture));
    rest = rest.slice(found.index + found[0].length);
  }
  return parts;
}

function marked([whole, mono, strong, emphasis, words, file, label, address], picture) {
  if (mono) return el("code", {}, mono);
  if (strong) return el("strong", {}, ...inline(strong, picture));
  if (emphasis) return el("em", {}, ...inline(emphasis, picture));
  if (file) return /^[\w.-]+\.svg$/.test(file) ? figure(words, picture(file)) : words;
  if (label && /^https?:\/\//i.test(address ?? "")) return el("a", { href: address, rel: "noreferrer" }, label);
  return label ?? words ?? whole;
}

function figure(words, source) {
  return el("figure", {}, el("img", { src: source, alt: words }), el("figcaption", { "aria-hidden": "true" }, words));
}
