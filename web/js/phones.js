// Phones and inboxes of the local stack, kept up to date. They live at the carrier, which the local origin shows under
// /carrier; in production there is none.

import "./frame.js";
import { byId, element, spoken, visible } from "./dom.js";
import { moment, say, whenever } from "./i18n.js";
import { linked } from "./linked.js";
import { showRoles } from "./roles.js";
import { offerStory } from "./story.js";
import { usable } from "./usable.js";

const CARRIER = "/carrier";
const POLL_MS = 2_000;
const DEVICES = 24; // at most in sight: an alert reaches thousands
const EACH = 20; // messages of each

const devices = new Map(); // by kind and contact; who got a message last stands last
let messages = 0;
let last = 0;

async function poll() {
  if (!document.hidden) await fetchNew();
  setTimeout(poll, POLL_MS);
}

async function fetchNew() {
  try {
    const answer = await fetch(`${CARRIER}/messages?after=${last}`, { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.statusText);
    const fresh = await answer.json();
    fresh.forEach(take);
    if (fresh.length || byId("show").hidden) show();
  } catch {
    unreachable();
  }
}

function take(message) {
  last = Math.max(last, message.seq);
  messages += 1;
  const kind = message.channel === "email" ? "inbox" : "phone";
  const key = `${kind} ${message.to.toLowerCase()}`;
  const device = devices.get(key) ?? { kind, to: message.to, messages: [] };
  devices.delete(key);
  devices.set(key, { ...device, messages: [message, ...device.messages].slice(0, EACH) });
}

function show() {
  if (byId("show").hidden) reached();
  const wanted = byId("filter").value.trim().toLowerCase();
  const all = [...devices.values()].reverse();
  const found = all.filter((device) => matches(device, wanted));
  const shown = found.slice(0, DEVICES);
  if (!all.length) say(byId("count"), "phones.none");
  else if (!shown.length) say(byId("count"), "phones.none_found");
  else say(byId("count"), "phones.count", { messages, shown: shown.length, all: all.length });
  byId("devices").replaceChildren(...shown.map(drawn));
}

function reached() {
  byId("trouble").replaceChildren();
  visible(byId("show"), true);
}

function matches(device, wanted) {
  const texts = [device.to, ...device.messages.map((message) => `${message.subject ?? ""} ${message.text}`)];
  return texts.some((text) => text.toLowerCase().includes(wanted) || text.replaceAll(" ", "").includes(wanted));
}

function drawn(device) {
  const list = element("ol", { tabindex: "0", "aria-label": device.to }, ...device.messages.map(item));
  return element("section", { class: `device ${device.kind}`, "aria-label": device.to }, element("h2", {}, device.to), list);
}

function item(message) {
  const parts = [];
  if (message.channel === "push") parts.push(spoken("p", { class: "meta" }, "phones.push"));
  if (message.channel === "voice") parts.push(spoken("h3", {}, "phones.call"));
  if (message.subject) parts.push(element("h3", {}, message.subject));
  parts.push(...linked(message.text));
  if (message.html) parts.push(element("p", {}, original(message)));
  parts.push(meta(message));
  return element("li", { class: "message" }, ...parts);
}

function original({ id }) {
  return spoken("a", { href: `${CARRIER}/messages/${encodeURIComponent(id)}/html`, target: "_blank" }, "phones.as_sent");
}

function meta({ at, status, parts }) {
  const line = element("p", { class: "meta" }, `${moment(at)} · `, spoken("span", {}, `phones.status.${status}`));
  if (parts) line.append(" · ", spoken("span", {}, "phones.parts", { count: parts }));
  return line;
}

function unreachable() {
  visible(byId("show"), false);
  if (byId("trouble").childElementCount) return;
  const what = [spoken("h2", {}, "phones.not_here"), spoken("p", {}, "phones.not_here_what")];
  byId("trouble").replaceChildren(element("div", { class: "notice careful" }, ...what));
}

byId("filter").addEventListener("input", show);
whenever(() => {
  if (!byId("show").hidden) show();
});
showRoles(byId("roles"));
offerStory();
usable(poll());
