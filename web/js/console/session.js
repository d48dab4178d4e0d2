// Who sits at the console. Tokens are kept for this tab alone, so that two tabs can be two people, and end with it.

import { Refused, call, file } from "../api.js";
import { passing } from "../stored.js";
import { claims, leave, renewed } from "./pool.js";

const KEY = "burgernet.staff";
const ENDED = "burgernet:session-ended";
const EARLY_MS = 2 * 60_000; // before its end a token is renewed, so that none ends on its way

let renewing; // under way, for all who wait for it

/** `{ user, roles, tenant, until, token, pool }`, or null. `until`: milliseconds since 1970. `pool`: what renews the token. */
export function member() {
  const kept = JSON.parse(passing.getItem(KEY) ?? "null");
  return kept && (kept.pool || kept.until > Date.now()) ? kept : null;
}

export function may(...roles) {
  return roles.some((role) => member()?.roles.includes(role));
}

/** Begins a session with an ID token of the user pool. `pool`: { url, client_id, refresh } of a token that can be renewed. */
export function begin(token, pool) {
  const { "cognito:username": user, "cognito:groups": roles = [], "custom:tenant": tenant, exp, iat } = claims(token);
  const until = Date.now() + (exp - iat) * 1000; // whatever time this machine thinks it is
  passing.setItem(KEY, JSON.stringify({ user, roles, tenant, until, token, pool }));
}

export function end() {
  passing.removeItem(KEY);
  document.dispatchEvent(new CustomEvent(ENDED));
}

/** Somebody goes. */
export function signOut() {
  const pool = member()?.pool;
  end();
  if (pool) leave(pool);
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
  const who = await current();
  if (!who) return ended();
  try {
    return await act(who.token);
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return ended();
    throw error;
  }
}

/** The member with a token that lasts; null where the session is over. Raises `Refused` where that cannot be told now. */
async function current() {
  const who = member();
  if (!who?.pool || who.until - Date.now() > EARLY_MS) return who;
  try {
    renewing ??= renewed(who.pool);
    const token = await renewing;
    if (member()?.pool?.refresh === who.pool.refresh) begin(token, who.pool); // nobody signed out meanwhile
    return member();
  } catch (error) {
    if (error.status === 400) return null;
    if (who.until > Date.now()) return who; // it lasts a little longer
    throw error;
  } finally {
    renewing = undefined;
  }
}

function ended() {
  end();
  throw new Refused(401, "session_ended");
}
