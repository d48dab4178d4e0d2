// The same figures as on the map, and all others, in a table that sorts.

import { element, spoken } from "../dom.js";
import { label, language, number } from "../i18n.js";
import { MEASURES } from "./measures.js";
import { address } from "./state.js";

const LONG = 60; // rows: then it scrolls beside its map

export function areaTable(parts) {
  const head = element("tr");
  const body = element("tbody");
  const table = element("table", { class: "figures-table" }, spoken("caption", {}, "dashboard.table"), element("thead", {}, head), body);
  const long = parts.length > LONG;
  const scrolls = element("div", { class: long ? "scrolls long" : "scrolls", tabindex: "0", role: "group" }, table);
  label(scrolls, "dashboard.table");
  const columns = ["name", ...Object.keys(MEASURES)].map((name) => new Column(name));
  head.append(...columns.map((column) => column.element));
  const dash = spoken("p", { class: "small quiet" }, parts.some(({ area }) => area.closed) ? "dashboard.dash_others" : "dashboard.dash");
  dash.hidden = parts.every(({ told, area }) => Object.values(MEASURES).every(({ of }) => of(told, area) !== undefined));
  const show = (state) => {
    const [, backwards, by] = /^(-?)(.*)$/.exec(state.sort);
    const column = columns.find((one) => one.name === by) ?? columns[0];
    for (const one of columns) one.show(state, one === column, Boolean(backwards));
    body.replaceChildren(...sorted(parts, column, Boolean(backwards)).map((part) => row(part, state)));
  };
  return { element: element("div", { class: long && "with-long" }, scrolls, dash), show };
}

class Column {
  constructor(name) {
    this.name = name;
    this.button = spoken("button", { type: "button", class: "sort", onclick: () => (location.hash = this.next) }, `dashboard.measure.${name}`);
    this.element = element("th", { scope: "col" }, this.button);
  }

  /** Numbers sort from high to low first, names from a to z. */
  show(state, sorting, backwards) {
    const first = this.name === "name" ? this.name : `-${this.name}`;
    const second = this.name === "name" ? `-${this.name}` : this.name;
    this.next = address(state, { sort: state.sort === first ? second : first });
    if (sorting) this.element.setAttribute("aria-sort", backwards ? "descending" : "ascending");
    else this.element.removeAttribute("aria-sort");
  }
}

/** What is not told comes last, whichever way. */
function sorted(parts, { name }, backwards) {
  const way = backwards ? -1 : 1;
  const names = new Intl.Collator(language(), { numeric: true });
  if (name === "name") return parts.toSorted((one, other) => way * names.compare(one.area.name, other.area.name));
  const value = ({ told, area }) => MEASURES[name].of(told, area);
  const untold = way * Infinity;
  return parts.toSorted((one, other) => way * compare(value(one) ?? untold, value(other) ?? untold) || names.compare(one.area.name, other.area.name));
}

function compare(one, other) {
  return one === other ? 0 : one < other ? -1 : 1;
}

function row({ area, told }, state) {
  const name = area.closed ? area.name : element("a", { href: address(state, { code: area.code, sort: "name" }) }, area.name);
  return element("tr", {}, element("th", { scope: "row" }, name), ...Object.values(MEASURES).map(({ of }) => cell(of(told, area))));
}

/** A cell of a table: a number, a text, or undefined where nothing is told. */
export function cell(value) {
  if (value !== undefined) return element("td", {}, typeof value === "number" ? number(value) : value);
  return element("td", {}, element("span", { "aria-hidden": "true" }, "–"), spoken("span", { class: "unseen" }, "dashboard.untold"));
}
