// How far an alert is: per message, people asked and reached, and what became of each channel's messages.

import { element, spoken } from "../dom.js";
import { number } from "../i18n.js";

const CHANNELS = ["sms", "voice", "email", "push"];
const SHOWN = ["queued", "sent", "delivered", "failed", "opted_out", "spared"];

/** Elements; none before the first message. */
export function progress(told, alert) {
  if (!told || !alert) return [];
  return [element("section", { class: "card" }, spoken("h2", {}, "progress.heading"), ...Object.entries(told).flatMap(([name, message]) => part(name, message)))];
}

function part(name, { people, asked, reached, suppressed, channels }) {
  const total = element("p", {}, spoken("span", {}, "progress.people", { people: number(people), asked: number(asked), reached: number(reached) }));
  const parts = [heading(name), total, bar(asked, people), table(channels)];
  const reasons = Object.entries(suppressed ?? {}).filter(([, count]) => count);
  if (reasons.length) {
    const items = reasons.map(([reason, count]) => spoken("li", {}, `suppressed.${reason}`, { count: number(count) }));
    parts.push(element("details", {}, spoken("summary", {}, "progress.suppressed"), element("ul", {}, ...items)));
  }
  return parts;
}

function heading(name) {
  if (name === "outcome-late") return spoken("h3", {}, "message.outcome_late");
  const [kind, count] = name.split("-");
  return spoken("h3", {}, `message.${kind}`, { count: count ?? "" });
}

function bar(done, all) {
  return element("progress", { max: Math.max(all, 1), value: done, "aria-hidden": "true" });
}

/** A column for each channel: six results beside each other would not fit beside the alert. */
function table(channels) {
  const used = CHANNELS.filter((channel) => channel in channels);
  if (!used.length) return "";
  const head = element("tr", {}, element("td"), ...used.map((channel) => spoken("th", { scope: "col" }, `by.${channel}`)));
  const rows = SHOWN.map((name) =>
    element("tr", {}, spoken("th", { scope: "row" }, `progress.${name}`), ...used.map((channel) => element("td", {}, number(channels[channel][name] ?? 0)))),
  );
  return element("div", { class: "scrolls", tabindex: "0", role: "group" }, element("table", { class: "numbers" }, element("thead", {}, head), element("tbody", {}, ...rows)));
}
