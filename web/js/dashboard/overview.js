// The view of an area: where it lies, the period, headline figures, a map and months with a table beside each, and ways out.

import { element, spoken } from "../dom.js";
import { day, label, number } from "../i18n.js";
import { member } from "../console/session.js";
import { byArea } from "./by_area.js";
import { byDay } from "./by_day.js";
import { byMonth } from "./by_month.js";
import { counts } from "./counts.js";
import { headline } from "./headline.js";
import { days, isWhole, today } from "./periods.js";
import { periodChoice } from "./period_choice.js";
import { address } from "./state.js";
import { waysOut } from "./ways_out.js";

/** `element`; `change(state)` for another shading or order; `complete(told)` when what was to come `later` is there. */
export function overview(told, state) {
  const areas = told.parts.length ? byArea(told, state) : undefined;
  const figures = headline(told);
  const page = element("article", {}, trail(told, state), ...heading(told.place), periodChoice(state), ...strange(state), ...said(told, state), figures.element);
  if (areas) page.append(areas.element);
  page.append(...byMonth(told, state), ...byDay(told, state), counts(told.whole), waysOut(told, state));
  return { element: page, change: (changed) => areas?.change(changed), complete: figures.complete };
}

/** From one's own areas down to this one. */
export function trail({ place, trail: above }, state) {
  const list = element("ol", {}, element("li", {}, spoken("a", { href: address(state, { code: "", yearly: false }) }, "dashboard.mine")));
  for (const { code, name } of above) list.append(element("li", {}, element("a", { href: address(state, { code, yearly: false }) }, name)));
  list.append(element("li", { "aria-current": "page" }, place.name));
  const nav = element("nav", { class: "trail" }, list);
  label(nav, "dashboard.trail");
  return nav;
}

function heading({ name, level, year, inhabitants }) {
  const parts = [spoken("span", {}, `dashboard.level.${level}`)];
  if (inhabitants) parts.push(". ", spoken("span", {}, "dashboard.inhabitants", { count: number(inhabitants), year }));
  return [element("h1", { tabindex: "-1" }, name), element("p", { class: "quiet" }, ...parts)];
}

/** What the address asks for that there is not, and what is shown instead. */
export function strange({ strange: { period, code } }) {
  const lines = [];
  if (code && code !== member().tenant) lines.push("dashboard.strange_code");
  if (period) lines.push("dashboard.strange_period");
  return lines.map((key) => spoken("p", { class: "notice careful" }, key));
}

/** The period in days; and where there is nothing, or nothing is told, why. */
function said({ place, whole, parts }, { period }) {
  const { first, last } = days(period);
  const lines = [spoken("p", { class: "lead" }, "dashboard.days", { first: day(first), last: day(last) })];
  const notice = (key, values) => lines.push(spoken("p", { class: "notice" }, key, values));
  if (place.until) notice("dashboard.ended", { year: place.until });
  if (whole.comparable_from) notice(whole.alerts ? "dashboard.changed_told" : "dashboard.changed", { year: whole.comparable_from });
  if (parts.some(({ area }) => area.closed)) notice("dashboard.others");
  if (!["neighbourhood", "nation"].includes(place.level) && !isWhole({ first, last })) notice("dashboard.parts_by_year");
  if (!whole.alerts && !whole.comparable_from) notice(isWhole({ first, last }) ? "dashboard.withheld" : "dashboard.by_year");
  else if (first > today()) notice("dashboard.future");
  else if (whole.alerts?.total === 0) notice("dashboard.empty");
  return lines;
}
