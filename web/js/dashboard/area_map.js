// A map of areas, each shaded by the class of its figure and a link to its own page, if the reader may see that; hatched where
// nothing is told.

import { element, spoken } from "../dom.js";
import { label, number, t } from "../i18n.js";
import { WIDTH, scaleOf, underlay } from "../area_picture.js";
import { credit } from "../backdrop.js";
import { geometriesOf } from "../outlines.js";
import { made } from "../svg.js";
import { classesOf, shadeOf } from "./classes.js";
import { MEASURES } from "./measures.js";
import { address } from "./state.js";

const NAMED = 12; // with more areas their names would lie over each other
const MANY = 60; // and so would their borders, if they were as wide

export class AreaMap {
  #parts;
  #picture = element("div", { class: "map-picture" }, spoken("p", { class: "quiet" }, "page.loading"));
  #legend = element("ul", { class: "legend" });
  #credit = credit();

  constructor(parts) {
    this.#parts = parts;
    this.element = element("figure", {}, this.#picture, this.#legend, this.#credit.line);
  }

  /** Draws the map anew, once the outlines are there; the legend at once. */
  async show(state) {
    const { of } = MEASURES[state.shade];
    const values = this.#parts.map(({ told, area }) => of(told, area));
    const classes = classesOf(values.filter((value) => value !== undefined));
    this.#showLegend(classes, values.includes(undefined));
    const places = this.#parts.map(({ area }) => area);
    try {
      this.#draw(state, await geometriesOf(places), values, classes);
    } catch (error) {
      if (error.status === undefined) throw error;
      this.#picture.replaceChildren(spoken("p", { class: "quiet", role: "status" }, "dashboard.no_map"));
    }
  }

  #draw(state, shapes, values, classes) {
    const scale = scaleOf(shapes);
    const picture = made("svg", { viewBox: `0 0 ${WIDTH} ${scale.height.toFixed(0)}`, class: this.#parts.length > MANY ? "shaded many" : "shaded", role: "group" });
    label(picture, "dashboard.map", { measure: t(`dashboard.measure.${state.shade}`) });
    picture.append(hatching());
    const names = [];
    this.#parts.forEach(({ area }, index) => {
      const value = values[index];
      const said = `${area.name}: ${value === undefined ? t("dashboard.untold") : number(value)}`;
      const link = area.closed ? made("g", { "aria-hidden": "true" }) : made("a", { href: address(state, { code: area.code, sort: "name" }), "aria-label": said });
      const title = made("title", {});
      title.textContent = said;
      const shade = value === undefined ? "untold" : `shade-${shadeOf(value, classes)}`;
      link.append(title, made("path", { d: scale.path(shapes[index]), "fill-rule": "evenodd", class: shade }));
      picture.append(link);
      if (area.label && this.#parts.length <= NAMED) names.push(name(area, scale));
    });
    picture.append(...names, ...scale.bar());
    this.#picture.replaceChildren(picture);
    underlay(picture, scale, this.#credit.shown);
  }

  #showLegend(classes, someUntold) {
    const lines = classes.map(({ low, high }) => line(`shade-${shadeOf(low, classes)}`, element("span", {}, low === high ? number(low) : `${number(low)} – ${number(high)}`)));
    if (someUntold) lines.push(line("untold", spoken("span", {}, this.#parts.some(({ area }) => area.closed) ? "dashboard.legend_others" : "dashboard.legend_untold")));
    this.#legend.replaceChildren(...lines);
  }
}

function line(shade, text) {
  const sample = made("svg", { viewBox: "0 0 28 18", width: 28, height: 18, "aria-hidden": "true", class: "shaded sample" });
  sample.append(hatching(), made("rect", { x: 1, y: 1, width: 26, height: 16, class: shade }));
  return element("li", {}, sample, text);
}

/** Lines for what is not told; every picture brings its own, as one that is hidden lends nothing. */
function hatching() {
  const pattern = made("pattern", { id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  pattern.append(made("rect", { width: 5, height: 5, class: "hatch-ground" }), made("path", { d: "M0 0V5", class: "hatch-line" }));
  const kept = made("defs", {});
  kept.append(pattern);
  return kept;
}

function name({ name: text, label: { lon, lat } }, scale) {
  const shown = made("text", { x: scale.x(lon).toFixed(1), y: scale.y(lat).toFixed(1), class: "area-name", "aria-hidden": "true" });
  shown.textContent = text;
  return shown;
}
