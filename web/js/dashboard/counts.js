// What there was of each kind: alerts by what they were about, results, channels, and how long things took.

import { element, spoken } from "../dom.js";
import { label } from "../i18n.js";
import { length } from "../console/lengths.js";
import { cell } from "./area_table.js";

const MESSAGES = ["sent", "delivered", "failed"];

export function counts({ alerts, results, contributions, messages, times }) {
  const tables = [];
  if (alerts?.total) tables.push(table("nature", ["count"], Object.entries(alerts.by_category).map(([name, count]) => [`category.${name}`, count])));
  if (filled(results)) tables.push(table("results", ["count"], Object.entries(results).map(([name, count]) => [`result.${name}`, count])));
  if (filled(contributions)) tables.push(table("contributions", ["count"], Object.entries(contributions).map(([name, count]) => [`contribution.${name}`, count])));
  if (filled(messages)) tables.push(table("messages", MESSAGES, Object.entries(messages).map(([name, some]) => [`by.${name}`, ...MESSAGES.map((one) => some[one])])));
  const known = Object.entries(times ?? {}).filter(([, seconds]) => seconds !== null && seconds !== undefined);
  if (known.length) tables.push(table("times", ["median"], known.map(([name, seconds]) => [`dashboard.time.${name}`, length(seconds)])));
  return element("div", { class: "cards counts" }, ...tables);
}

function filled(some) {
  return Object.keys(some ?? {}).length > 0;
}

/** `rows`: key of a text, then what stands in each column; undefined where it is not told. */
function table(name, columns, rows) {
  const head = element("tr", {}, spoken("th", { scope: "col" }, `dashboard.of.${name}`), ...columns.map((column) => spoken("th", { scope: "col" }, `dashboard.column.${column}`)));
  const lines = rows.map(([key, ...cells]) => element("tr", {}, spoken("th", { scope: "row" }, key), ...cells.map(cell)));
  const scrolls = element("div", { class: "scrolls", tabindex: "0", role: "group" }, element("table", {}, element("thead", {}, head), element("tbody", {}, ...lines)));
  label(scrolls, `dashboard.counts.${name}`);
  return element("section", { class: "card" }, spoken("h2", {}, `dashboard.counts.${name}`), scrolls);
}
