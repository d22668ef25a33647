/** The page's words in English and Chinese; the language is that of `<html lang>`. */

import { remember } from "./dom.js";
import en from "./en.js";
import zh from "./zh.js";

const WORDS = { en: { ...en }, zh: { ...zh } };
const ATTRIBUTES = ["aria-label", "title", "placeholder"];
const values = new WeakMap();
const listeners = new Set();

/** "en" or "zh". */
export function language() {
  return document.documentElement.lang === "zh" ? "zh" : "en";
}

/** Adds another module's words: `{en: {key: text}, zh: {key: text}}`. */
export function add(words) {
  Object.assign(WORDS.en, words.en);
  Object.assign(WORDS.zh, words.zh);
}

/** A text now: `{name}` becomes `given.name`, written as the language does, `{name|row|rows}` the word for so many. */
export function t(key, given = {}) {
  const text = WORDS[language()][key] ?? WORDS.en[key] ?? key;
  const counted = text.replace(/\{(\w+)\|([^|]*)\|([^}]*)\}/g, (_, name, one, more) => (given[name] === 1 ? one : more));
  return counted.replace(/\{(\w+)\}/g, (whole, name) => written(given[name] ?? whole));
}

/** Whether there is a text of this key. */
export function has(key) {
  return key in WORDS[language()];
}

/** Writes a text into an element, or an attribute of it, and keeps it right when the language changes. */
export function say(element, key, given = {}, attribute = null) {
  const name = attribute ? `data-t-${attribute}` : "data-t";
  element.setAttribute(name, key);
  values.set(element, { ...values.get(element), [name]: given });
  write(element, name, attribute);
  return element;
}

/** Writes a text that is no word of the page (what a server or a user said) in place of one. */
export function quote(element, text) {
  element.removeAttribute("data-t");
  element.textContent = text;
  return element;
}

/** Calls back after every change of language. */
export function onLanguage(callback) {
  listeners.add(callback);
}

/** Changes the language, remembers it, and rewrites the page. */
export function speak(tag) {
  document.documentElement.lang = tag;
  remember("language", tag);
  translate();
  for (const callback of listeners) callback(tag);
}

/** Writes every text that the document marks with `data-t` and `data-t-…`. */
export function translate() {
  for (const element of document.querySelectorAll("[data-t]")) write(element, "data-t", null);
  for (const attribute of ATTRIBUTES) {
    const name = `data-t-${attribute}`;
    for (const element of document.querySelectorAll(`[${name}]`)) write(element, name, attribute);
  }
}

/** A share of 1 as a percentage, as the language writes it: 0.9871 as "98.7%". */
export function percent(share) {
  return new Intl.NumberFormat(language(), { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(share);
}

/** A number with so many digits after the point, and its sign where asked. */
export function number(value, digits = 0, signed = false) {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: signed ? "exceptZero" : "auto" };
  return new Intl.NumberFormat(language(), options).format(value);
}

function write(element, name, attribute) {
  const text = t(element.getAttribute(name), values.get(element)?.[name]);
  if (attribute) element.setAttribute(attribute, text);
  else if (element.textContent !== text) element.textContent = text;
}

function written(value) {
  return typeof value === "number" ? number(value, Number.isInteger(value) ? 0 : 1) : String(value);
}
