// Ticking municipalities, districts and neighbourhoods: opened one level at a time, found by typing, shown as chips.

import { element, spoken } from "../dom.js";
import { label } from "../i18n.js";
import { ask } from "./session.js";

export class AreaList {
  #chosen = new Map(); // code -> name
  #boxes = new Map(); // code -> its checkbox

  constructor(onchange) {
    this.onchange = onchange;
    this.chips = element("ul", { class: "chips" });
    this.tree = element("ul", { class: "areas" });
    const filter = element("input", { type: "search", id: "area-filter", autocomplete: "off", oninput: () => this.#filter(filter.value) });
    const find = element("div", { class: "field" }, spoken("label", { for: "area-filter" }, "compose.area_filter"), filter);
    this.element = element("div", {}, this.chips, find, this.tree);
    this.#load(this.tree, "");
  }

  get codes() {
    return [...this.#chosen.keys()];
  }

  /** They count at once; their names follow. */
  async choose(codes) {
    for (const code of codes) this.#mark(code, code, true);
    const areas = await Promise.all(codes.map((code) => ask("GET", `/areas/${code}`)));
    for (const { code, name } of areas) if (this.#chosen.has(code)) this.#mark(code, name, true);
  }

  async #load(list, parent) {
    const { areas } = await ask("GET", `/areas${parent ? `?parent=${parent}` : ""}`);
    const offered = parent ? areas : areas.filter(({ joined }) => joined);
    list.replaceChildren(...offered.map((area) => this.#item(area)));
  }

  #item({ code, name, level }) {
    const box = element("input", { type: "checkbox", value: code, checked: this.#chosen.has(code), onchange: () => this.#tick(code, name, box.checked) });
    this.#boxes.set(code, box);
    const item = element("li", { "data-name": name.toLowerCase() }, element("label", { class: "choice" }, box, element("span", {}, name)));
    if (level === "neighbourhood") return item;
    const inside = element("ul", { class: "areas" });
    const open = spoken("summary", {}, level === "municipality" ? "compose.districts" : "compose.neighbourhoods");
    label(open, level === "municipality" ? "compose.districts_of" : "compose.neighbourhoods_of", { name });
    const details = element("details", {}, open, inside);
    details.addEventListener("toggle", () => this.#load(inside, code), { once: true });
    item.append(details);
    return item;
  }

  #tick(code, name, whether) {
    this.#mark(code, name, whether);
    this.onchange();
  }

  #mark(code, name, whether) {
    if (whether) this.#chosen.set(code, name);
    else this.#chosen.delete(code);
    const box = this.#boxes.get(code);
    if (box) box.checked = whether;
    this.chips.replaceChildren(...[...this.#chosen].map(([chosen, called]) => this.#chip(chosen, called)));
  }

  #chip(code, name) {
    const remove = spoken("button", { type: "button", onclick: () => this.#tick(code, name, false) }, "compose.remove");
    label(remove, "compose.remove_named", { name });
    return element("li", {}, name, " ", remove);
  }

  /** Shows what holds the text, and what it lies in. */
  #filter(text) {
    const wanted = text.trim().toLowerCase();
    const items = [...this.tree.querySelectorAll("li")];
    for (const item of items) {
      const names = [item, ...item.querySelectorAll("li")].map((one) => one.dataset.name);
      item.hidden = !names.some((name) => name.includes(wanted));
    }
  }
}
