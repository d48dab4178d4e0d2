// What was done to an alert, by whom and when, newest first.

import { element, spoken } from "../dom.js";
import { clock, known, whenever } from "../i18n.js";

export class History {
  #events = new Map();

  constructor() {
    this.list = element("ol", { class: "history" });
    this.element = element("section", { class: "card" }, spoken("h2", {}, "history.heading"), this.list);
    whenever(() => this.#show(), this.element);
  }

  add(events) {
    const before = this.#events.size;
    for (const event of events) this.#events.set(event.cursor, event);
    if (this.#events.size > before) this.#show();
  }

  #show() {
    const newest = [...this.#events.values()].sort((one, other) => (one.cursor < other.cursor ? 1 : -1));
    this.list.replaceChildren(...newest.map(line));
  }
}

function line({ at, type, by, facts }) {
  const key = `event.${type.replaceAll("-", "_")}`;
  const what = known(key) ? spoken("span", {}, key) : element("span", {}, type);
  const more = facts.reason ? [element("span", { class: "quiet" }, ` ${facts.reason}`)] : [];
  const who = by === "system" ? spoken("span", { class: "quiet" }, "history.by_itself") : element("span", { class: "quiet" }, by);
  return element("li", {}, element("time", { datetime: at }, clock(at)), " ", what, " ", who, ...more);
}
