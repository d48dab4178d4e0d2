// What somebody wants to be asked about: everything, but what is not ticked. A missing child is not on the list.

import { element, spoken } from "./dom.js";

const TOPICS = ["residential_burglary", "robbery", "hit_and_run", "missing_person", "other_urgent", "inquiry", "prevention"];

export class Topics {
  #boxes;

  /** Fills `host`. */
  constructor(host) {
    this.#boxes = TOPICS.map((topic) => element("input", { type: "checkbox", value: topic, checked: true }));
    const choices = this.#boxes.map((box) => element("label", { class: "choice" }, box, spoken("span", {}, `topic.${box.value}`)));
    host.replaceChildren(...choices);
  }

  show(declined) {
    for (const box of this.#boxes) box.checked = !declined.includes(box.value);
  }

  get declined() {
    return this.#boxes.filter((box) => !box.checked).map((box) => box.value);
  }
}
