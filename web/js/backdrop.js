// What lies under maps where an operator has set it, and the line under every map that names whose all this is.

import { kept } from "./api.js";
import { element, spoken } from "./dom.js";

let known;

/** `{ tiles, boundaries }` as the API has them. Where it does not say, nothing: a map can do without both. */
export function backdrop() {
  known ??= kept("/map").catch(() => {
    known = undefined;
    return {};
  });
  return known;
}

/** The `line`, an element, and `shown()`: the first tile is there. Before that nobody is named for them. */
export function credit() {
  const line = element("p", { class: "credit" });
  const boundaries = backdrop().then((known) => known.boundaries && line.append(spoken("span", {}, "map.boundaries", known.boundaries)));
  let named = false;
  const shown = async () => {
    if (named) return;
    named = true;
    await boundaries;
    line.append(spoken("span", {}, "map.tiles", (await backdrop()).tiles));
  };
  return { line, shown };
}
