// The photo of who or what is looked for, on the page of whoever was asked.

import { language } from "./i18n.js";

/** Shows it in `figure`, or nothing. `photo`: as the API has it, with an address that works for some minutes. */
export function showLookedFor(figure, photo) {
  figure.hidden = !photo;
  const image = figure.querySelector("img");
  if (!photo) return image.removeAttribute("src");
  image.alt = photo.alt[language()] ?? photo.alt.nl;
  image.lang = photo.alt[language()] ? language() : "nl";
  if (image.getAttribute("src") !== photo.url) image.src = photo.url;
}
