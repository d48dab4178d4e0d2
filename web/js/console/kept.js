// What is being written, kept in this tab: a refresh, or a session that ends, loses nothing.

export class Kept {
  #key;

  constructor(name) {
    this.#key = `burgernet.draft.${name}`;
  }

  keep(body) {
    sessionStorage.setItem(this.#key, JSON.stringify(body));
  }

  /** Undefined where nothing is kept. */
  read() {
    return JSON.parse(sessionStorage.getItem(this.#key) ?? "null") ?? undefined;
  }

  forget() {
    sessionStorage.removeItem(this.#key);
  }
}
