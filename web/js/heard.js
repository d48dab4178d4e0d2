// What this device has heard by push, and where its owner said to be: both are on this device alone, shared with sw.js.

import { element, visible } from "./dom.js";
import { moment, textsOf } from "./i18n.js";

const HEARD = "burgernet-heard";
const MESSAGES = "/kept/messages";
const PLACE = "/kept/place";
const KEPT_MS = 48 * 3_600_000; // as sw.js has it
const WORDS = { inside: "place.inside", metres: "place.metres", kilometres: "place.kilometres" };

/** Sees to it that pages work without a connection, once this one has been used with one. */
export async function installed() {
  await navigator.serviceWorker.register("/sw.js");
  const { active } = await navigator.serviceWorker.ready;
  const used = performance.getEntriesByType("resource").map(({ name }) => name);
  active?.postMessage({ used: [location.pathname, ...used.filter((name) => name.startsWith(location.origin))] });
}

/** Newest first. */
export async function messages() {
  const all = (await read(MESSAGES)) ?? [];
  return all.filter(({ at }) => at > Date.now() - KEPT_MS);
}

/** Fills `list`, in `section`, which is there only where there is something in it. */
export async function showMessages(section, list) {
  const all = await messages();
  visible(section, all.length > 0);
  list.replaceChildren(...all.map(item));
}

/** In its turn with the worker, which may be writing one down. */
export function forgetMessages() {
  return navigator.locks.request(HEARD, () => remove(MESSAGES));
}

/** `{ lon, lat }`, or undefined. */
export function place() {
  return read(PLACE);
}

/** To some 100 metres. The worker has no catalogue: it is given its words here. */
export async function choosePlace({ lon, lat }) {
  const words = textsOf(WORDS);
  const cache = await caches.open(HEARD);
  const chosen = { lon: Number(lon.toFixed(3)), lat: Number(lat.toFixed(3)), words };
  await cache.put(PLACE, new Response(JSON.stringify(chosen)));
}

export async function forgetPlace() {
  await remove(PLACE);
}

function item({ title, body, lang, where, at }) {
  const parts = [element("h3", { lang }, title), element("p", { class: "quiet small" }, moment(new Date(at).toISOString()))];
  if (where) parts.push(element("p", { lang }, element("strong", {}, where)));
  return element("li", { class: "heard" }, ...parts, element("p", { lang, class: "kept-lines" }, body));
}

/** Undefined also where the browser keeps nothing for us. */
async function read(address) {
  try {
    const cache = await caches.open(HEARD);
    return await (await cache.match(address))?.json();
  } catch {
    return undefined;
  }
}

async function remove(address) {
  const cache = await caches.open(HEARD);
  await cache.delete(address);
}
