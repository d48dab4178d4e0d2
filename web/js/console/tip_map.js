// Where tips were seen, drawn over the alert's area: one dot each, that says when and leads to its tip, the newest with a ring. What
// was seen outside the picture stands at its edge, hollow. The list of tips tells the same, for who does not see or point.

import { element, spoken } from "../dom.js";
import { WIDTH, drawArea } from "../area_picture.js";
import { clock } from "../i18n.js";
import { made } from "../svg.js";
import { outline } from "./said.js";

const EDGE = 9; // the room that the newest dot takes, which is the largest

export class TipMap {
  #alert;
  #scale;
  #dots = new Map(); // id of the tip -> its dot
  #newest;

  /** `onopen(id)`: somebody wants to read the tip of a dot. */
  constructor(onopen) {
    this.onopen = onopen;
    this.picture = element("figure", { onclick: ({ target }) => target.dataset.tip && this.onopen(target.dataset.tip) });
    this.outside = spoken("p", { class: "quiet small", hidden: true }, "tips.outside");
    this.element = element("div", { hidden: true }, this.picture, this.outside);
  }

  of(alert) {
    this.#alert ??= alert;
  }

  /** `tips`: newest first; those without a place are not drawn, nor is any drawn twice. A tip's place never changes. */
  show(tips) {
    const placed = tips.filter(({ place }) => place);
    this.element.hidden = !placed.length;
    if (!placed.length) return;
    this.#scale ??= drawArea(this.picture, outline(this.#alert.shape));
    const fresh = placed.filter(({ id }) => !this.#dots.has(id)).toReversed();
    for (const tip of fresh) this.#dots.set(tip.id, this.#dot(tip));
    if (!fresh.length) return;
    const newest = this.#dots.get(placed[0].id);
    this.element.querySelector("svg").append(...fresh.map(({ id }) => this.#dots.get(id)), newest); // in front of all
    if (this.#newest) ring(this.#newest, false);
    ring(newest, true);
    this.#newest = newest;
  }

  #dot({ place: { lon, lat }, id, at }) {
    const [x, y] = [this.#scale.x(lon), this.#scale.y(lat)];
    const [cx, cy] = [within(x, WIDTH), within(y, this.#scale.height)];
    const dot = made("circle", { cx: cx.toFixed(1), cy: cy.toFixed(1), "data-tip": id });
    if (cx !== x || cy !== y) dot.dataset.outside = "";
    this.outside.hidden &&= !("outside" in dot.dataset);
    const when = made("title", {});
    when.textContent = clock(at);
    dot.append(when);
    ring(dot, false);
    return dot;
  }
}

function within(place, size) {
  return Math.min(Math.max(place, EDGE), size - EDGE);
}

function ring(dot, whether) {
  dot.setAttribute("r", whether ? 7 : 5);
  dot.setAttribute("class", whether ? "tip-dot newest" : "tip-dot");
}
