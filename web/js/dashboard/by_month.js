// Month by month: bars of what the map is shaded by, or of alerts, and a table beside them.

import { brief, month } from "../i18n.js";
import { short } from "./bars.js";
import { MEASURES } from "./measures.js";
import { days, monthsOf } from "./periods.js";
import { series } from "./series.js";

const LEAST = 2; // months: one is no row of them
const MONTHLY = Object.keys(MEASURES).filter((name) => MEASURES[name].monthly);

/** Elements; none where there is nothing to see month by month. */
export function byMonth({ place, months }, { period, shade }) {
  const codes = monthsOf(days(period));
  if (!months || codes.length < LEAST) return [];
  const rows = codes.map((code) => ({ code, name: month(code), told: months.get(code) }));
  const column = ({ code }, value) => ({
    above: value === undefined ? "–" : short(value),
    below: brief(code),
    under: (code.endsWith("-01") || code === codes[0]) && code.slice(0, 4),
  });
  const shown = MONTHLY.includes(shade) ? shade : "alerts";
  return [series({ heading: "dashboard.by_month", first: "dashboard.month", place, rows, measures: MONTHLY, shown, column, named: "dashboard.chart", bar: 24, gap: 8 })];
}
