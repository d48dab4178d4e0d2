// The product's HTTP interface. Every refusal, also a lost connection, becomes a Refused.

const BASE = "/api";
const PATIENCE_MS = 30_000;

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

/** What is not JSON, such as a table for a spreadsheet: a Blob. */
export async function file(path, { token }) {
  return whole((await reach(path, token, {})).blob());
}

async function reach(path, token, { headers = {}, ...request }) {
  const sent = token ? { ...headers, Authorization: `Bearer ${token}` } : headers;
  const answer = await whole(fetch(BASE + path, { ...request, headers: sent, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) }));
  if (!answer.ok) throw refusal(answer.status, await answer.json().catch(() => undefined));
  return answer;
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
  #body = "";
  #key = "";

  async post(path, body, options = {}) {
    const written = JSON.stringify(body);
    if (written !== this.#body) {
      this.#body = written;
      this.#key = crypto.randomUUID();
    }
    return call("POST", path, { ...options, body, headers: { "Idempotency-Key": this.#key } });
  }

  /** What comes next is meant anew, also where it reads the same. */
  forget() {
    this.#body = "";
  }
}
