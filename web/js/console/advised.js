// What could be worded better, as the API says it: advice that hinders nothing.

import { element, spoken } from "../dom.js";

/** Elements; none until the texts are written. */
export function advised(advice) {
  if (!advice) return [];
  const heading = spoken("h3", {}, "advice.heading");
  if (!advice.length) return [heading, spoken("p", {}, "advice.none")];
  const items = advice.map(({ concern, found = "", instead = "" }) => spoken("li", {}, `advice.${concern}`, { found, instead }));
  return [heading, element("ul", { class: "advice" }, ...items)];
}
