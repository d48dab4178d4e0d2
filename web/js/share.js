// A link and a QR code that lead to signing up and say where they stood: on a letter, on Facebook.

import "./frame.js";
import { byId, visible } from "./dom.js";
import { label, say } from "./i18n.js";
import { usable } from "./usable.js";

const LIBRARY = "/third-party/uqr/index.mjs";
const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4; // modules of white around a code, which readers need

const via = byId("via");
const link = byId("link");

async function show() {
  link.value = `${location.origin}/aanmelden?via=${via.value}`;
  byId("status").textContent = "";
  delete byId("status").dataset.t;
  const { encode } = await import(LIBRARY).catch(() => ({}));
  if (!encode) return say(byId("status"), "share.no_code");
  const picture = drawn(encode(link.value, { ecc: "M", border: QUIET }));
  label(picture, "share.picture", { link: link.value });
  byId("code").replaceChildren(picture);
  byId("download").href = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(picture))}`;
  byId("download").download = `burgernet-${via.value}.svg`;
  visible(byId("download-row"), true);
}

function drawn({ size, data }) {
  const modules = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")));
  const picture = made("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "shape-rendering": "crispEdges" });
  picture.append(made("path", { fill: "#fff", d: `M0 0h${size}v${size}h-${size}z` }), made("path", { d: modules.join("") }));
  return picture;
}

function made(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

async function copy() {
  link.select();
  const copied = await navigator.clipboard?.writeText(link.value).then(() => true, () => false);
  say(byId("status"), copied ? "share.copied" : "share.copy_yourself");
}

via.addEventListener("change", show);
byId("copy").addEventListener("click", copy);
usable(show());
