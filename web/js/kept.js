// What is being written, kept in this tab: a refresh, or a session that ends, loses nothing.

import { passing } from "./stored.js";

export class Kept {
  #key;

  constructor(name) {
    this.#key = `burgernet.draft.${name}`;
  }

  keep(body) {
    passing.setItem(this.#key, JSON.stringify(body));
  }

  /** Undefined where nothing is kept. */
  read() {
    return JSON.parse(passing.getItem(this.#key) ?? "null") ?? undefined;
  }

  forget() {
    passing.removeItem(this.#key);
  }
}
