// Taking figures along: as a table for a spreadsheet, on paper, or as the overview of a year.

import { address as publicly } from "../api.js";
import { busy } from "../busy.js";
import { element, spoken } from "../dom.js";
import { fetched } from "../console/session.js";
import { daysOf } from "./by_day.js";
import { days, today } from "./periods.js";
import { tablePath } from "./source.js";
import { address } from "./state.js";

const SEPARATORS = ["semicolon", "comma"];

/** `place`: an area, or an organisation. */
export function waysOut(told, state) {
  const status = element("p", { role: "status" });
  const { place } = told;
  const rows = daysOf(told).length ? ["area", "day"] : ["area"];
  const tables = rows.flatMap((by) => SEPARATORS.map((separator) => table(place, state.period, separator, by, status)));
  const year = days(state.period).last.slice(0, 4);
  const overview = spoken("a", { class: "button second", href: address(state, { yearly: true, period: year }) }, "dashboard.to_year", { year });
  const begun = year <= today().slice(0, 4);
  const open = place.level === "nation" && begun ? [spoken("a", { class: "button second", href: publicly(`/open-data/${year}/alerts.csv`) }, "dashboard.open_data", { year })] : [];
  return element("section", { class: "card out" }, spoken("h2", {}, "dashboard.out"), element("p", { class: "buttons" }, overview, ...tables, ...open, printing()), status);
}

export function printing() {
  return spoken("button", { type: "button", class: "button second", onclick: () => print() }, "dashboard.print");
}

function table(place, period, separator, by, status) {
  const press = (event) => busy(event.currentTarget, () => save(place, period, separator, by, status));
  return spoken("button", { type: "button", class: "button second", onclick: press }, `dashboard.csv.${by}.${separator}`);
}

/** A link cannot carry the token, so the page fetches the table and hands it to the browser. */
async function save(place, period, separator, by, status) {
  status.replaceChildren();
  try {
    const content = URL.createObjectURL(await fetched(tablePath(place, period, separator, by)));
    const { first, last } = days(period);
    element("a", { href: content, download: `burgernet-${place.code}-${first}-${last}${by === "area" ? "" : `-by-${by}`}.csv` }).click();
    URL.revokeObjectURL(content);
  } catch (error) {
    if (error.status === undefined) throw error;
    status.replaceChildren(spoken("span", {}, "page.failed"));
  }
}
