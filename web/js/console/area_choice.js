// Where an alert goes out: districts and neighbourhoods from a list, a circle around an address, drawn on a map, or GeoJSON
// from elsewhere. Every way goes by single clicks, and all but the map by keyboard.

import { AddressField } from "../address_field.js";
import { element, spoken, visible } from "../dom.js";
import { AreaDrawing } from "./area_drawing.js";
import { AreaList } from "./area_list.js";

const WAYS = ["codes", "circle", "drawn", "geometry"];
const RADII = [300, 500, 1_000, 2_000, 3_000, 5_000, 10_000];

export class AreaChoice {
  #point;

  /** `onchange()`: another area, or none any more. */
  constructor(onchange) {
    this.onchange = onchange;
    this.list = new AreaList(onchange);
    this.drawing = new AreaDrawing(onchange);
    this.parts = { codes: this.list.element, circle: this.#circle(), drawn: this.drawing.element, geometry: this.#geometry() };
    this.element = element("fieldset", { class: "card", id: "area" }, spoken("legend", {}, "compose.area"), this.#ways(), ...Object.values(this.parts));
    this.#show("codes");
  }

  /** As the API takes it, or undefined while nothing is chosen. */
  get value() {
    switch (this.way) {
      case "codes":
        return this.list.codes.length ? { codes: this.list.codes } : undefined;
      case "circle":
        return this.#point && { circle: { center: [this.#point.lon, this.#point.lat], radius_m: Number(this.radius.value) } };
      case "drawn":
        return this.drawing.geometry && { geometry: this.drawing.geometry };
      default:
        return this.#pasted();
    }
  }

  /** Where the incident was, as far as the circle says so. */
  get center() {
    return this.way === "circle" ? this.#point : undefined;
  }

  /** Shows an area that was chosen before. */
  set value(area) {
    if (area.codes) this.list.choose(area.codes);
    if (area.circle) this.#choosePoint({ lon: area.circle.center[0], lat: area.circle.center[1] }, area.circle.radius_m);
    const drawn = area.geometry && AreaDrawing.draws(area.geometry);
    if (drawn) this.drawing.geometry = area.geometry;
    else if (area.geometry) this.text.value = JSON.stringify(area.geometry);
    const way = drawn ? "drawn" : WAYS.find((name) => area[name]);
    this.element.querySelector(`input[value="${way}"]`).checked = true;
    this.#show(way);
  }

  #ways() {
    const radios = WAYS.map((way) =>
      element("label", { class: "choice" }, element("input", { type: "radio", name: "way", value: way, checked: way === "codes", onchange: () => this.#take(way) }), spoken("span", {}, `compose.by_${way}`)),
    );
    return element("div", { class: "ways" }, ...radios);
  }

  #circle() {
    const host = element("div", { id: "circle-center", class: "field" });
    const take = (point) => {
      this.#point = point;
      this.position.textContent = ""; // of an earlier one
      this.onchange();
    };
    new AddressField(host, "compose.center", (_, point) => take(point), () => take(undefined));
    this.radius = element("select", { id: "radius", onchange: () => this.onchange() });
    for (const metres of RADII) this.radius.append(spoken("option", { value: metres, selected: metres === 1_000 }, metres < 1_000 ? "compose.metres" : "compose.kilometres", { count: metres < 1_000 ? metres : metres / 1_000 }));
    this.position = element("p", { class: "quiet" });
    return element("div", {}, host, this.position, element("div", { class: "field" }, spoken("label", { for: "radius" }, "compose.radius"), this.radius));
  }

  #choosePoint(point, metres) {
    this.#point = point;
    this.position.textContent = `${point.lat.toFixed(5)}, ${point.lon.toFixed(5)}`;
    if (!RADII.includes(metres)) this.radius.append(spoken("option", { value: metres }, "compose.metres", { count: metres }));
    this.radius.value = metres;
  }

  #geometry() {
    this.text = element("textarea", { id: "geojson", rows: 5, spellcheck: "false", "aria-describedby": "geojson-hint", onchange: () => this.onchange() });
    return element("div", { class: "field" }, spoken("label", { for: "geojson" }, "compose.geojson"), spoken("span", { class: "hint", id: "geojson-hint" }, "compose.geojson_hint"), this.text);
  }

  /** A geometry, or that of a feature, or of a collection of one; what is wrong with it the API says. */
  #pasted() {
    const text = this.text.value.trim();
    if (!text) return undefined;
    try {
      const parsed = JSON.parse(text);
      const [feature] = parsed.features ?? [parsed];
      return { geometry: feature.geometry ?? feature };
    } catch {
      return { geometry: { type: "not JSON" } };
    }
  }

  #take(way) {
    this.#show(way);
    this.onchange();
  }

  #show(way) {
    this.way = way;
    for (const name of WAYS) visible(this.parts[name], name === way);
    if (way === "drawn") this.drawing.open();
  }
}
