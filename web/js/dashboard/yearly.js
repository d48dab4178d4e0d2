// A year on paper: one sentence that says what it brought, then the figures that it is made of. One or two pages of A4.

import { element, spoken } from "../dom.js";
import { day, language, money, number, percent } from "../i18n.js";
import { cell } from "./area_table.js";
import { byArea } from "./by_area.js";
import { byMonth } from "./by_month.js";
import { counts } from "./counts.js";
import { strange, trail } from "./overview.js";
import { days, today } from "./periods.js";
import { address } from "./state.js";
import { printing } from "./ways_out.js";

/** As `overview`. */
export function yearly(told, state) {
  const { place, whole, earlier } = told;
  const { first, last } = days(state.period);
  const year = first.slice(0, 4);
  const areas = told.parts.length && place.level !== "nation" ? byArea(told, state) : undefined; // 342 would fill pages
  const page = element(
    "article",
    { class: "yearly" },
    trail(told, state),
    spoken("h1", { tabindex: "-1" }, "dashboard.year.heading", { year, name: place.name }),
    ...strange(state),
    ...(first > today() ? [spoken("p", { class: "notice" }, "dashboard.future")] : []),
    ...(last === today() ? [spoken("p", { class: "notice" }, "dashboard.year.not_over", { day: day(last) })] : []),
    ...sentence(whole),
    figures(whole, earlier, last < today()),
  );
  if (areas) page.append(areas.element);
  page.append(...byMonth(told, state), counts(whole), spoken("p", { class: "small quiet" }, "dashboard.year.how"), ways(state));
  return { element: page, change: (changed) => areas?.change(changed) };
}

/** Of a municipality and above the API says it in a sentence; below, and of police teams, figures say enough. */
function sentence({ alerts, sentence: said }) {
  if (!alerts) return [spoken("p", { class: "notice" }, "dashboard.withheld")];
  return said ? [element("p", { class: "lead sentence" }, said[language()])] : [];
}

function figures(now, then, over) {
  const rows = [
    ["participants", participants(now, over), now.participants.growth?.before],
    ["alerts", now.alerts?.total, then.alerts?.total],
    ["reached", now.people?.reached, then.people?.reached],
    ["tips", now.tips, then.tips],
    ["successes", now.success?.successes, then.success?.successes],
    ["share", told(now.success), told(then.success)],
    ["cost", now.cost && money(now.cost.cents, now.cost.currency), then.cost && money(then.cost.cents, then.cost.currency)],
  ].filter(([name, ...values]) => name !== "cost" || values[0] !== undefined || now.costUnknown);
  const head = element("tr", {}, ...["figure", "now", "before"].map((name) => spoken("th", { scope: "col" }, `dashboard.year.${name}`)));
  const lines = rows.map(([name, ...values]) => element("tr", {}, spoken("th", { scope: "row" }, `dashboard.figure.${name}`), ...values.map(cell)));
  return element("section", { class: "card" }, spoken("h2", {}, "dashboard.headline"), element("table", {}, element("thead", {}, head), element("tbody", {}, ...lines)));
}

/** At the end of a year, as far as they were counted then; or now. */
function participants({ participants: { participants: now, growth } }, over) {
  return growth?.after ?? (over ? undefined : (now ?? undefined));
}

/** A share as text, undefined where none is told. */
function told(success) {
  if (!success) return undefined;
  return success.too_few ? `${number(success.successes)} / ${number(success.closed)}` : percent(success.share);
}

function ways(state) {
  return element("p", { class: "buttons out" }, printing(), spoken("a", { class: "button second", href: address(state, { yearly: false }) }, "dashboard.year.back"));
}
