/**
 * Requests to our own host: CSRF token, time-out, and one kind of error for whatever goes wrong. Whoever is signed out is led to sign in.
 *
 *   const { waiting } = await getJson(url);
 *   await postForm(url, { decision: "admit" });
 *   try { … } catch (error) { showToast(sentenceOf(error), "danger"); }    // error-sentences.js
 *
 * Pages say in their <body> where one signs in (`data-sign-in`), whether their address may be visited again (`data-revisitable`; not so
 * for an answer to a POST), and the token, where htmx reads it, too.
 */

const TIMEOUT_MS = 30_000;

/** @type {Record<number, Code>} */
const CODES = {
  400: "invalid",
  401: "signed-out",
  403: "forbidden",
  404: "not-found",
  409: "conflict",
  410: "not-found",
  422: "invalid",
  429: "rate-limited",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

/**
 * @typedef {'offline' | 'timeout' | 'signed-out' | 'invalid' | 'forbidden' | 'not-found' | 'conflict' | 'rate-limited' | 'unavailable'
 *           | 'failed'} Code
 * @typedef {{signal?: AbortSignal, timeoutMs?: number}} Options  `signal` gives a request up from outside
 * @typedef {Record<string, string> | URLSearchParams | FormData} Fields
 */

/** A request that did not succeed. `message` is the server's own sentence, or empty; see error-sentences.js. */
export class HttpError extends Error {
  /**
   * @param {Code} code
   * @param {{status?: number, message?: string, content?: any, retryAfter?: number, cause?: unknown}} [facts] `content`: the answer's
   *   JSON, if it is some; `retryAfter`: in seconds
   */
  constructor(code, { status = 0, message = "", content = null, retryAfter, cause } = {}) {
    super(message, { cause });
    this.name = "HttpError";
    this.code = code;
    this.status = status;
    this.content = content;
    this.retryAfter = retryAfter;
  }
}

/** @param {string | URL} address @param {Options} [options] @returns {Promise<any>} */
export async function getJson(address, options) {
  const content = await request(address, {}, options);
  if (content === null) throw new HttpError("failed");
  return content;
}

/** @param {string | URL} address @param {Fields} fields @param {Options} [options] @returns {Promise<any>} the answer's JSON, if any */
export function postForm(address, fields, options) {
  return post(address, fields instanceof FormData ? fields : new URLSearchParams(fields), {}, options);
}

/** @param {string | URL} address @param {unknown} value @param {Options} [options] @returns {Promise<any>} the answer's JSON, if any */
export function postJson(address, value, options) {
  return post(address, JSON.stringify(value), { "Content-Type": "application/json" }, options);
}

/** The token against forged requests: it stands in the page, where htmx takes it from. */
export function csrfToken() {
  const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}");
  return String(headers["X-CSRFToken"] ?? "");
}

/**
 * A part of a page, for what is fetched without anybody having asked: nobody is led away from what they do, and nothing is said. Empty when
 * it did not come.
 * @param {string | URL} address @returns {Promise<string>}
 */
export async function getPart(address) {
  try {
    return await loadPart(address);
  } catch {
    return "";
  }
}

/**
 * The same for what somebody has asked for, who is told why it did not come.
 * @param {string | URL} address @returns {Promise<string>}
 */
export async function loadPart(address) {
  let response;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    response = await fetch(address, { headers: { "HX-Request": "true" }, signal });
    if (response.ok && !asksToSignIn(response)) return await response.text();
  } catch (error) {
    throw errorWithoutAnswer(error);
  }
  throw await errorOf(response);
}

/**
 * Send a form that stands in a part of a page. Returns the part that comes back, with its errors; empty once it is done.
 * @param {string | URL} address @param {FormData} fields @returns {Promise<string>}
 */
export async function postPart(address, fields) {
  let response;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    response = await fetch(address, { method: "POST", body: fields, headers: { "HX-Request": "true" }, signal });
  } catch (error) {
    throw errorWithoutAnswer(error);
  }
  if (response.status === 422) return response.text();
  if (response.ok && !asksToSignIn(response)) return "";
  throw await errorOf(response);
}

/** One for each call: browsers may send a request again when a connection breaks, and it is to be carried out once. */
function newKey() {
  return crypto.randomUUID?.() ?? String(Math.random());
}

/** Whether this answer stands for "sign in first": a 401, or the page of signing in where a redirect led to. @param {Response} response */
export function asksToSignIn(response) {
  const page = document.body.dataset.signIn;
  return response.status === 401 || (response.redirected && new URL(response.url).pathname === page);
}

/**
 * The whole page goes to sign in, and comes back to where it is now; never to an address that only takes a POST.
 * @param {string} [url]  the way that the server named
 */
export function signIn(url) {
  const { signIn: page, revisitable } = document.body.dataset;
  if (url) return location.assign(url);
  if (!page) return;
  const address = new URL(page, location.href);
  if (revisitable !== undefined) address.searchParams.set("next", location.pathname + location.search);
  location.assign(address);
}

/**
 * What an answer that is no success means. Reads its body.
 * @param {Response} response @returns {Promise<HttpError>}
 */
export async function errorOf(response) {
  const [content, text] = await body(response).catch(() => [null, ""]);
  if (asksToSignIn(response)) return new HttpError("signed-out", { status: response.status, content });
  return new HttpError(CODES[response.status] ?? "failed", {
    status: response.status,
    message: typeof content?.message === "string" ? content.message : text,
    content,
    retryAfter: seconds(response.headers.get("Retry-After")),
  });
}

/** What it means that there was no answer that could be read. @param {unknown} error as `fetch` or htmx throws it @returns {HttpError} */
export function errorWithoutAnswer(error) {
  if (error instanceof SyntaxError) return new HttpError("failed", { cause: error }); // what came is no JSON
  const isLate = error === "timeout" || (error instanceof DOMException && error.name === "TimeoutError");
  return new HttpError(isLate ? "timeout" : "offline", { cause: error });
}

/** @param {string | URL} address @param {BodyInit} content @param {Record<string, string>} headers @param {Options} [options] */
function post(address, content, headers, options) {
  return request(
    address,
    { method: "POST", body: content, headers: { ...headers, "X-CSRFToken": csrfToken(), "Idempotency-Key": newKey() } },
    options,
  );
}

/** @param {string | URL} address @param {RequestInit} init @param {Options} [options] */
async function request(address, init, { signal, timeoutMs = TIMEOUT_MS } = {}) {
  const headers = { Accept: "application/json", "X-Requested-With": "XMLHttpRequest", ...init.headers };
  const late = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(address, {
      ...init,
      headers,
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    if (response.ok && !asksToSignIn(response)) return (await body(response))[0];
    throw await errorOf(response);
  } catch (error) {
    if (error instanceof HttpError && error.code === "signed-out") signIn(error.content?.url);
    if (error instanceof HttpError || signal?.aborted) throw error;
    throw errorWithoutAnswer(error);
  }
}

/** The JSON of an answer, and its plain text. A page in HTML is neither. @param {Response} response @returns {Promise<[any, string]>} */
async function body(response) {
  const type = response.headers.get("Content-Type") ?? "";
  if (type.startsWith("application/json")) return [await response.json(), ""];
  return [null, type.startsWith("text/plain") ? (await response.text()).trim() : ""];
}

/** @param {string | null} header seconds, or a date (RFC 9110, 10.2.3) */
function seconds(header) {
  if (!header) return undefined;
  const count = Number(header);
  const wait = Number.isNaN(count) ? (Date.parse(header) - Date.now()) / 1000 : count;
  return Number.isNaN(wait) ? undefined : Math.max(1, Math.ceil(wait));
}
