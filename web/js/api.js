// The product's HTTP interface. Every refusal, also a lost connection, becomes a Refused.

const BASE = "/api";
const PATIENCE_MS = 30_000;
const TRIES = 3;
const LONGEST_PAUSE_S = 5;

/** `code` and `fields` ([{ field, code }]) as the API's one error shape has them. */
export class Refused extends Error {
  constructor(status, code, fields = []) {
    super(code);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/** Answers parsed JSON, or undefined where there is none. `token`: of a personal link. */
export async function call(method, path, { body, token, headers = {} } = {}) {
  const sent = { ...headers };
  if (body !== undefined) sent["Content-Type"] = "application/json";
  const answer = await reach(path, token, { method, headers: sent, body: body && JSON.stringify(body) });
  if (answer.status === 204) return undefined;
  return whole(answer.json());
}

/** What the API lets everybody keep: parsed JSON that the browser may have from an earlier time. */
export async function kept(path) {
  return whole((await reach(path, undefined, { cache: "default" })).json());
}

/** The same of a text. */
export async function keptText(path) {
  return whole((await reach(path, undefined, { cache: "default" })).text());
}

/** What is not JSON, such as a table for a spreadsheet: a Blob. */
export async function file(path, { token }) {
  return whole((await reach(path, token, {})).blob());
}

/** Where a path of the interface is, for a link. */
export function address(path) {
  return BASE + path;
}

async function reach(path, token, { headers = {}, cache = "no-store", ...request }) {
  const sent = token ? { ...headers, Authorization: `Bearer ${token}` } : headers;
  for (let left = TRIES - 1; ; left--) {
    const answer = await whole(fetch(address(path), { ...request, headers: sent, cache, signal: AbortSignal.timeout(PATIENCE_MS) }));
    if (answer.ok) return answer;
    const content = await answer.json().catch(() => undefined);
    const pause = left && pauseBefore(answer, request.method, sent);
    if (!pause) throw refusal(answer.status, content);
    await new Promise((done) => setTimeout(done, pause));
  }
}

/** Milliseconds, where too many ask at once, which says when to come again, and coming again does no harm; else 0. */
function pauseBefore(answer, method = "GET", headers) {
  const seconds = Number(answer.headers.get("Retry-After"));
  const harmless = method === "GET" || "Idempotency-Key" in headers;
  return harmless && seconds <= LONGEST_PAUSE_S ? seconds * 1000 * (1 + Math.random()) : 0; // not everybody at once again
}

/** What was promised, unless the connection breaks off. */
async function whole(promised) {
  try {
    return await promised;
  } catch {
    throw new Refused(0, "offline");
  }
}

function refusal(status, content) {
  const error = content?.error;
  if (error) return new Refused(status, error.code, error.fields);
  return new Refused(status, status >= 500 ? "unavailable" : "unknown");
}

/** Posts so that the same body, sent twice, happens once: a double click, or another try after a lost answer. */
export class Once {
  /** `{ written, key }` of the latest body; may be set to what it was before a refresh. Undefined where nothing was posted. */
  sent;

  /** `onsend()`: there is another `sent`, and nothing has left yet. */
  constructor(onsend = () => {}) {
    this.onsend = onsend;
  }

  async post(path, body, options = {}) {
    const written = JSON.stringify(body);
    if (written !== this.sent?.written) {
      this.sent = { written, key: crypto.randomUUID() };
      this.onsend();
    }
    return call("POST", path, { ...options, body, headers: { "Idempotency-Key": this.sent.key } });
  }

  /** What comes next is meant anew, also where it reads the same. */
  forget() {
    this.sent = undefined;
  }
}
