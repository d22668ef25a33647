/** What happened between two events of the server's live figures, which count everything since its start. */

/** The name under which an event also has the sum of all models; no model can have it. */
export const ALL = "";

const WINDOW_SECONDS = 10;
const IDLE_SECONDS = 0.01; // less than this between two events is no time to speak of a rate

/** The events of the last seconds. */
export class Recent {
  #events = [];

  /** Takes the next event: true where there is something to tell now. One that counts less than the last comes from a
   * server that was started anew, and everything begins again with it. */
  take(event) {
    const last = this.#events.at(-1);
    const next = { ...event, models: { [ALL]: summed(Object.values(event.models)), ...event.models } };
    if (last && next.time - last.time < IDLE_SECONDS && next.time >= last.time) return false;
    if (last && (next.time < last.time || restarted(last, next))) this.#events = [];
    this.#events.push(next);
    while (this.#events.length > 2 && this.#events[1].time <= next.time - WINDOW_SECONDS) this.#events.shift();
    return this.#events.length > 1;
  }

  /** Forgets all: nobody looked for a while. */
  clear() {
    this.#events = [];
  }

  /** The names of the models, in the server's order. */
  names() {
    return Object.keys(this.#events.at(-1).models).filter((name) => name !== ALL);
  }

  /** A model's figures, or those of all: requests and refusals a second, p50 and p99 in seconds, rows per batch and rows
   * that wait; null where nothing happened that could be told of. */
  figures(name) {
    const [first, last] = [this.#events[0], this.#events.at(-1)];
    const [before, now] = [first.models[name] ?? summed([]), last.models[name]];
    const span = last.time - first.time;
    const counts = now.seconds.map((count, place) => count - (before.seconds[place] ?? 0));
    const batches = now.batches - before.batches;
    return {
      requests: counts.at(-1) / span,
      p50: quantile(counts, last.bounds, 0.5),
      p99: quantile(counts, last.bounds, 0.99),
      batch: batches > 0 ? (now.rows - before.rows) / batches : null,
      waiting: now.waiting,
      refused: (now.refused - before.refused) / span,
    };
  }
}

/** The quantile of a histogram: `counts[i]` lie at or below `bounds[i]`, the last anywhere; straight lines between bounds,
 * as Prometheus draws them. Infinity where it lies beyond the last bound; null for no observations. */
export function quantile(counts, bounds, share) {
  const rank = share * counts.at(-1);
  if (!(counts.at(-1) > 0)) return null;
  const place = counts.findIndex((count) => count >= rank);
  if (place >= bounds.length) return Infinity;
  const [low, below] = place > 0 ? [bounds[place - 1], counts[place - 1]] : [0, 0];
  return low + ((bounds[place] - low) * (rank - below)) / (counts[place] - below);
}

function restarted(last, next) {
  return ["batches", "refused"].some((name) => next.models[ALL][name] < last.models[ALL][name])
    || (next.models[ALL].seconds.at(-1) ?? 0) < (last.models[ALL].seconds.at(-1) ?? 0);
}

function summed(models) {
  const sum = { batches: 0, rows: 0, waiting: 0, refused: 0, seconds: [] };
  for (const model of models) {
    for (const name of ["batches", "rows", "waiting", "refused"]) sum[name] += model[name];
    model.seconds.forEach((count, place) => { sum.seconds[place] = (sum.seconds[place] ?? 0) + count; });
  }
  return sum;
}
