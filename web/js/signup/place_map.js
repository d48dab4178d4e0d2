// A place on a map: first a municipality that takes part, then the place in it, by a click, with arrow keys or by buttons. The
// map is drawn from outlines of ours, so nobody else hears where somebody looks; with tiles under it their host does.

import { call } from "../api.js";
import { element, spoken, visible } from "../dom.js";
import { contains, moved, round } from "../geometry.js";
import { label, say, t, whenever } from "../i18n.js";
import { NETHERLANDS, drawOutlines, leaflet, makeMap } from "../map.js";
import { outlines } from "../outlines.js";

const STEP_M = 25;
const DIRECTIONS = { north: [0, 1], west: [-1, 0], east: [1, 0], south: [0, -1] };
const KEYS = { ArrowUp: "north", ArrowLeft: "west", ArrowRight: "east", ArrowDown: "south" };
const CLOSEST = 15; // zoom for a neighbourhood

export class PlaceMap {
  #opened;
  #entered; // when what lies in the municipality is there
  #library;
  #map;
  #drawn;
  #marker;
  #municipalities = new Map(); // code -> feature
  #neighbourhoods = new Map();
  #place;

  /** `id`: of the field around it. `onchoose(place)`: `{ point: { lon, lat }, area, municipality }` was pointed at, or none any more. */
  constructor(id, onchoose) {
    this.onchoose = onchoose;
    this.municipality = element("select", { id: `${id}-municipality`, onchange: () => this.#go(this.municipality.value) });
    this.neighbourhood = element("select", { id: `${id}-neighbourhood`, onchange: () => this.#visit(this.neighbourhood.value) });
    this.inside = field("point.neighbourhood", this.neighbourhood);
    this.host = element("div", { class: "map", role: "region" });
    this.status = element("p", { role: "status", class: "search-status" });
    this.moves = element("div", { class: "buttons", role: "group", hidden: true }, ...Object.keys(DIRECTIONS).map((way) => this.#button(way)));
    label(this.host, "point.map");
    label(this.moves, "point.move", { metres: STEP_M });
    visible(this.inside, false);
    const hint = spoken("p", { class: "hint" }, "point.hint");
    const summary = spoken("summary", {}, "point.open");
    this.element = element("details", { class: "by-map" }, summary, hint, field("point.municipality", this.municipality), this.inside, this.host, this.status, this.moves);
    this.element.addEventListener("toggle", () => this.element.open && this.#open());
  }

  /** A place that was pointed at before. */
  show(place) {
    this.#place = place;
    this.element.open = true;
  }

  /** No place is pointed at any more. */
  clear() {
    this.#place = undefined;
    this.element.open = false;
    this.#tell();
  }

  async #open() {
    this.#opened ??= this.#make().catch(() => (this.#opened = undefined));
    say(this.status, "page.loading");
    if (!(await this.#opened)) return say(this.status, "point.failed");
    this.#map.invalidateSize();
    if (this.#place) await this.#go(this.#place.municipality);
    this.#tell();
    return undefined;
  }

  async #make() {
    const [library, drawn, { municipalities }] = await Promise.all([leaflet(), outlines("NL", "municipality"), call("GET", "/municipalities?joined=true")]);
    const offered = municipalities.filter(({ code }) => drawn.has(code));
    this.#library = library;
    this.#municipalities = new Map(offered.map(({ code }) => [code, drawn.get(code)]));
    fill(this.municipality, offered.map(({ code, name }) => [code, name]));
    this.#map = makeMap(library, this.host, { maxZoom: 18 });
    this.#map.fitBounds(NETHERLANDS);
    this.#map.on("click", ({ latlng }) => this.#click({ lon: latlng.lng, lat: latlng.lat }));
    this.#draw(this.#municipalities);
    return true;
  }

  #go(code) {
    this.#entered = this.#enter(code);
    return this.#entered;
  }

  /** Goes to a municipality, and offers what lies in it; without a code, to all of them. */
  async #enter(code) {
    this.municipality.value = code;
    visible(this.inside, false);
    if (this.#place && this.#place.municipality !== code) this.onchoose((this.#place = undefined));
    this.#neighbourhoods = new Map();
    this.#tell();
    if (!code) return this.#draw(this.#municipalities);
    try {
      const inside = await outlines(code, "neighbourhood");
      if (this.municipality.value !== code) return undefined; // another was chosen meanwhile
      this.#neighbourhoods = inside;
    } catch {
      return this.municipality.value === code ? say(this.status, "point.failed") : undefined;
    }
    this.#draw(this.#neighbourhoods);
    fill(this.neighbourhood, [...this.#neighbourhoods].map(([key, { properties }]) => [key, properties.name]));
    this.neighbourhood.value = (this.#place && holding(this.#neighbourhoods, this.#place.point)) ?? "";
    visible(this.inside, true);
    return this.#tell();
  }

  /** Points at the middle of a neighbourhood. */
  #visit(code) {
    const feature = this.#neighbourhoods.get(code);
    if (!feature) return;
    this.#map.fitBounds(this.#library.geoJSON(feature).getBounds(), { maxZoom: CLOSEST });
    const { lat, lng: lon } = this.#map.getCenter();
    this.#point(feature.properties.label ?? { lon, lat });
  }

  async #click(point) {
    await this.#entered;
    if (this.#point(point)) return;
    const other = holding(this.#municipalities, point);
    if (other && other !== this.municipality.value) await this.#go(other);
    else say(this.status, this.#neighbourhoods.size ? "point.outside" : "point.not_here");
  }

  /** Gives whether it lies in the municipality that was chosen: only then it counts. */
  #point({ lon, lat }) {
    const code = holding(this.#neighbourhoods, { lon, lat });
    if (!code) return false;
    const [{ properties: inside }, { properties: around }] = [this.#neighbourhoods.get(code), this.#municipalities.get(this.municipality.value)];
    const area = inside.name === around.name ? around.name : `${inside.name}, ${around.name}`;
    this.#place = { point: { lon: round(lon), lat: round(lat) }, area, municipality: this.municipality.value };
    this.neighbourhood.value = code;
    this.#tell();
    this.onchoose(this.#place);
    return true;
  }

  #step(way) {
    const [east, north] = DIRECTIONS[way];
    if (!this.#point(moved(this.#place.point, east * STEP_M, north * STEP_M))) say(this.status, "point.outside");
  }

  #draw(features) {
    this.#drawn?.remove();
    this.#drawn = drawOutlines(this.#library, this.#map, [...features.values()]);
    if (features.size) this.#map.fitBounds(this.#drawn.shapes.getBounds());
  }

  #tell() {
    visible(this.moves, Boolean(this.#place));
    if (this.#place) say(this.status, "point.chosen", { area: this.#place.area });
    else say(this.status, this.#neighbourhoods.size ? "point.point" : "point.begin");
    if (this.#map) this.#mark();
  }

  #mark() {
    if (!this.#place) {
      this.#marker?.remove();
      this.#marker = undefined;
      return;
    }
    const at = [this.#place.point.lat, this.#place.point.lon];
    this.#marker ??= this.#made(at);
    this.#marker.setLatLng(at);
    if (!this.#map.getBounds().contains(at)) this.#map.panTo(at);
  }

  #made(at) {
    const L = this.#library;
    const marker = L.marker(at, { icon: L.divIcon({ className: "pointed", iconSize: [28, 28] }), draggable: true, alt: t("point.marker") }).addTo(this.#map);
    marker.on("dragend", () => {
      const { lat, lng: lon } = marker.getLatLng();
      if (!this.#point({ lon, lat })) this.#tell(); // back to where it was
    });
    const icon = marker.getElement();
    whenever(() => icon.setAttribute("aria-label", t("point.marker")), icon);
    icon.addEventListener("keydown", (event) => {
      const way = KEYS[event.key];
      if (!way) return;
      event.preventDefault();
      event.stopPropagation();
      this.#step(way);
    });
    return marker;
  }

  #button(way) {
    return spoken("button", { type: "button", class: "button second", onclick: () => this.#step(way) }, `point.${way}`);
  }
}

/** The code of the first feature that holds a point, or undefined. */
function holding(features, point) {
  return [...features].find(([, { geometry }]) => contains(geometry, point))?.[0];
}

function field(key, select) {
  return element("div", { class: "field" }, spoken("label", { for: select.id }, key), select);
}

/** `pairs`: of codes and names; sorted by name. */
function fill(select, pairs) {
  const sorted = pairs.toSorted(([, one], [, other]) => one.localeCompare(other, "nl"));
  select.replaceChildren(spoken("option", { value: "" }, "point.pick"), ...sorted.map(([code, name]) => element("option", { value: code }, name)));
}
