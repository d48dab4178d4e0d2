// How a place is called: by its address, or as a place on the map.

import { t } from "./i18n.js";

/** `address`, or `area`: where the place lies that was pointed at. */
export function placeName({ address, area }) {
  return address ?? t("point.name", { area });
}
