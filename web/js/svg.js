const SVG = "http://www.w3.org/2000/svg";

/** An element of a picture. */
export function made(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}
