/** The live panel: what the server does right now, from the stream of its own counts. */

import { el } from "./dom.js";
import { Feed } from "./feed.js";
import { add, number, onLanguage, say, t } from "./i18n.js";
import { ALL, Recent } from "./rates.js";
import { Sparkline } from "./sparkline.js";

add({
  en: {
    "live.hint": "All workers together, over the last 10 seconds; the curves show the last minute. Times are estimates from a histogram.",
    "live.wait": "Waiting for the first figures …",
    "live.on": "Running",
    "live.paused": "Paused while the page is hidden",
    "live.lost": "The server cannot be reached; trying again",
    "live.requests": "Requests",
    "live.p50": "Median time (p50)",
    "live.p99": "Slowest 1% (p99)",
    "live.batch": "Rows per batch",
    "live.waiting": "Rows waiting",
    "live.refused": "Refused",
    "live.short.requests": "Requests", "live.short.p50": "p50", "live.short.p99": "p99",
    "live.short.batch": "Rows/batch", "live.short.waiting": "Waiting", "live.short.refused": "Refused",
    "live.model": "Model",
    "live.models": "Figures of each model",
    "live.perSecond": "/s",
    "live.range": "last minute: {low} to {high}",
    "live.beyond": "> {seconds} s",
  },
  zh: {
    "live.hint": "所有工作进程合计，最近 10 秒；曲线为最近一分钟。耗时由直方图估算。",
    "live.wait": "正在等待第一批数据……",
    "live.on": "运行中",
    "live.paused": "页面隐藏时暂停",
    "live.lost": "无法连接服务器，正在重试",
    "live.requests": "请求",
    "live.p50": "耗时中位数（p50）",
    "live.p99": "最慢 1%（p99）",
    "live.batch": "每批行数",
    "live.waiting": "排队行数",
    "live.refused": "拒绝",
    "live.short.requests": "请求", "live.short.p50": "p50", "live.short.p99": "p99",
    "live.short.batch": "行/批", "live.short.waiting": "排队", "live.short.refused": "拒绝",
    "live.model": "模型",
    "live.models": "各模型的数据",
    "live.perSecond": "/秒",
    "live.range": "最近一分钟：{low} 至 {high}",
    "live.beyond": "> {seconds} 秒",
  },
});

const FIGURES = ["requests", "p50", "p99", "batch", "waiting", "refused"];
const LEAST = { requests: 1, batch: 1, waiting: 1, refused: 1, p50: 0.001, p99: 0.001 }; // so that a curve of noughts lies flat
const LAST_BOUND_SECONDS = 10;

/** Fills the section and keeps it true from now on. */
export function mount(section) {
  new LivePanel(section).start();
}

class LivePanel {
  #recent = new Recent();
  #feed = new Feed();
  #tiles = new Map();
  #rows = new Map();

  constructor(section) {
    this.state = el("p", { class: "live-state muted small", role: "status" });
    this.body = el("tbody");
    const tiles = FIGURES.map((figure) => this.#tile(figure));
    const heads = FIGURES.map((figure) => say(say(el("th", { scope: "col", class: "figure" }), `live.short.${figure}`), `live.${figure}`, {}, "title"));
    this.table = el("div", { class: "table", role: "region", tabIndex: 0 }, el("table", {}, el("thead", {}, el("tr", {}, say(el("th", { scope: "col" }), "live.model"), ...heads)), this.body));
    say(this.table, "live.models", {}, "aria-label");
    section.append(this.state, el("dl", { class: "tiles" }, ...tiles), this.table, say(el("p", { class: "muted small" }), "live.hint"));
  }

  start() {
    const on = (type, callback) => this.#feed.addEventListener(type, callback);
    on("event", ({ detail }) => this.#take(detail));
    on("lost", () => this.#say("lost"));
    on("paused", () => this.#say("paused"));
    on("opened", () => {
      this.#recent.clear();
      this.#say("wait");
    });
    onLanguage(() => this.#show());
    this.#feed.follow();
  }

  #take(event) {
    this.ready = this.#recent.take(event);
    if (!this.ready) return;
    this.#say("on");
    const figures = this.#recent.figures(ALL);
    for (const [figure, { spark }] of this.#tiles) spark.add(event.time, figures[figure]);
    this.#show();
  }

  #say(state) {
    if (this.state.dataset.state === state) return;
    this.state.dataset.state = state;
    say(this.state, `live.${state}`);
  }

  #show() {
    if (!this.ready) return;
    const all = this.#recent.figures(ALL);
    for (const [figure, { value, range, spark }] of this.#tiles) {
      value.textContent = written(figure, all[figure]);
      const [low, high] = spark.range ?? [];
      range.textContent = spark.range ? t("live.range", { low: written(figure, low), high: written(figure, high) }) : "";
    }
    const names = this.#recent.names();
    if (names.join("\n") !== [...this.#rows.keys()].join("\n")) this.#lay(names);
    for (const [name, cells] of this.#rows) {
      const figures = this.#recent.figures(name);
      FIGURES.forEach((figure, place) => { cells[place].textContent = written(figure, figures[figure]); });
    }
  }

  #lay(names) {
    this.#rows = new Map(names.map((name) => [name, FIGURES.map((figure) => el("td", { class: "figure", "data-figure": figure }))]));
    const rows = [...this.#rows].map(([name, cells]) => el("tr", { "data-model": name }, el("th", { scope: "row" }, name), ...cells));
    this.body.replaceChildren(...rows);
  }

  #tile(figure) {
    const spark = new Sparkline(LEAST[figure]);
    const value = el("span", { class: "tile-value", "data-figure": figure }, "–");
    const range = el("span", { class: "unseen" });
    this.#tiles.set(figure, { value, range, spark });
    return el("div", { class: "tile" }, say(el("dt"), `live.${figure}`), el("dd", {}, value, range, spark.element));
  }
}

function written(figure, value) {
  if (value === null || Number.isNaN(value)) return "–";
  if (figure === "p50" || figure === "p99") return duration(value);
  if (figure === "waiting") return number(value);
  const digits = value > 0 && value < 100 ? 1 : 0;
  return number(value, digits) + (figure === "batch" ? "" : t("live.perSecond"));
}

function duration(seconds) {
  if (seconds === Infinity) return t("live.beyond", { seconds: LAST_BOUND_SECONDS });
  if (seconds >= 1) return `${number(seconds, 1)} s`;
  return `${number(1000 * seconds, seconds < 0.01 ? 2 : seconds < 0.1 ? 1 : 0)} ms`;
}
