// Finding an address: type, search, choose one of the hits. Only an address of the register can be chosen.

import { call } from "./api.js";
import { element, spoken, visible } from "./dom.js";
import { say } from "./i18n.js";

const LEAST = 3;

export class AddressField {
  #input;
  #finder;
  #status;
  #hits;
  #chosen;
  #address = "";
  #search = 0;

  /** Fills `host`, which has an id. `key`: of the label. `onchoose(address, point, municipality)` is told each choice; `point`: { lon, lat }; `municipality`: its code, where it is known. `onreopen()`: it no longer counts. */
  constructor(host, key, onchoose = () => {}, onreopen = () => {}) {
    this.onchoose = onchoose;
    this.onreopen = onreopen;
    const id = `${host.id}-address`;
    this.#input = element("input", { type: "search", id, autocomplete: "off", maxlength: "200", "aria-describedby": `${id}-hint` });
    this.#input.addEventListener("keydown", (event) => this.#onkey(event));
    const search = spoken("button", { type: "button", class: "button second", onclick: () => this.#find() }, "address.search");
    this.#hits = element("ul", { class: "hits", hidden: true });
    this.#finder = element(
      "div",
      {},
      spoken("span", { class: "hint", id: `${id}-hint` }, "address.hint"),
      element("div", { class: "search-row" }, this.#input, search),
    );
    this.#status = element("p", { class: "search-status", role: "status" });
    this.#chosen = element("div", { class: "chosen", hidden: true });
    host.replaceChildren(spoken("label", { for: id }, key), this.#finder, this.#status, this.#hits, this.#chosen);
  }

  /** As the register writes it; empty while none is chosen. */
  get address() {
    return this.#address;
  }

  /** Something was typed, but nothing chosen. */
  get unfinished() {
    return !this.#address && this.#input.value.trim() !== "";
  }

  focus() {
    this.#input.focus();
  }

  #onkey(event) {
    if (event.key !== "Enter") return;
    event.preventDefault(); // the form around us is not ready to be sent
    this.#find();
  }

  async #find() {
    const text = this.#input.value.trim();
    const mine = ++this.#search;
    visible(this.#hits, false);
    if (text.length < LEAST) return say(this.#status, "address.too_short");
    say(this.#status, "address.searching");
    const found = await call("GET", `/addresses?q=${encodeURIComponent(text)}`).catch(() => undefined);
    if (mine === this.#search) this.#show(found?.addresses);
  }

  #show(addresses) {
    if (!addresses) return say(this.#status, "address.failed");
    if (!addresses.length) return say(this.#status, "address.none");
    say(this.#status, "address.found", { count: addresses.length });
    this.#hits.replaceChildren(...addresses.map((hit) => this.#hit(hit)));
    visible(this.#hits, true);
  }

  #hit({ label: address, point, municipality }) {
    const choose = () => this.#choose(address, point, municipality);
    return element("li", {}, element("button", { type: "button", onclick: choose }, address));
  }

  #choose(address, point, municipality) {
    this.show(address);
    this.#chosen.querySelector("button").focus();
    this.onchoose(address, point, municipality);
  }

  /** An address that was chosen before. */
  show(address) {
    this.#address = address;
    say(this.#status, "address.chosen", { address });
    const other = spoken("button", { type: "button", class: "button second", onclick: () => this.#reopen() }, "address.change");
    this.#chosen.replaceChildren(other);
    visible(this.#finder, false);
    visible(this.#hits, false);
    visible(this.#chosen, true);
  }

  #reopen() {
    this.clear();
    this.#input.focus();
    this.onreopen();
  }

  /** None is chosen any more; another can be searched. */
  clear() {
    this.#search++; // what is still being searched is of no use any more
    this.#address = "";
    this.#input.value = "";
    delete this.#status.dataset.t;
    this.#status.textContent = "";
    visible(this.#hits, false);
    visible(this.#chosen, false);
    visible(this.#finder, true);
  }
}
