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
  #drawn;

  /** `host`: whose content it becomes. `moved`: somebody came here from another view, so the heading is read out. */
  constructor(state, host, { moved }) {
    this.#state = state;
    this.#host = host;
    this.#moved = moved;
    this.#poll = new Poll(() => this.#load(), { onanswer: fresh, onfail: (since, error) => this.#failed(since, error) });
  }

  /** Until the first figures stand there, or what is the matter. */
  begin() {
    this.#host.setAttribute("aria-busy", "true");
    if (!this.#host.children.length) this.#host.replaceChildren(spoken("p", { role: "status" }, "page.loading"));
    return new Promise((done) => {
      this.#drawn = done;
      this.#poll.now().then(done);
    });
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
    const begun = !this.#told && !this.#state.yearly; // on paper there is nothing later
    if (begun) this.#show(told);
    const whole = told.later ? { ...told, ...(await told.later), later: undefined } : told;
    if (begun && told.later) this.#complete(whole);
    else if (!begun && !same(whole, this.#told)) this.#show(whole);
    return AGAIN_MS;
  }

  #show(told) {
    if (this.stopped) return;
    const first = !this.#told;
    this.#told = told;
    this.#host.removeAttribute("aria-busy");
    this.draw();
    this.#drawn();
    if (!first || !this.#moved) return;
    scrollTo(0, 0);
    this.#host.querySelector("h1").focus();
  }

  #complete(told) {
    this.#told = told;
    if (!this.stopped) this.#shown.complete(told);
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

function same(one, other) {
  return JSON.stringify([one.whole, one.earlier, one.parts]) === JSON.stringify([other?.whole, other?.earlier, other?.parts]);
}
