// "Send to myself": the call of an alert on one's own phone and in one's own mailbox, before anybody else gets it.

import { busy } from "../busy.js";
import { element, spoken, visible } from "../dom.js";
import { language } from "../i18n.js";
import { defects, showProblem } from "../problem.js";
import { ask } from "./session.js";

const BEFORE = ["draft", "submitted", "scheduled"];

export class Proof {
  constructor(id) {
    this.id = id;
    this.problem = element("div");
    this.sent = element("p", { role: "status" });
    const button = spoken("button", { type: "button", class: "button second", onclick: () => busy(button, () => this.#send()) }, "proof.send");
    const what = spoken("p", { class: "hint" }, "proof.what");
    this.element = element("section", { class: "card", hidden: true }, spoken("h2", {}, "proof.heading"), this.problem, what, button, this.sent);
  }

  show({ state }) {
    visible(this.element, BEFORE.includes(state));
  }

  async #send() {
    showProblem(this.problem, []);
    this.sent.replaceChildren();
    try {
      const { channels } = await ask("POST", `/alerts/${this.id}/proof`, { language: language() });
      const names = channels.flatMap((channel, index) => [index ? ", " : " ", spoken("span", {}, `by.${channel}`)]);
      this.sent.append(spoken("span", {}, "proof.on_its_way"), ...names);
    } catch (error) {
      showProblem(this.problem, defects(error));
    }
  }
}
