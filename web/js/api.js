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
  if (token) sent.Authorization = `Bearer ${token}`;
  const answer = await reach(BASE + path, { method, headers: sent, body: body && JSON.stringify(body) });
  if (answer.status === 204) return undefined;
  const content = await answer.json().catch(() => undefined);
  if (!answer.ok) throw refusal(answer.status, content);
  if (content === undefined) throw new Refused(0, "offline"); // it broke off half way
  return content;
}

async function reach(address, request) {
  try {
    return await fetch(address, { ...request, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
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
