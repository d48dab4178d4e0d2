// Taking figures along: as a table for a spreadsheet, on paper, or as the overview of a year.

import { busy } from "../busy.js";
import { element, spoken } from "../dom.js";
import { fetched } from "../console/session.js";
import { days } from "./periods.js";
import { tablePath } from "./source.js";
import { address } from "./state.js";

const SEPARATORS = ["semicolon", "comma"];

/** `place`: an area, or an organisation. */
export function waysOut(place, state) {
  const status = element("p", { role: "status" });
  const tables = SEPARATORS.map((separator) => table(place, state.period, separator, status));
  const year = days(state.period).last.slice(0, 4);
  const overview = spoken("a", { class: "button second", href: address(state, { yearly: true, period: year }) }, "dashboard.to_year", { year });
  const open = place.level === "nation" ? [spoken("a", { class: "button second", href: `/api/open-data/${year}/alerts.csv` }, "dashboard.open_data", { year })] : [];
  return element("section", { class: "card out" }, spoken("h2", {}, "dashboard.out"), element("p", { class: "buttons" }, overview, ...tables, ...open, printing()), status);
}

export function printing() {
  return spoken("button", { type: "button", class: "button second", onclick: () => print() }, "dashboard.print");
}

function table(place, period, separator, status) {
  const press = (event) => busy(event.currentTarget, () => save(place, period, separator, status));
  return spoken("button", { type: "button", class: "button second", onclick: press }, `dashboard.csv.${separator}`);
}

/** A link cannot carry the token, so the page fetches the table and hands it to the browser. */
async function save(place, period, separator, status) {
  status.replaceChildren();
  try {
    const content = URL.createObjectURL(await fetched(tablePath(place, period, separator)));
    const { first, last } = days(period);
    element("a", { href: content, download: `burgernet-${place.code}-${first}-${last}.csv` }).click();
    URL.revokeObjectURL(content);
  } catch (error) {
    if (error.status === undefined) throw error;
    status.replaceChildren(spoken("span", {}, "page.failed"));
  }
}
