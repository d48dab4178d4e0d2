// A text that somebody wrote, in Dutch and perhaps in English: shown in the reader's language where it is there.

import { language } from "./i18n.js";

/** `text`: { nl, en? }. The element says which language it is in. */
export function written(element, text) {
  const code = text[language()] ? language() : "nl";
  element.lang = code;
  element.textContent = text[code];
}
