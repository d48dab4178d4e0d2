// All alerts of this control room: what runs or waits first, each with its age.

import { element, spoken } from "../dom.js";
import { whenever } from "../i18n.js";
import { badges } from "./badges.js";
import { fresh, stale } from "./freshness.js";
import { Poll } from "./poll.js";
import { ask, may } from "./session.js";
import { age } from "./lengths.js";

const POLL_MS = 5_000;
const GROUPS = [
  ["running", ["scheduled", "active"]],
  ["waiting", ["submitted"]],
  ["drafts", ["draft"]],
  ["past", ["closed", "cancelled"]],
];

export class ListView {
  #alerts;
  #cursor;
  #more = [];
  #seen = "";

  constructor() {
    this.body = element("div");
    this.element = element("section", {}, spoken("h1", { tabindex: "-1" }, "console.alerts"), this.body);
    this.poll = new Poll(() => this.#ask(), { onanswer: fresh, onfail: stale });
  }

  begin() {
    whenever(() => this.#show(), this.element);
    return this.poll.now();
  }

  pause() {
    this.poll.pause();
  }

  resume() {
    return this.poll.now();
  }

  stop() {
    this.poll.stop();
  }

  async #ask() {
    const { alerts, cursor } = await ask("GET", "/alerts?limit=100");
    this.#cursor ??= cursor ?? "";
    if (this.#isNew(alerts)) this.#show();
    return POLL_MS;
  }

  /** Whether there is anything to show anew; ages are, twice a minute. */
  #isNew(alerts) {
    const seen = JSON.stringify(alerts) + Math.floor(Date.now() / 30_000);
    const differs = seen !== this.#seen;
    this.#seen = seen;
    this.#alerts = alerts;
    return differs;
  }

  async #older() {
    const { alerts, cursor } = await ask("GET", `/alerts?limit=100&cursor=${encodeURIComponent(this.#cursor)}`);
    this.#more.push(...alerts);
    this.#cursor = cursor ?? "";
    this.#show();
  }

  #show() {
    const focused = document.activeElement?.getAttribute("href");
    const parts = [];
    if (may("dispatcher")) parts.push(element("p", { class: "buttons" }, spoken("a", { class: "button", href: "#/new" }, "console.new")));
    parts.push(...this.#groups());
    this.body.replaceChildren(...parts);
    if (focused) [...this.element.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
  }

  #groups() {
    if (!this.#alerts) return [spoken("p", { role: "status" }, "page.loading")];
    const all = [...new Map([...this.#more, ...this.#alerts].map((alert) => [alert.id, alert])).values()];
    all.sort((one, other) => (one.created_at < other.created_at ? 1 : -1));
    if (!all.length) return [spoken("p", {}, "console.none")];
    const parts = GROUPS.flatMap(([name, states]) => group(name, all.filter(({ state }) => states.includes(state))));
    if (this.#cursor) parts.push(element("p", {}, spoken("button", { type: "button", class: "button second", onclick: () => this.#older() }, "console.older")));
    return parts;
  }
}

function group(name, alerts) {
  if (!alerts.length) return [];
  const heading = spoken("h2", { id: `group-${name}` }, `console.group.${name}`, { count: alerts.length });
  return [heading, element("ul", { class: "alerts", "aria-labelledby": `group-${name}` }, ...alerts.map(line))];
}

function line(alert) {
  const when = element("p", { class: "quiet small" }, spoken("span", {}, `category.${alert.category}`), " · ", spoken("span", {}, "console.age", { age: age(alert.created_at) }));
  return element("li", { class: alert.status === "Actual" ? "" : "not-meant" }, badges(alert), element("h3", {}, element("a", { href: `#/alerts/${alert.id}` }, alert.headline)), when);
}
