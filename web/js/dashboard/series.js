// A row of months or of days: a picture of one figure, and a table with all of them.

import { element, spoken } from "../dom.js";
import { label } from "../i18n.js";
import { cell } from "./area_table.js";
import { bars } from "./bars.js";
import { MEASURES } from "./measures.js";

/**
 * `rows`: `[{ name, told }]`, `name` as it is read, `told` as the API has it. `measures`: the columns of the table;
 * `shown`: of which there is a picture. `column(row, value, index)`: what stands around its bar.
 */
export function series({ heading, first, place, rows, measures, shown, column, ...drawing }) {
  const value = ({ told }) => MEASURES[shown].of(told, place);
  const columns = rows.map((row, index) => ({ value: value(row), ...column(row, value(row), index) }));
  const picture = element("figure", {}, spoken("figcaption", {}, `dashboard.measure.${shown}`), bars(columns, shown, drawing));
  const head = [first, ...measures.map((name) => `dashboard.measure.${name}`)].map((key) => spoken("th", { scope: "col" }, key));
  const lines = rows.map(({ name, told }) => element("tr", {}, element("th", { scope: "row" }, name), ...measures.map((one) => cell(MEASURES[one].of(told, place)))));
  const table = element("table", {}, spoken("caption", {}, heading), element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...lines));
  const scrolls = element("div", { class: "scrolls", tabindex: "0", role: "group" }, table);
  label(scrolls, heading);
  return element("section", { class: "card" }, spoken("h2", {}, heading), element("div", { class: "picture-and-table" }, picture, scrolls));
}
