// Making elements.

import { say } from "./i18n.js";

/** `element("p", { class: "quiet", onclick: act }, child, "text")`: attributes, listeners, children. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else if (value !== false && value !== undefined) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** An element that shows a text of the catalogue. */
export function spoken(name, attributes, key, values) {
  const made = element(name, attributes);
  say(made, key, values);
  return made;
}

export function byId(id) {
  return document.getElementById(id);
}

/** Shows `element`, or hides it. */
export function visible(element, whether) {
  element.hidden = !whether;
}
