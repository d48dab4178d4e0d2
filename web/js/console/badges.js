// What must be seen of an alert at first sight: its state, and whether it is meant.

import { element, spoken } from "../dom.js";

/** `alert`: an alert or a line of a list. */
export function badges(alert) {
  const marks = [spoken("span", { class: `badge state-${alert.state}` }, `state.${alert.state}`)];
  if (alert.status !== "Actual") marks.unshift(spoken("span", { class: "badge not-meant" }, `status.${alert.status}`));
  if (alert.break_glass) marks.push(spoken("span", { class: "badge alone" }, "console.alone"));
  if ((alert.stopped || alert.stopped_at) && alert.state === "active") marks.push(spoken("span", { class: "badge" }, "console.stopped"));
  if (alert.result === "unknown") marks.push(spoken("span", { class: "badge" }, "result.unknown"));
  return element("p", { class: "badges" }, ...marks);
}
