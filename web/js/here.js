// Where this device is now. The browser asks its owner first, who may refuse, or not answer at all.

import { round } from "./geometry.js";

const PATIENCE_MS = 20_000;
const NOT_ALLOWED = 1; // as browsers number it

/** `{ lon, lat }`, to the metre where that is `exact`. Rejects, after 20 seconds at most, where it is not told. */
export async function here({ exact }) {
  const asked = { enableHighAccuracy: exact, timeout: PATIENCE_MS, maximumAge: 60_000 };
  const { coords } = await new Promise((found, failed) => {
    setTimeout(() => failed(new Error("nobody answered the browser")), PATIENCE_MS);
    navigator.geolocation.getCurrentPosition(found, failed, asked);
  });
  return { lon: round(coords.longitude), lat: round(coords.latitude) };
}

/** The key of a text: why `here` rejected. */
export function nowhere(error) {
  return error?.code === NOT_ALLOWED ? "place.refused" : "place.not_found";
}
