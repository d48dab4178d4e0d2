// What an alert says and where, as it was written.

import { drawArea } from "../area_picture.js";
import { element, spoken } from "../dom.js";
import { moment } from "../i18n.js";
import { names } from "./municipalities.js";

export function said(alert) {
  const lines = element("dl", { class: "facts" });
  const fact = (key, ...what) => lines.append(spoken("dt", {}, key), element("dd", {}, ...what));
  fact("said.category", spoken("span", {}, `kind.${alert.kind}`), ": ", spoken("span", {}, `category.${alert.category}`));
  for (const [key, text] of [["said.description", alert.description], ["said.instruction", alert.instruction]]) fact(key, ...inBoth(text));
  if (alert.incident_at) fact("said.incident_at", moment(alert.incident_at));
  fact("said.municipalities", named(alert.municipalities));
  fact("said.expires", moment(alert.expires));
  if (alert.override) fact("said.override", alert.override.reason);
  if (alert.break_glass) fact("said.alone", alert.break_glass);
  if (alert.result) fact("said.outcome", spoken("span", {}, `result.${alert.result}`), "; ", spoken("span", {}, `contribution.${alert.contribution}`), ...(alert.outcome_text ? [element("p", {}, alert.outcome_text.nl)] : []));
  const figure = element("figure");
  drawArea(figure, outline(alert.shape));
  const parts = [spoken("h2", {}, "said.heading"), lines, ...alert.updates.map(update), figure];
  return element("section", { class: "card" }, ...parts);
}

/** Their names as soon as they are known, their codes until then. */
function named(codes) {
  const text = element("span", {}, codes.join(", "));
  names().then((known) => (text.textContent = codes.map((code) => known.get(code) ?? code).join(", ")));
  return text;
}

function inBoth({ nl, en }) {
  const parts = [element("p", { lang: "nl", class: "kept-lines" }, nl)];
  if (en) parts.push(element("p", { lang: "en", class: "kept-lines quiet" }, en));
  return parts;
}

function update({ type, text, at, by }) {
  return element("div", { class: "notice" }, element("p", {}, spoken("strong", {}, `update.${type}`), ` ${moment(at)}, ${by}`), ...inBoth(text));
}

/** A circle given corners, so that it can be drawn. `shape`: as the API resolved the area. */
export function outline(shape) {
  if (shape.type === "Polygon") return { coordinates: [shape.coordinates] };
  if (shape.type === "MultiPolygon") return shape;
  const { center, radius_m: radius } = shape;
  const [lon, lat] = center;
  const [up, across] = [radius / 111_320, radius / (111_320 * Math.cos((lat * Math.PI) / 180))];
  const corner = (_, index) => [lon + across * Math.cos((index * Math.PI) / 32), lat + up * Math.sin((index * Math.PI) / 32)];
  return { coordinates: [[Array.from({ length: 65 }, corner)]] };
}
