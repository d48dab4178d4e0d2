// Where this device is now. The browser asks its owner first, and may refuse.

import { round } from "./geometry.js";

const PATIENCE = { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 };

/** `{ lon, lat }`. Rejects where its owner, the browser or the device will not tell. */
export async function here() {
  const { coords } = await new Promise((found, failed) => navigator.geolocation.getCurrentPosition(found, failed, PATIENCE));
  return { lon: round(coords.longitude), lat: round(coords.latitude) };
}
