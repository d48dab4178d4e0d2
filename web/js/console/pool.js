// Signing in on the user pool's own pages: an authorization code that only this tab can use (OAuth 2.0 with PKCE, RFC 7636).

import { Refused, call } from "../api.js";
import { passing } from "../stored.js";

const ASKED = "burgernet.sign-in"; // what this tab asked for, until the answer is there
const PATIENCE_MS = 30_000;

/** Where staff sign in, as the API has it: `{ url, client_id }`. Raises `Refused`. */
export function whereToSignIn() {
  return call("GET", "/sign-in");
}

/** Leaves for the pool's pages, which lead back here. */
export async function goThere({ url, client_id }) {
  const asked = { url, client_id, state: secret(), nonce: secret(), verifier: secret(), hash: location.hash };
  passing.setItem(ASKED, JSON.stringify(asked));
  const { state, nonce } = asked;
  const proof = { code_challenge: await challenge(asked.verifier), code_challenge_method: "S256" };
  leaveFor(`${url}/oauth2/authorize`, { response_type: "code", client_id, redirect_uri: here(), scope: "openid", state, nonce, ...proof });
}

/**
 * `{ token, pool }` that the answer in the address leads to; undefined where it holds none. The answer leaves the address,
 * and where somebody wanted to be comes back. Raises `Refused` where it answers nothing that this tab asked.
 */
export async function comeBack() {
  const answer = new URLSearchParams(location.search);
  if (!answer.has("state")) return undefined;
  const asked = JSON.parse(passing.getItem(ASKED) ?? "null");
  passing.removeItem(ASKED);
  history.replaceState(null, "", location.pathname + (asked?.hash ?? ""));
  if (!answer.has("code") || answer.get("state") !== asked?.state) throw new Refused(400, "sign_in_failed");
  const { url, client_id, verifier, nonce } = asked;
  const grant = { grant_type: "authorization_code", code: answer.get("code"), redirect_uri: here(), code_verifier: verifier };
  const { id_token: token, refresh_token: refresh } = await tokens({ url, client_id }, grant);
  if (claims(token).nonce !== nonce) throw new Refused(400, "sign_in_failed");
  return { token, pool: { url, client_id, refresh } };
}

/** Another ID token for the same session. Raises `Refused`: of status 400 when the pool says that the session is over. */
export async function renewed({ refresh, ...pool }) {
  const { id_token: token } = await tokens(pool, { grant_type: "refresh_token", refresh_token: refresh });
  return token;
}

/** Ends the session at the pool too: whoever sits down here next is asked for a password. */
export function leave({ url, client_id, refresh }) {
  const body = new URLSearchParams({ token: refresh, client_id });
  fetch(`${url}/oauth2/revoke`, { method: "POST", mode: "no-cors", keepalive: true, body }).catch(() => {}); // signing out goes on
  leaveFor(`${url}/logout`, { client_id, logout_uri: here() });
}

/** What an ID token says of its bearer. It is shown, never believed: the API judges. */
export function claims(token) {
  const part = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), (sign) => sign.charCodeAt(0))));
}

async function tokens({ url, client_id }, grant) {
  const body = new URLSearchParams({ ...grant, client_id });
  const request = { method: "POST", credentials: "omit", body, signal: AbortSignal.timeout(PATIENCE_MS) };
  const answer = await fetch(`${url}/oauth2/token`, request).catch(() => undefined);
  if (!answer || answer.status >= 500) throw new Refused(answer?.status ?? 0, "offline");
  if (!answer.ok) throw new Refused(400, "sign_in_failed");
  return answer.json();
}

function leaveFor(address, query) {
  location.assign(`${address}?${new URLSearchParams(query)}`);
}

function here() {
  return location.origin + location.pathname;
}

function secret() {
  return base64(crypto.getRandomValues(new Uint8Array(32)));
}

async function challenge(verifier) {
  return base64(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}

function base64(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
