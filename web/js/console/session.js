// Who sits at the console. The token is kept for this tab alone, so that two tabs can be two people.

import { Refused, call, file } from "../api.js";

const KEY = "burgernet.staff";
const ENDED = "burgernet:session-ended";

/** `{ user, roles, tenant, until, token }`, or null. `until`: milliseconds since 1970. */
export function member() {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  return kept && kept.until > Date.now() ? kept : null;
}

export function may(...roles) {
  return roles.some((role) => member()?.roles.includes(role));
}

/** Begins a session with an ID token of the user pool. What it says is shown, never believed: the API judges. */
export function begin(token) {
  const claims = JSON.parse(decoded(token.split(".")[1]));
  const { "cognito:username": user, "cognito:groups": roles = [], "custom:tenant": tenant, exp } = claims;
  sessionStorage.setItem(KEY, JSON.stringify({ user, roles, tenant, until: exp * 1000, token }));
}

export function end() {
  sessionStorage.removeItem(KEY);
  document.dispatchEvent(new CustomEvent(ENDED));
}

/** Calls `act` when the session has ended, be it by hand or because the token no longer counts. */
export function whenEnded(act) {
  document.addEventListener(ENDED, act);
}

/** Asks the API as this member of staff. */
export function ask(method, path, body) {
  return as((token) => call(method, path, { body, token }));
}

/** As `Once.post`, as this member of staff. */
export function post(once, path, body) {
  return as((token) => once.post(path, body, { token }));
}

/** As `file`, as this member of staff. */
export function fetched(path) {
  return as((token) => file(path, { token }));
}

async function as(act) {
  const who = member();
  if (!who) return ended();
  try {
    return await act(who.token);
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return ended();
    throw error;
  }
}

function ended() {
  end();
  throw new Refused(401, "session_ended");
}

function decoded(part) {
  const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}
