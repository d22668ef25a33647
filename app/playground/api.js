/** Requests to the server that gave this page, and whether it can be reached. */

/** Where the server answers, without a slash at the end; behind a proxy with its prefix. */
export const BASE = new URL(".", location.href.split(/[?#]/)[0]).href.replace(/\/$/, "");

const PATIENCE_MILLISECONDS = 40_000; // the server's own deadline is 30 s unless it is set otherwise

/** Tells "lost" when no answer comes, and "waiting" (detail: seconds) on 503. */
export const connection = new EventTarget();

/** Headers of a request that gives way to others': explanations cost the server many predictions. */
export const LOW = { "X-Priority": "low" };

/** An answer of the server that is an error, as RFC 9457 has it. */
export class Problem extends Error {
  constructor(status, body, retryAfterSeconds) {
    super(body.detail ?? `status ${status}`);
    this.status = status;
    this.code = body.code ?? "";
    this.title = body.title ?? "";
    this.requestId = body.request_id ?? "";
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Whether the request itself is at fault: sent again, it is refused again. */
  get isRefusal() {
    return this.status >= 400 && this.status < 500 && this.status !== 429;
  }
}

/** No answer came. */
export class Unreachable extends Error {}

/** GET: the parsed JSON; throws `Problem` or `Unreachable`. */
export async function get(path, options = {}) {
  return (await exchange(path, options)).content;
}

/** POST of an object as JSON: `{content, timing}`, where `timing` has `model` and milliseconds `server`, `whole`. */
export function post(path, body, { signal, headers = {} } = {}) {
  const json = { "Content-Type": "application/json", ...headers };
  return exchange(path, { method: "POST", body: JSON.stringify(body), headers: json, signal });
}

async function exchange(path, options) {
  const started = performance.now();
  const tooLong = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  const signal = options.signal ? AbortSignal.any([options.signal, tooLong]) : tooLong;
  try {
    const response = await fetch(BASE + path, { ...options, signal });
    const content = await contentOf(response);
    if (!response.ok) throw problemOf(response, content);
    return { content, timing: timingOf(response, performance.now() - started) };
  } catch (error) {
    if (error instanceof Problem || options.signal?.aborted) throw error;
    connection.dispatchEvent(new Event("lost"));
    throw new Unreachable();
  }
}

async function contentOf(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    if (response.ok) throw new TypeError("not JSON");
    return {}; // a proxy's own page: the status has to do
  }
}

function problemOf(response, body) {
  const seconds = Number(response.headers.get("Retry-After")) || null;
  if (response.status === 503) connection.dispatchEvent(new CustomEvent("waiting", { detail: seconds ?? 1 }));
  return new Problem(response.status, body, seconds);
}

function timingOf(response, whole) {
  const total = /total;dur=([\d.]+)/.exec(response.headers.get("Server-Timing") ?? "");
  return { model: response.headers.get("X-Model"), server: total ? Number(total[1]) : null, whole };
}
