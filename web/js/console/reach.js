// Whom an alert would ask now, as the API counts it: how many, by which channel, where, in how long, at what cost.

import { element, spoken } from "../dom.js";
import { language, money, number, whenever } from "../i18n.js";
import { advised } from "./advised.js";
import { ask } from "./session.js";
import { length } from "./lengths.js";

const MOST_AREAS = 12; // the rest is summed up

export class Reach {
  #told;
  #of;

  constructor(id) {
    this.id = id;
    this.element = element("section", { class: "card", "aria-live": "polite" });
    whenever(() => this.#draw(), this.element);
  }

  /** Counts anew where the alert is another than the one that was counted. */
  async show({ version }) {
    this.element.hidden = false;
    if (this.#of === version) return;
    this.#of = version;
    this.#told = undefined;
    this.#draw();
    try {
      this.#told = await ask("POST", `/alerts/${this.id}/preview`);
    } catch (error) {
      if (error.status === undefined) throw error;
      this.#of = undefined;
      this.#told = null;
    }
    this.#draw();
  }

  hide() {
    this.element.hidden = true;
  }

  #draw() {
    const heading = spoken("h2", {}, "reach.heading");
    if (this.#told === undefined) return this.element.replaceChildren(heading, spoken("p", {}, "reach.counting"));
    if (this.#told === null) return this.element.replaceChildren(heading, spoken("p", { class: "error" }, "reach.failed"));
    return this.element.replaceChildren(heading, ...drawn(this.#told));
  }
}

/** What `POST /alerts/preview` told, as elements. */
export function drawn(told) {
  const { people, fewer_than: fewer, exact, band, channels, seconds, cost, budget } = told;
  const parts = [element("p", { class: "band" }, element("strong", {}, band.label[language()] ?? band.label.nl))];
  if (people === undefined) parts.push(spoken("p", {}, "reach.few", { count: fewer }));
  else parts.push(spoken("p", {}, exact ? "reach.exact" : "reach.estimate", { count: number(people) }));
  if (people === undefined) return [...parts, ...advised(told.advice)];
  if (cost) parts.push(spoken("p", {}, "reach.cost", { cost: money(cost.cents, cost.currency), length: length(seconds) }));
  if (budget?.length) parts.push(strained(budget));
  parts.push(channelTable(channels));
  for (const level of ["municipalities", "districts", "neighbourhoods"]) if (told[level]?.length) parts.push(areaList(level, told[level]));
  return [...parts, ...advised(told.advice)];
}

/** Whose budget this would use up. It says so, and hinders nothing. */
function strained(budget) {
  const items = budget.slice(0, MOST_AREAS).map(({ name, strain, budget_cents: whole, spent_cents: spent, alert_cents: alert, currency }) => {
    const [cost, total, all] = [alert, spent + alert, whole].map((cents) => money(cents, currency));
    return spoken("li", {}, `reach.budget_${strain}`, { name, cost, total, all });
  });
  if (budget.length > MOST_AREAS) items.push(spoken("li", {}, "reach.more", { count: budget.length - MOST_AREAS }));
  const heading = element("p", {}, spoken("strong", {}, "reach.budget"));
  return element("div", { class: "notice careful budget" }, heading, element("ul", {}, ...items), spoken("p", {}, "reach.budget_anyway"));
}

function channelTable(channels) {
  const rows = channels.map(({ channel, people, seconds }) =>
    element("tr", {}, spoken("th", { scope: "row" }, `by.${channel}`), element("td", {}, number(people)), element("td", {}, length(seconds))),
  );
  const head = element("tr", {}, ...["reach.channel", "reach.people", "reach.length"].map((key) => spoken("th", { scope: "col" }, key)));
  return element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
}

function areaList(level, areas) {
  const shown = areas.slice(0, MOST_AREAS).map(({ name, people }) => element("li", {}, `${name}: ${number(people)}`));
  if (areas.length > MOST_AREAS) shown.push(spoken("li", {}, "reach.more", { count: areas.length - MOST_AREAS }));
  return element("details", {}, spoken("summary", {}, `reach.${level}`, { count: areas.length }), element("ul", {}, ...shown));
}
