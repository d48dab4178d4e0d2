// Choosing an area step by step: a municipality that takes part, one of its districts, one of that one's neighbourhoods.

import { call } from "./api.js";
import { byId, element, spoken, visible } from "./dom.js";

export class Areas {
  #lists;

  /** `ids`: of the select of each level, the largest first. What lies below stands in a field `<id>-field`. */
  constructor(ids) {
    this.#lists = ids.map(byId);
    this.#lists.forEach((list, level) => list.addEventListener("change", () => this.#changed(level)));
  }

  /** Raises Refused. */
  async open() {
    const { municipalities } = await call("GET", "/municipalities?joined=true");
    this.#fill(0, "listen.pick", municipalities);
  }

  /** { code, name } of the smallest that was chosen, or undefined. */
  get chosen() {
    const picked = this.#lists.filter((list) => list.value).map((list) => list.selectedOptions[0]);
    if (!picked.length) return undefined;
    const names = picked.map((option) => option.textContent);
    return { code: picked.at(-1).value, name: [...new Set(names)].reverse().join(", ") };
  }

  async #changed(level) {
    const code = this.#lists[level].value;
    this.#lists.slice(level + 1).forEach((list) => this.#hide(list));
    if (!code || level + 1 === this.#lists.length) return;
    const { areas } = await call("GET", `/push/areas/${code}`).catch(() => ({ areas: [] }));
    if (areas.length && this.#lists[level].value === code) this.#fill(level + 1, "listen.all_of_it", areas);
  }

  #fill(level, first, areas) {
    const list = this.#lists[level];
    const options = areas.map(({ code, name }) => element("option", { value: code }, name));
    list.replaceChildren(spoken("option", { value: "" }, first), ...options);
    if (level) visible(byId(`${list.id}-field`), true);
  }

  #hide(list) {
    list.replaceChildren();
    visible(byId(`${list.id}-field`), false);
  }
}
