// One area over one period: asks for its figures, now and again, and shows them or what is the matter.

import { element, spoken } from "../dom.js";
import { fresh, stale } from "../console/freshness.js";
import { Poll } from "../console/poll.js";
import { overview } from "./overview.js";
import { look } from "./source.js";
import { yearly } from "./yearly.js";

const AGAIN_MS = 300_000;
const FINAL = [403, 404, 422]; // another try changes nothing

export class AreaView {
  #state;
  #host;
  #moved;
  #told;
  #shown;
  #poll;

  /** `host`: whose content it becomes. `moved`: somebody came here from another view, so the heading is read out. */
  constructor(state, host, { moved }) {
    this.#state = state;
    this.#host = host;
    this.#moved = moved;
    this.#poll = new Poll(() => this.#load(), { onanswer: fresh, onfail: (since, error) => this.#failed(since, error) });
  }

  begin() {
    this.#host.setAttribute("aria-busy", "true");
    if (!this.#host.children.length) this.#host.replaceChildren(spoken("p", { role: "status" }, "page.loading"));
    return this.#poll.now();
  }

  /** Other shading, or another order: what was told stays. */
  change(state) {
    this.#state = state;
    this.#shown?.change(state);
  }

  /** What was told, in the language of the page. */
  draw() {
    if (!this.#told) return;
    this.#shown = (this.#state.yearly ? yearly : overview)(this.#told, this.#state);
    this.#host.replaceChildren(this.#shown.element);
  }

  stop() {
    this.#poll.stop();
    this.stopped = true;
  }

  async #load() {
    const told = await look(this.#state);
    if (this.stopped) return undefined;
    const first = !this.#told;
    const same = JSON.stringify([told.whole, told.parts]) === JSON.stringify([this.#told?.whole, this.#told?.parts]);
    this.#told = told;
    if (!same) this.#show(first);
    return AGAIN_MS;
  }

  #show(first) {
    this.#host.removeAttribute("aria-busy");
    this.draw();
    if (!first || !this.#moved) return;
    scrollTo(0, 0);
    this.#host.querySelector("h1").focus();
  }

  #failed(since, error) {
    if (this.#told) return stale(since);
    if (FINAL.includes(error.status)) this.stop();
    this.#host.removeAttribute("aria-busy");
    return this.#host.replaceChildren(this.#trouble(FINAL.includes(error.status) ? "dashboard.not_yours" : "page.failed"));
  }

  #trouble(key) {
    const again = spoken("button", { type: "button", class: "button", onclick: () => this.#poll.now() }, "page.again");
    const out = key === "page.failed" ? again : spoken("a", { class: "button", href: "#/" }, "dashboard.mine");
    return element("div", { role: "alert" }, spoken("h1", { tabindex: "-1" }, key), spoken("p", {}, `${key}_what`), element("p", { class: "buttons" }, out));
  }
}
