// Tiles behind a picture that is drawn to scale (area_picture.js). Each goes where its corners lie, so that the little by which the
// web's projection differs from a picture's own is spread evenly.

import { made } from "./svg.js";

const LEAST = 110; // width of a tile in the picture's own units: four of them across at most
const DEEPEST = 18;

/** Puts them into `picture`, of `width`; `scale` as area_picture.js makes it. Calls `shown` once the first has come. Those that do not are left out. */
export function drawTiles(picture, width, scale, { url }, shown) {
  const [west, east] = [scale.lon(0), scale.lon(width)];
  const zoom = Math.min(DEEPEST, Math.floor(Math.log2((360 * width) / ((east - west) * LEAST))));
  const count = 2 ** zoom;
  const group = made("g", { "aria-hidden": "true" });
  for (let column = Math.floor(columnAt(west, count)); column < columnAt(east, count); column += 1) {
    for (let row = Math.floor(rowAt(scale.lat(0), count)); row < rowAt(scale.lat(scale.height), count); row += 1) {
      group.append(tile({ z: zoom, x: column, y: row }, count, scale, url, () => {
        picture.classList.add("on-tiles");
        shown();
      }));
    }
  }
  picture.prepend(group);
}

function tile(place, count, { x, y }, url, shown) {
  const [left, right] = [x(lonAt(place.x, count)), x(lonAt(place.x + 1, count))];
  const [top, bottom] = [y(latAt(place.y, count)), y(latAt(place.y + 1, count))];
  const href = url.replace(/\{([xyz])\}/g, (_, name) => place[name]);
  const picture = made("image", { x: left, y: top, width: right - left, height: bottom - top, preserveAspectRatio: "none", href });
  picture.addEventListener("load", shown);
  picture.addEventListener("error", () => picture.remove());
  return picture;
}

function columnAt(lon, count) {
  return ((lon + 180) / 360) * count;
}

function rowAt(lat, count) {
  return ((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * count;
}

function lonAt(column, count) {
  return (column / count) * 360 - 180;
}

function latAt(row, count) {
  return (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / count))) * 180) / Math.PI;
}
