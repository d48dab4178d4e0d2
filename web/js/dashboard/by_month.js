// Month by month: bars of what the map is shaded by, or of alerts, and a table beside them.

import { element, spoken } from "../dom.js";
import { label, language, month, t } from "../i18n.js";
import { made } from "../svg.js";
import { cell } from "./area_table.js";
import { MEASURES } from "./measures.js";
import { days, monthsOf } from "./periods.js";

const [BAR, GAP, HIGH, UNDER] = [24, 8, 140, 34]; // in the picture's own units
const LEAST = 2; // months: one is no row of them
const BELOW = ["district", "neighbourhood"]; // of which no month is told
const MONTHLY = Object.keys(MEASURES).filter((name) => MEASURES[name].monthly);

/** Elements; none where there is nothing to see month by month. */
export function byMonth({ place, months }, { period, shade }) {
  const names = monthsOf(days(period));
  if (!months || names.length < LEAST || BELOW.includes(place.level)) return [];
  const rows = names.map((name) => ({ name, values: MONTHLY.map((measure) => MEASURES[measure].of(months.get(name), place)) }));
  const measure = MONTHLY.includes(shade) ? shade : "alerts";
  const picture = element("figure", {}, spoken("figcaption", {}, `dashboard.measure.${measure}`), bars(rows, MONTHLY.indexOf(measure), measure));
  const both = element("div", { class: "picture-and-table" }, picture, table(rows));
  return [element("section", { class: "card" }, spoken("h2", {}, "dashboard.by_month"), both)];
}

function bars(rows, which, measure) {
  const most = Math.max(...rows.map(({ values }) => values[which] ?? 0), 1);
  const picture = made("svg", { viewBox: `0 0 ${rows.length * (BAR + GAP)} ${HIGH + UNDER}`, class: "bars", role: "img" });
  label(picture, "dashboard.chart", { measure: t(`dashboard.measure.${measure}`) });
  rows.forEach(({ name, values }, index) => {
    const value = values[which];
    const height = ((value ?? 0) / most) * (HIGH - 20);
    const middle = index * (BAR + GAP) + (BAR + GAP) / 2;
    picture.append(made("rect", { x: middle - BAR / 2, y: HIGH - height, width: BAR, height }));
    picture.append(text(middle, HIGH - height - 5, value === undefined ? "–" : short(value)), text(middle, HIGH + 14, initial(name)));
    if (name.endsWith("-01") || !index) picture.append(text(middle, HIGH + 28, name.slice(0, 4)));
  });
  picture.append(made("path", { d: `M0 ${HIGH}H${rows.length * (BAR + GAP)}`, class: "ground" }));
  return picture;
}

function text(x, y, content) {
  const shown = made("text", { x, y, "text-anchor": "middle" });
  shown.textContent = content;
  return shown;
}

/** 12.3K: for a narrow bar; the table has it in full. */
function short(value) {
  return new Intl.NumberFormat(language(), { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

function initial(name) {
  return month(name).slice(0, 3);
}

function table(rows) {
  const head = element("tr", {}, spoken("th", { scope: "col" }, "dashboard.month"), ...MONTHLY.map((name) => spoken("th", { scope: "col" }, `dashboard.measure.${name}`)));
  const lines = rows.map(({ name, values }) => element("tr", {}, element("th", { scope: "row" }, month(name)), ...values.map(cell)));
  const scrolls = element("div", { class: "scrolls", tabindex: "0", role: "group" }, element("table", {}, spoken("caption", {}, "dashboard.by_month"), element("thead", {}, head), element("tbody", {}, ...lines)));
  label(scrolls, "dashboard.by_month");
  return scrolls;
}
