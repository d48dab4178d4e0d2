// What a browser keeps for us. Where it will not, because that is blocked or full, this page remembers it for as long as it is open.

class Store {
  #name;
  #here = new Map();

  /** `name`: of the browser's own; to look at it may be refused already. */
  constructor(name) {
    this.#name = name;
  }

  /** A text, or null. */
  getItem(key) {
    return this.#here.get(key) ?? this.#tried((store) => store.getItem(key)) ?? null;
  }

  setItem(key, text) {
    const kept = this.#tried((store) => {
      store.setItem(key, text);
      return true;
    });
    if (kept) this.#here.delete(key);
    else this.#here.set(key, text);
  }

  removeItem(key) {
    this.#here.delete(key);
    this.#tried((store) => store.removeItem(key));
  }

  #tried(act) {
    try {
      return act(globalThis[this.#name]);
    } catch {
      return undefined;
    }
  }
}

/** For every visit. */
export const lasting = new Store("localStorage");
/** For this tab. */
export const passing = new Store("sessionStorage");
