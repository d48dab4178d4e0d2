// What was answered so far. It lives in this tab alone: through a refresh and the back button, until it was sent or the tab
// closes. Nothing of it stands in an address.

import { passing } from "../stored.js";

const KEY = "burgernet.answers";
const SOURCES = ["web", "facebook", "municipality", "letter", "event", "other"];

export class Answers {
  #kept = JSON.parse(passing.getItem(KEY) ?? "{}");

  constructor() {
    const via = new URLSearchParams(location.search).get("via");
    if (SOURCES.includes(via)) this.keep({ source: via });
  }

  /** By the name of each; `source`: where the link that led here stood, as it says itself (?via=letter). */
  get all() {
    return { source: "web", ...this.#kept };
  }

  keep(some) {
    this.#kept = { ...this.#kept, ...some };
    passing.setItem(KEY, JSON.stringify(this.#kept));
  }

  /** A step was answered, and somebody went on. */
  finish(step) {
    this.keep({ done: [...new Set([...(this.#kept.done ?? []), step])] });
  }

  finished(step) {
    return this.#kept.done?.includes(step) ?? false;
  }

  forget() {
    this.#kept = {};
    passing.removeItem(KEY);
  }
}
