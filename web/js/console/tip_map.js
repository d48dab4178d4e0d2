// Where tips were seen, drawn over the alert's area: one dot each, the newest with a ring.

import { element } from "../dom.js";
import { drawArea } from "../area_picture.js";
import { outline } from "./said.js";

const SVG = "http://www.w3.org/2000/svg";

export class TipMap {
  #alert;
  #scale;

  constructor() {
    this.element = element("figure", { hidden: true });
  }

  of(alert) {
    this.#alert ??= alert;
  }

  /** `tips`: newest first; those without a place, or far outside the picture, are not drawn. */
  show(tips) {
    const placed = tips.filter(({ place }) => place);
    this.element.hidden = !placed.length;
    if (!placed.length) return;
    this.#scale ??= drawArea(this.element, outline(this.#alert.shape));
    const picture = this.element.querySelector("svg");
    picture.querySelectorAll("circle").forEach((dot) => dot.remove());
    picture.append(...placed.toReversed().map(({ place, id }, index) => this.#dot(place, id, index === placed.length - 1)));
  }

  #dot({ lon, lat }, id, newest) {
    const dot = document.createElementNS(SVG, "circle");
    const attributes = { cx: this.#scale.x(lon), cy: this.#scale.y(lat), r: newest ? 7 : 5, class: newest ? "tip-dot newest" : "tip-dot", "data-tip": id };
    for (const [name, value] of Object.entries(attributes)) dot.setAttribute(name, value);
    return dot;
  }
}
