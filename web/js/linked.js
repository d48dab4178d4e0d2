// Plain text as paragraphs in which web addresses are links.

import { element } from "./dom.js";

const ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/;

export function linked(text) {
  const paragraphs = text.trim().split(/\n{2,}/);
  return paragraphs.map((paragraph) => element("p", { class: "kept-lines" }, ...paragraph.split(ADDRESS).map(piece)));
}

function piece(text) {
  return ADDRESS.test(text) ? element("a", { href: text }, text) : text;
}
