// Drawing an area on a map: every click adds a corner, a corner can be dragged. The outlines of municipalities that take
// part lie under it. Who cannot use a mouse chooses the area in one of the other ways.

import { element, spoken } from "../dom.js";
import { say, t, whenever } from "../i18n.js";
import { round } from "../geometry.js";
import { NETHERLANDS, drawOutlines, leaflet, makeMap } from "../map.js";
import { outlines } from "../outlines.js";
import { ask } from "./session.js";

const LEAST = 3; // corners
const AREA = { color: "#a8161a", weight: 3, fillOpacity: 0.15 };

export class AreaDrawing {
  #corners = []; // [lat, lng], as the map has them
  #map;
  #library;
  #drawn;
  #municipalities;

  constructor(onchange) {
    this.onchange = onchange;
    this.host = element("div", { class: "map", role: "region" });
    this.status = element("p", { role: "status", class: "search-status" });
    this.undo = this.#button("compose.undo_corner", () => this.#corners.pop());
    this.clear = this.#button("compose.clear_corners", () => (this.#corners = []));
    this.element = element("div", {}, spoken("p", { class: "hint" }, "compose.draw_hint"), this.host, this.status, element("p", { class: "buttons" }, this.undo, this.clear));
    whenever(() => this.host.setAttribute("aria-label", t("compose.map")), this.host);
    this.#tell();
  }

  /** A GeoJSON Polygon, or undefined while there are too few corners for one. */
  get geometry() {
    if (this.#corners.length < LEAST) return undefined;
    const ring = this.#corners.map(([lat, lng]) => [round(lng), round(lat)]);
    return { type: "Polygon", coordinates: [[...ring, ring[0]]] };
  }

  /** Whether a geometry is one that can be drawn here. */
  static draws({ type, coordinates }) {
    return type === "Polygon" && coordinates.length === 1 && coordinates[0].length <= 60;
  }

  set geometry({ coordinates: [ring] }) {
    this.#corners = ring.slice(0, -1).map(([lng, lat]) => [lat, lng]);
    if (this.#map) this.#show();
  }

  /** The map can be seen now; the first time it is made. */
  async open() {
    if (this.#map) return this.#map.invalidateSize();
    try {
      this.#library ??= await leaflet();
      const [{ areas }, drawn] = await Promise.all([ask("GET", "/areas"), outlines("NL", "municipality")]);
      this.#municipalities ??= areas.filter(({ joined, code }) => joined && drawn.has(code)).map(({ code }) => drawn.get(code));
    } catch {
      return say(this.status, "compose.no_map");
    }
    this.#make();
    return undefined;
  }

  #make() {
    const L = this.#library;
    this.#map = makeMap(L, this.host, { doubleClickZoom: false });
    this.#map.fitBounds(this.#corners.length ? this.#corners : NETHERLANDS);
    const { shapes } = drawOutlines(L, this.#map, this.#municipalities);
    if (!this.#corners.length && this.#municipalities.length) this.#map.fitBounds(shapes.getBounds());
    this.#drawn = L.layerGroup().addTo(this.#map);
    this.#map.on("click", ({ latlng }) => this.#change(() => this.#corners.push([latlng.lat, latlng.lng])));
    this.#show();
  }

  #change(act) {
    act();
    this.#show();
    this.onchange();
  }

  #show() {
    const L = this.#library;
    this.#drawn.clearLayers();
    if (this.#corners.length > 1) this.#drawn.addLayer(L.polygon(this.#corners, { ...AREA, interactive: false }));
    this.#corners.forEach((corner, index) => this.#drawn.addLayer(this.#corner(L, corner, index)));
    this.#tell();
  }

  #corner(L, corner, index) {
    const icon = L.divIcon({ className: "corner", iconSize: [24, 24] });
    const marker = L.marker(corner, { icon, draggable: true, keyboard: false });
    marker.on("dragend", () => this.#change(() => (this.#corners[index] = [marker.getLatLng().lat, marker.getLatLng().lng])));
    return marker;
  }

  #tell() {
    const count = this.#corners.length;
    this.undo.disabled = this.clear.disabled = !count;
    if (count) say(this.status, count < LEAST ? "compose.corners_few" : "compose.corners", { count });
    else say(this.status, "compose.no_corners");
  }

  #button(key, act) {
    return spoken("button", { type: "button", class: "button second", onclick: () => this.#change(act) }, key);
  }
}
