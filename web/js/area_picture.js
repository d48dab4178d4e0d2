// An area drawn to scale, north up, with a bar that says how far is how far; on tiles, where an operator has set some.

import { backdrop, credit } from "./backdrop.js";
import { say } from "./i18n.js";
import { made } from "./svg.js";
import { drawTiles } from "./tile_pictures.js";

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
  const { line, shown } = credit();
  figure.replaceChildren(picture, line);
  underlay(picture, scale, shown);
  return scale;
}

/** Tiles behind a picture, once it is known whether there are any. `shown`: called when the first has come. */
export async function underlay(picture, scale, shown) {
  const { tiles } = await backdrop();
  if (tiles) drawTiles(picture, WIDTH, scale, tiles, shown);
}

/**
 * How MultiPolygons fit together into a picture `WIDTH` wide and `height` high: `x` of a longitude, `y` of a latitude,
 * `lon` and `lat` the other way, `path` of a geometry, and the elements of a `bar` that says how far is how far.
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
  const lon = (across) => west + (across - x(west)) / (narrowing * scale);
  const lat = (down) => north - (down - MARGIN) / scale;
  const ring = (points) => `M${points.map(([lon, lat]) => `${x(lon).toFixed(1)} ${y(lat).toFixed(1)}`).join("L")}Z`;
  const path = ({ coordinates }) => coordinates.flat().map(ring).join("");
  return { x, y, lon, lat, height, path, bar: () => bar(scale / METRES_PER_DEGREE, height) };
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
