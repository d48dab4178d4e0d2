// What every map that can be moved has: Leaflet, fetched only where there is one, and buttons that say what they do.

import { backdrop, credit } from "./backdrop.js";
import { element } from "./dom.js";
import { t, whenever } from "./i18n.js";

const LIBRARY = "/third-party/leaflet/leaflet";
const STILL = { zoomSnap: 0.5, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, attributionControl: false };
const OUTLINE = { color: "#5d6b79", weight: 1, fillColor: "#003d7a", fillOpacity: 0.05, interactive: false };
const NAMED = 12; // with more in view their names would lie over each other
const TILES = { maxNativeZoom: 18, maxZoom: 22, referrerPolicy: "no-referrer" };
const LOST = 4; // tiles in a row: then there are none to be had
export const NETHERLANDS = [[50.7, 3.3], [53.6, 7.3]];

let loading;

/** Leaflet, once. */
export function leaflet() {
  loading ??= Promise.all([import(`${LIBRARY}.js`), styled(`${LIBRARY}.css`)]).then(
    () => globalThis.L,
    (error) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** Its styles go before ours, which change some of them. */
function styled(href) {
  return new Promise((resolve, reject) => document.head.prepend(element("link", { rel: "stylesheet", href, onload: resolve, onerror: reject })));
}

/** A map in `host`, with a scale, whose it is, and under it what an operator has set. `options`: of Leaflet. */
export function makeMap(L, host, options = {}) {
  const map = L.map(host, { ...STILL, ...options, zoomControl: false });
  L.control.scale({ imperial: false }).addTo(map);
  const zoom = L.control.zoom().addTo(map);
  whenever(() => nameButtons(zoom.getContainer()), host);
  const { line, shown } = credit();
  host.after(line);
  underlay(L, map, shown);
  return map;
}

/** Where tiles do not come, the map is what it is without. */
async function underlay(L, map, shown) {
  const { tiles } = await backdrop();
  if (!tiles) return;
  const layer = L.tileLayer(tiles.url, TILES).addTo(map);
  let lost = 0;
  layer.on("tileload", () => {
    lost = 0;
    shown();
  });
  layer.on("tileerror", () => {
    lost += 1;
    if (lost === LOST) layer.remove();
  });
}

/** Draws outlines, GeoJSON features, with their names where there are few in view. Gives the layer, and `remove()`. */
export function drawOutlines(L, map, features) {
  const shapes = L.geoJSON(features, { style: OUTLINE }).addTo(map);
  const names = L.layerGroup().addTo(map);
  const show = () => {
    const view = map.getBounds();
    const inView = shapes.getLayers().filter((layer) => view.intersects(layer.getBounds()));
    names.clearLayers();
    for (const layer of inView.length > NAMED ? [] : inView) names.addLayer(nameOf(L, layer));
  };
  map.on("moveend", show);
  show();
  const remove = () => {
    map.off("moveend", show);
    for (const layer of [shapes, names]) layer.remove();
  };
  return { shapes, remove };
}

function nameOf(L, layer) {
  const { name, label } = layer.feature.properties;
  const at = label ? [label.lat, label.lon] : layer.getBounds().getCenter();
  return L.tooltip(at, { permanent: true, direction: "center", className: "place-name", content: name });
}

function nameButtons(host) {
  host.querySelectorAll("a").forEach((button, index) => {
    button.title = t(index ? "map.zoom_out" : "map.zoom_in");
    button.setAttribute("aria-label", button.title);
  });
}
