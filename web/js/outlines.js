// Coarse outlines of areas, to draw maps from. Whoever looks at them, they are the same, and the browser keeps them.

import { Refused, kept } from "./api.js";

const known = new Map(); // path -> the promise of what lies there

/** Code -> GeoJSON feature, of all areas of a `level` inside another one; `within` "NL": of all municipalities. Raises Refused. */
export function outlines(within, level) {
  const path = `/outlines/${within}/${level}`;
  if (!known.has(path)) {
    const answer = kept(path).then(({ features }) => new Map(features.map((feature) => [feature.id, feature])));
    known.set(path, answer);
    answer.catch(() => known.delete(path));
  }
  return known.get(path);
}

/** The geometries of areas as the API lists them, in their order. Raises Refused, also where there is none of one. */
export async function geometriesOf(areas) {
  const found = await Promise.all([...new Set(areas.map(place))].map((path) => outlines(...path.split("/"))));
  const all = new Map(found.flatMap((some) => [...some]));
  if (!areas.every(({ code }) => all.has(code))) throw new Refused(404, "area_not_found");
  return areas.map(({ code }) => all.get(code).geometry);
}

function place({ level, municipality, district }) {
  if (level === "municipality") return "NL/municipality";
  return `${(level === "neighbourhood" && district) || municipality}/${level}`;
}
