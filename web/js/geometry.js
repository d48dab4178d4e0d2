// What a map page must know of GeoJSON: longitude before latitude, degrees. To show people where they are; the API decides.

const METRES_PER_DEGREE = 111_320; // of latitude, about

/** Whether a MultiPolygon holds `{ lon, lat }`. */
export function contains({ coordinates }, { lon, lat }) {
  const crossed = coordinates.flat().flatMap((ring) => ring.slice(1).map((end, index) => [ring[index], end]));
  const right = crossed.filter(([[x1, y1], [x2, y2]]) => y1 > lat !== y2 > lat && lon < x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1));
  return right.length % 2 === 1;
}

/** Metres east and north of `{ lon, lat }`. */
export function moved({ lon, lat }, east, north) {
  const narrowing = Math.cos((lat * Math.PI) / 180);
  return { lon: lon + east / (METRES_PER_DEGREE * narrowing), lat: lat + north / METRES_PER_DEGREE };
}

/** To some 10 cm. */
export function round(degrees) {
  return Math.round(degrees * 1e6) / 1e6;
}
