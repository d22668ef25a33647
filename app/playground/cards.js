/** The model cards: what is served, how it runs, what was measured, and what its makers say of it. */

import * as api from "./api.js";
import { el, svg } from "./dom.js";
import { add, number, onLanguage, percent, say, t } from "./i18n.js";
import { rendered } from "./markdown.js";

add({
  en: {
    "cards.none": "No model is served.",
    "cards.version": "{name}, version {version}",
    "cards.default": "answers by default",
    "cards.headline": "{figure} {value}",
    "cards.api": "OpenAPI document",
    "cards.reads": "Takes and gives",
    "cards.tensor": "Tensor", "cards.type": "Type", "cards.shape": "Shape",
    "cards.input": "takes {name}", "cards.output": "gives {name}",
    "cards.any": "any",
    "cards.labels": "Labels",
    "cards.runs": "What runs",
    "cards.runtime": "Runtime", "cards.threads": "Threads", "cards.instances": "Instances",
    "cards.max_batch_rows": "Most rows per batch", "cards.place": "Batches run in", "cards.why": "Why not as planned",
    "cards.asPlanned": "as planned", "cards.unplanned": "nothing was measured: not calibrated", "cards.planned": "Planned",
    "cards.differing": "Left out, since they answer otherwise",
    "cards.speed": "Measured time of a batch",
    "cards.rows": "{rows} {rows|row|rows}",
    "cards.measured": "Measured on the test rows",
    "cards.testRows": "Test rows",
    "cards.shares": "Answers by label",
    "cards.card": "Model card",
    "cards.noCard": "This version has no model card.",
    "cards.loading": "Loading …",
    "cards.failed": "This could not be loaded: {detail}",
  },
  zh: {
    "cards.none": "没有正在服务的模型。",
    "cards.version": "{name}，版本 {version}",
    "cards.default": "默认作答",
    "cards.headline": "{figure} {value}",
    "cards.api": "OpenAPI 文档",
    "cards.reads": "输入与输出",
    "cards.tensor": "张量", "cards.type": "类型", "cards.shape": "形状",
    "cards.input": "输入 {name}", "cards.output": "输出 {name}",
    "cards.any": "任意",
    "cards.labels": "标签",
    "cards.runs": "实际运行方式",
    "cards.runtime": "运行时", "cards.threads": "线程", "cards.instances": "实例",
    "cards.max_batch_rows": "每批最多行数", "cards.place": "批次运行于", "cards.why": "与计划不同的原因",
    "cards.asPlanned": "与计划一致", "cards.unplanned": "未经校准测量", "cards.planned": "计划",
    "cards.differing": "因结果不同而排除",
    "cards.speed": "每批实测耗时",
    "cards.rows": "{rows} 行",
    "cards.measured": "测试集上的指标",
    "cards.testRows": "测试行数",
    "cards.shares": "各标签的回答占比",
    "cards.card": "模型卡片",
    "cards.noCard": "此版本没有模型卡片。",
    "cards.loading": "加载中……",
    "cards.failed": "无法加载：{detail}",
  },
});

const HEADLINES = ["accuracy", "f1", "roc_auc"];
const SHARE = "share_of/";
const RUNNING = ["runtime", "threads", "instances", "max_batch_rows", "place"];

/** Fills the section with a card for each version, and again when the server has come back. */
export function mount(section) {
  const list = el("div", { class: "rows-of-cards" });
  section.append(list);
  const fill = () => load(list);
  let isLost = false;
  api.connection.addEventListener("lost", () => { isLost = true; });
  api.connection.addEventListener("back", () => {
    if (isLost) fill();
    isLost = false;
  });
  onLanguage(fill);
  fill();
}

async function load(list) {
  try {
    const { models } = await api.get("/models");
    const details = await Promise.all(models.map(({ name }) => api.get(`/models/${encodeURIComponent(name)}`)));
    const opened = new Set([...list.querySelectorAll("details[open]")].map(({ id }) => id));
    const cards = details.flatMap((model) => model.details.map((version) => card(model, version)));
    list.replaceChildren(...(cards.length ? cards : [say(el("p"), "cards.none")]));
    for (const one of cards) if (opened.has(one.id)) one.open = true;
  } catch (error) {
    if (!(error instanceof api.Unreachable)) list.replaceChildren(failure(error));
  }
}

function failure(error) {
  if (!(error instanceof api.Problem || error instanceof api.Unreachable)) throw error;
  return say(el("p", { class: "muted" }), "cards.failed", { detail: error.message });
}

function card(model, version) {
  const titles = Object.entries(model.labels).filter(([, number]) => number === version.version).map(([label]) => el("span", { class: "badge" }, label));
  if (model.default === version.version) titles.push(say(el("span", { class: "badge" }), "cards.default"));
  const headline = HEADLINES.find((name) => name in version.statistics);
  const summary = el("summary", {},
    say(el("span", { class: "version-name" }), "cards.version", { name: version.name, version: String(version.version) }),
    el("span", { class: "muted small" }, version.task),
    ...titles,
    headline ? say(el("span", { class: "headline" }), "cards.headline", { figure: named(headline), value: figure(version.statistics[headline]) }) : null,
  );
  const details = el("details", { class: "version-card", id: `card-${version.name}-${version.version}` }, summary);
  details.addEventListener("toggle", () => details.append(facts(version)), { once: true });
  return details;
}

function facts(version) {
  const { statistics, plan } = version;
  const shares = Object.entries(statistics).filter(([name]) => name.startsWith(SHARE)).map(([name, share]) => [name.slice(SHARE.length), share]);
  const figures = Object.entries(statistics).filter(([name, value]) => !name.startsWith(SHARE) && name !== "rows" && value >= 0 && value <= 1);
  const others = Object.entries(statistics).filter(([name, value]) => !name.startsWith(SHARE) && name !== "rows" && (value < 0 || value > 1));
  const speeds = Object.entries(plan?.batch_seconds ?? {}).map(([rows, seconds]) => [t("cards.rows", { rows: Number(rows) }), 1000 * seconds]);
  return el("div", { class: "facts" },
    part("reads", signature(version), version.labels.length ? pairs([["labels", version.labels.join(", ")]]) : null),
    part("runs", running(version)),
    figures.length ? part("measured", lines(figures.map(([name, value]) => [named(name), value]), figure, 1), measured(statistics.rows, others)) : null,
    shares.length ? part("shares", lines(shares, percent, 1)) : null,
    speeds.length ? part("speed", lines(speeds, (value) => `${number(value, value < 10 ? 2 : 1)} ms`, Math.max(...speeds.map(([, value]) => value)))) : null,
    makers(version),
  );
}

function part(key, ...content) {
  return el("section", {}, say(el("h3"), `cards.${key}`), ...content);
}

function signature({ signature: { inputs, outputs }, openapi }) {
  const shape = (sizes) => `[${sizes.map((size) => size ?? t("cards.any")).join(", ")}]`;
  const row = (key) => ({ name, dtype, shape: sizes }) =>
    el("tr", {}, say(el("td"), `cards.${key}`, { name }), el("td", { class: "mono" }, dtype), el("td", { class: "mono" }, shape(sizes)));
  const heads = ["tensor", "type", "shape"].map((key) => say(el("th", { scope: "col" }), `cards.${key}`));
  const table = el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...inputs.map(row("input")), ...outputs.map(row("output"))));
  const link = say(el("a", { href: api.BASE + openapi }), "cards.api");
  return el("div", { class: "reads" }, say(el("div", { class: "table", tabIndex: 0, role: "group" }, table), "cards.reads", {}, "aria-label"), el("p", {}, link));
}

function running({ running: now, plan }) {
  const given = RUNNING.map((key) => [key, String(now[key])]);
  if (now.why.length) given.push(["why", now.why.join("; ")]);
  if (!plan) given.push(["planned", t("cards.unplanned")]);
  else given.push(["planned", RUNNING.every((key) => !(key in plan) || plan[key] === now[key]) ? t("cards.asPlanned") : plan.runtime]);
  if (plan?.differing?.length) given.push(["differing", plan.differing.join(", ")]);
  return pairs(given);
}

function measured(rows, others) {
  const given = others.map(([name, value]) => [el("dt", {}, named(name)), number(value, 4)]);
  return rows || given.length ? el("dl", { class: "pairs" }, ...(rows ? pair("testRows", number(rows)) : []), ...given.flatMap(([term, value]) => [term, el("dd", {}, value)])) : null;
}

function pairs(given) {
  return el("dl", { class: "pairs" }, ...given.flatMap(([key, value]) => pair(key, value)));
}

function pair(key, value) {
  return [say(el("dt"), `cards.${key}`), el("dd", {}, value)];
}

/** Bars from 0 to `most`, each with its name and its figure in words. */
function lines(given, written, most) {
  const bar = (value) => svg("svg", { class: "gauge", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { width: (100 * Math.max(0, value)) / most, height: 8 }));
  return el("ul", { class: "lines" }, ...given.map(([name, value]) =>
    el("li", {}, el("span", { class: "name", title: name }, name), bar(value), el("span", { class: "value" }, written(value)))));
}

function makers({ name, version }) {
  const path = `/models/${encodeURIComponent(name)}/versions/${version}`;
  const body = el("div", { class: "markdown" });
  const details = el("details", { class: "makers" }, el("summary", {}, say(el("h3"), "cards.card")), body);
  details.addEventListener("toggle", async () => {
    body.replaceChildren(say(el("p", { class: "muted" }), "cards.loading"));
    try {
      const { model_card: text } = await api.get(path);
      const picture = (file) => `${api.BASE}${path}/plots/${encodeURIComponent(file)}`;
      body.replaceChildren(...(text ? rendered(text, picture) : [say(el("p"), "cards.noCard")]));
    } catch (error) {
      body.replaceChildren(failure(error));
    }
  }, { once: true });
  return el("section", { class: "wide" }, details);
}

function named(name) {
  return { f1: "F1", roc_auc: "ROC-AUC" }[name] ?? name.replaceAll("_", " ");
}

function figure(value) {
  return number(value, 4);
}
