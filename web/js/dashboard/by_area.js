// The areas below one: a map shaded by a figure that is chosen, and a table with all of them.

import { element, spoken } from "../dom.js";
import { areaTable } from "./area_table.js";
import { AreaMap } from "./area_map.js";
import { MEASURES } from "./measures.js";
import { address } from "./state.js";

export function byArea({ parts }, state) {
  let now = state;
  const choice = element("select", { id: "shade", onchange: () => (location.hash = address(now, { shade: choice.value })) });
  for (const name of Object.keys(MEASURES)) choice.append(spoken("option", { value: name }, `dashboard.measure.${name}`));
  const map = new AreaMap(parts);
  const table = areaTable(parts);
  const field = element("div", { class: "field shade-choice" }, spoken("label", { for: "shade" }, "dashboard.shade"), choice);
  const change = (changed) => {
    now = changed;
    choice.value = changed.shade;
    map.show(changed);
    table.show(changed);
  };
  change(state);
  const columns = element("div", { class: "picture-and-table" }, element("div", {}, field, map.element), table.element);
  return { element: element("section", { class: "card" }, spoken("h2", {}, `dashboard.below.${parts[0].area.level}`), columns), change };
}
