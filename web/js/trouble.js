// When a page has nothing to show: what is the matter, and what to do.

import { byId, element, spoken } from "./dom.js";

/** Takes the place of the page's content. `key`: of the heading; `key_what` says more. `again`: offers another try. */
export function showTrouble(key, again) {
  byId("loading").hidden = true;
  const heading = spoken("h1", { tabindex: "-1" }, key);
  const parts = [heading, spoken("p", {}, `${key}_what`)];
  if (again) parts.push(element("p", { class: "buttons" }, spoken("button", { type: "button", class: "button", onclick: again }, "page.again")));
  byId("trouble").replaceChildren(...parts);
  heading.focus();
}

/** The page has something to show after all. */
export function clearTrouble() {
  byId("loading").hidden = true;
  byId("trouble").replaceChildren();
}
