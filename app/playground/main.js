/** Puts the page together: the served models as tabs, a panel for each, the live panel and the cards. */

import * as api from "./api.js";
import { Banner } from "./banner.js";
import { mount as mountCards } from "./cards.js";
import { DigitPanel } from "./digit.js";
import { el, remember, reveal } from "./dom.js";
import { language, onLanguage, say, speak, t, translate } from "./i18n.js";
import { mount as mountLive } from "./live.js";
import { TensorPanel } from "./tensor.js";
import { TextPanel } from "./text.js";

const KINDS = { digit: DigitPanel, sentiment: TextPanel, topic: TextPanel };
const ORDER = ["digit", "sentiment", "topic"];
const THEMES = ["auto", "light", "dark"];

const place = (id) => document.getElementById(id);
const dark = matchMedia("(prefers-color-scheme: dark)");
const panels = new Map();
let models = [];
let shown = ""; // the model whose panel is open

/** The panel of the model that the address names; else the one that is open, or the first. */
function open() {
  const asked = decodeURIComponent(/^#model\/(.+)$/.exec(location.hash)?.[1] ?? shown);
  const model = models.find(({ name }) => name === asked) ?? models[0];
  if (!model) return;
  shown = model.name;
  if (!panels.has(model.name)) panels.set(model.name, build(model));
  for (const [name, { section }] of panels) reveal(section, name === model.name);
  for (const link of place("models").children) {
    if (link.dataset.model === model.name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function build(model) {
  const id = `panel-${panels.size}`;
  const section = el("section", { class: "card panel", id, "aria-labelledby": `${id}-title` });
  place("panels").append(section);
  return { section, panel: new (KINDS[model.task] ?? TensorPanel)(section, model) };
}

/** Asks what is served; a model that was there before keeps its panel and what stands in it. */
async function load() {
  try {
    const [{ models: served }, { status }] = await Promise.all([api.get("/models"), api.get("/health")]);
    const isReady = status === "ready" || status === "degraded";
    if (isReady || models.length === 0) list(served);
    if (!isReady) api.connection.dispatchEvent(new CustomEvent("waiting", { detail: 1 }));
    say(place("state"), `state.${status}`, { models: served.length });
    place("state").dataset.status = status;
    reveal(place("none"), isReady && served.length === 0);
  } catch (error) {
    if (error instanceof api.Problem) say(place("state"), "state.unknown");
    else if (!(error instanceof api.Unreachable)) throw error;
  }
}

/** A tab for each model: our own tasks first. */
function list(served) {
  const rank = ({ task }) => (ORDER.includes(task) ? ORDER.indexOf(task) : ORDER.length);
  models = served.sort((one, other) => rank(one) - rank(other));
  place("models").replaceChildren(...models.map(({ name }) => el("a", { href: `#model/${encodeURIComponent(name)}`, "data-model": name }, name)));
  open();
}

async function recovered() {
  await load();
  for (const { panel } of panels.values()) panel.ask();
}

function repaint() {
  for (const { panel } of panels.values()) panel.repaint?.();
  document.dispatchEvent(new Event("themed"));
}

function switches() {
  const [theme, other] = [place("theme"), place("language")];
  const root = document.documentElement;
  const tell = () => {
    say(theme, `theme.${root.dataset.theme ?? "auto"}`);
    say(theme, "theme.title", {}, "title");
    other.textContent = t("language.other");
    other.lang = language() === "zh" ? "en" : "zh";
    document.title = t("page.title");
  };
  theme.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? "auto") + 1) % THEMES.length];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    remember("theme", next);
    tell();
    repaint();
  });
  other.addEventListener("click", () => speak(language() === "zh" ? "en" : "zh"));
  dark.addEventListener("change", repaint);
  onLanguage(tell);
  tell();
}

translate();
switches();
new Banner(place("banner"), recovered);
addEventListener("hashchange", open);
api.connection.addEventListener("lost", () => {
  say(place("state"), "state.gone");
  place("state").dataset.status = "gone";
});
document.addEventListener("paste", (event) => {
  for (const { section, panel } of panels.values()) if (!section.hidden) panel.paste?.(event);
});
load();
mountLive(place("live"));
mountCards(place("cards"));
