// Choosing a period: a form, so that arrow keys in a list do not load a page for each line that they pass.

import { element, spoken } from "../dom.js";
import { t } from "../i18n.js";
import { days, isPeriod, isTooLong, own, today } from "./periods.js";
import { address } from "./state.js";

const YEARS = 10; // to choose from
const KINDS = [
  ["this-year", /^this-year$/],
  ["last-12-months", /^last-12-months$/],
  ["year", /^\d{4}$/],
  ["month", /^\d{4}-\d{2}$/],
  ["own", /\.\.|W/],
];

export function periodChoice(state) {
  const { first, last } = days(state.period);
  const kind = element("select", { id: "period-kind" });
  for (const [name, pattern] of KINDS) kind.append(spoken("option", { value: name, selected: pattern.test(state.period) }, `dashboard.period.${name.replaceAll("-", "_")}`));
  const year = element("select", { id: "period-year" });
  const newest = Number(today().slice(0, 4));
  for (let one = newest; one > newest - YEARS; one -= 1) year.append(element("option", { selected: first.startsWith(one) }, String(one)));
  const month = element("input", { type: "month", id: "period-month", value: first.slice(0, 7), max: today().slice(0, 7), min: "2001-01", required: true });
  const from = element("input", { type: "date", id: "period-first", value: first, min: "2001-01-01", required: true });
  const until = element("input", { type: "date", id: "period-last", value: last, min: "2001-01-01", required: true });
  const fields = { year: [field("year", year)], month: [field("month", month)], own: [field("first", from), field("last", until)] };
  const wrong = () => {
    if (until.value < from.value) return t("dashboard.backwards");
    return isTooLong({ first: from.value, last: until.value }) ? t("dashboard.too_long") : "";
  };
  const judge = () => until.setCustomValidity(kind.value === "own" ? wrong() : "");

  function shown() {
    for (const [name, some] of Object.entries(fields)) {
      for (const one of some) {
        one.hidden = kind.value !== name;
        one.querySelector("input, select").disabled = kind.value !== name;
      }
    }
    judge();
  }
  const chosen = () => ({ year: year.value, month: month.value, own: own(from.value, until.value) })[kind.value] ?? kind.value;
  const show = (event) => {
    event.preventDefault();
    if (isPeriod(chosen())) location.hash = address(state, { period: chosen() });
  };
  kind.addEventListener("change", shown);
  for (const input of [from, until]) input.addEventListener("input", judge);
  shown();
  return element("form", { class: "period", onsubmit: show }, field("kind", kind), ...Object.values(fields).flat(), spoken("button", { class: "button second" }, "dashboard.period.show"));
}

function field(name, input) {
  return element("div", { class: "field" }, spoken("label", { for: input.id }, `dashboard.period.${name}`), input);
}
