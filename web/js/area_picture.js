// An area drawn to scale, north up, with a bar that says how far is how far. No map lies under it.

import { say } from "./i18n.js";

const SVG = "http://www.w3.org/2000/svg";
export const WIDTH = 320; // of the drawing, in its own units
const MARGIN = 12;
const METRES_PER_DEGREE = 111_320; // of latitude, about
const BARS = [50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20];

/** Fills `figure` with the picture of a GeoJSON MultiPolygon; gives where a longitude and a latitude lie in it. */
export function drawArea(figure, geometry) {
  const scale = scaleOf([geometry]);
  const picture = made("svg", { viewBox: `0 0 ${WIDTH} ${scale.height.toFixed(0)}`, role: "img", class: "area-picture" });
  const title = made("title", {});
  say(title, "area.picture");
  picture.append(title, made("path", { d: scale.path(geometry), "fill-rule": "evenodd" }), ...scale.bar());
  figure.replaceChildren(picture);
  return scale;
}

/**
 * How MultiPolygons fit together into a picture `WIDTH` wide and `height` high: `x` of a longitude, `y` of a latitude,
 * `path` of a geometry, and the elements of a `bar` that says how far is how far.
 */
export function scaleOf(geometries) {
  const positions = geometries.flatMap(({ coordinates }) => coordinates.flat(2));
  const [west, east] = ends(positions.map(([lon]) => lon));
  const [south, north] = ends(positions.map(([, lat]) => lat));
  const narrowing = Math.cos(((south + north) / 2) * (Math.PI / 180));
  const across = (east - west) * narrowing;
  const scale = (WIDTH - 2 * MARGIN) / Math.max(across, north - south);
  const height = (north - south) * scale + 2 * MARGIN + 28;
  const x = (lon) => (WIDTH - across * scale) / 2 + (lon - west) * narrowing * scale;
  const y = (lat) => MARGIN + (north - lat) * scale;
  const ring = (points) => `M${points.map(([lon, lat]) => `${x(lon).toFixed(1)} ${y(lat).toFixed(1)}`).join("L")}Z`;
  const path = ({ coordinates }) => coordinates.flat().map(ring).join("");
  return { x, y, height, path, bar: () => bar(scale / METRES_PER_DEGREE, height) };
}

function ends(numbers) {
  return numbers.reduce(([least, most], number) => [Math.min(least, number), Math.max(most, number)], [Infinity, -Infinity]);
}

function bar(perMetre, height) {
  const metres = BARS.find((length) => length * perMetre <= WIDTH / 3) ?? BARS.at(-1);
  const end = MARGIN + metres * perMetre;
  const text = made("text", { x: end + 8, y: height - 8 });
  text.textContent = metres >= 1_000 ? `${metres / 1_000} km` : `${metres} m`;
  return [made("path", { class: "bar-line", d: `M${MARGIN} ${height - 16}V${height - 11}H${end}V${height - 16}` }), text];
}

/** An element of a picture. */
export function made(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}
