// Drawing an area on a map: every click adds a corner, a corner can be dragged. The outlines of municipalities that take
// part lie under it. Who cannot use a mouse chooses the area in one of the other ways.

import { element, spoken } from "../dom.js";
import { say, t, whenever } from "../i18n.js";
import { ask } from "./session.js";

const LIBRARY = "/third-party/leaflet/leaflet";
const OUTLINES = 12; // at most fetched for one view
const LEAST = 3; // corners
const AREA = { color: "#a8161a", weight: 3, fillOpacity: 0.15 };
const OUTLINE = { color: "#5d6b79", weight: 1, fillColor: "#003d7a", fillOpacity: 0.05, interactive: false };

let loading;

/** Leaflet, fetched once and only where somebody draws. */
function leaflet() {
  loading ??= import(`${LIBRARY}.js`).then(() => {
    document.head.append(element("link", { rel: "stylesheet", href: `${LIBRARY}.css` }));
    return globalThis.L;
  });
  return loading;
}

export class AreaDrawing {
  #corners = []; // [lat, lng], as the map has them
  #map;
  #library;
  #drawn;
  #outlined = new Set();
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
      this.#municipalities ??= (await ask("GET", "/areas")).areas.filter(({ joined, bounds }) => joined && bounds);
    } catch {
      return say(this.status, "compose.no_map");
    }
    this.#make();
    return undefined;
  }

  #make() {
    const L = this.#library;
    this.#map = L.map(this.host, { zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, attributionControl: false, doubleClickZoom: false });
    L.control.scale({ imperial: false }).addTo(this.#map);
    this.#drawn = L.layerGroup().addTo(this.#map);
    const boxes = this.#corners.length ? this.#corners : this.#municipalities.flatMap(({ bounds: [west, south, east, north] }) => [[south, west], [north, east]]);
    this.#map.fitBounds(boxes.length ? boxes : [[50.7, 3.3], [53.6, 7.3]]);
    this.#map.on("click", ({ latlng }) => this.#change(() => this.#corners.push([latlng.lat, latlng.lng])));
    this.#map.on("moveend", () => this.#outline());
    this.#outline();
    this.#show();
  }

  async #outline() {
    const view = this.#map.getBounds();
    const inView = this.#municipalities.filter(({ code, bounds: [west, south, east, north] }) => !this.#outlined.has(code) && view.intersects([[south, west], [north, east]]));
    if (inView.length > OUTLINES) return;
    for (const { code, name } of inView) {
      this.#outlined.add(code);
      const { geometry } = await ask("GET", `/areas/${code}`);
      this.#library.geoJSON(geometry, { style: OUTLINE }).addTo(this.#map).bringToBack().bindTooltip(name, { permanent: true, direction: "center", className: "place-name" });
    }
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

/** To some 10 cm. */
function round(degrees) {
  return Math.round(degrees * 1e6) / 1e6;
}
