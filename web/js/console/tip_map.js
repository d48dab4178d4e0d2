// Where tips were seen, drawn over the alert's area: one dot each, the newest with a ring.

import { element } from "../dom.js";
import { drawArea } from "../area_picture.js";
import { made } from "../svg.js";
import { outline } from "./said.js";

export class TipMap {
  #alert;
  #scale;
  #dots = new Map(); // id of the tip -> its dot
  #newest;

  constructor() {
    this.element = element("figure", { hidden: true });
  }

  of(alert) {
    this.#alert ??= alert;
  }

  /** `tips`: newest first; those without a place are not drawn, nor is any drawn twice. A tip's place never changes. */
  show(tips) {
    const placed = tips.filter(({ place }) => place);
    this.element.hidden = !placed.length;
    if (!placed.length) return;
    this.#scale ??= drawArea(this.element, outline(this.#alert.shape));
    const fresh = placed.filter(({ id }) => !this.#dots.has(id)).toReversed();
    for (const tip of fresh) this.#dots.set(tip.id, this.#dot(tip));
    if (!fresh.length) return;
    const newest = this.#dots.get(placed[0].id);
    this.element.querySelector("svg").append(...fresh.map(({ id }) => this.#dots.get(id)), newest); // in front of all
    if (this.#newest) ring(this.#newest, false);
    ring(newest, true);
    this.#newest = newest;
  }

  #dot({ place: { lon, lat }, id }) {
    const dot = made("circle", { cx: this.#scale.x(lon).toFixed(1), cy: this.#scale.y(lat).toFixed(1), "data-tip": id });
    ring(dot, false);
    return dot;
  }
}

function ring(dot, whether) {
  dot.setAttribute("r", whether ? 7 : 5);
  dot.setAttribute("class", whether ? "tip-dot newest" : "tip-dot");
}
