// Day by day, where the period is a month at most: bars of what the map is shaded by, or of alerts, and a table with
// participants at the end of each day too.

import { spoken } from "../dom.js";
import { brief } from "../i18n.js";
import { short } from "./bars.js";
import { MEASURES } from "./measures.js";
import { series } from "./series.js";

const LEAST = 2; // days: one is no row of them
const [WEEK, MIDWEEK] = [7, 3]; // one bar in a week has its day under it, none at the edge
const DAILY = Object.keys(MEASURES).filter((name) => MEASURES[name].monthly);

/** What is told of each day; none where there is no row of them. */
export function daysOf({ daily = [] }) {
  return daily.length < LEAST ? [] : daily;
}

/** Elements; none where no day is told. */
export function byDay({ place, ...told }, { shade }) {
  const daily = daysOf(told);
  if (!daily.length) return [];
  const shown = DAILY.includes(shade) ? shade : "alerts";
  const rows = daily.map((told) => ({ name: brief(told.code), told }));
  const values = daily.map((told) => MEASURES[shown].of(told, place));
  const highest = values.indexOf(Math.max(...values)); // the first of them says how much it is
  const column = ({ told: { code } }, value, index) => ({
    above: index === highest && value > 0 && short(value),
    below: index % WEEK === MIDWEEK && brief(code),
  });
  const section = series({ heading: "dashboard.by_day", first: "dashboard.day", place, rows, measures: [...DAILY, "participants"], shown, column, named: "dashboard.chart_of_days", bar: 8, gap: 4 });
  section.append(spoken("p", { class: "small quiet" }, "dashboard.day_end"));
  return [section];
}
