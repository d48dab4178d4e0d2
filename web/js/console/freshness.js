// Whether what is on the page still holds: when it was last heard, and grey where that is too long ago.

import { byId, spoken } from "../dom.js";
import { clock } from "../i18n.js";

/** An answer came just now. */
export function fresh() {
  if (!("stale" in document.body.dataset)) return;
  delete document.body.dataset.stale;
  byId("stale").replaceChildren();
}

/** No answer since `since` (milliseconds since 1970). */
export function stale(since) {
  document.body.dataset.stale = "";
  byId("stale").replaceChildren(spoken("p", { class: "notice careful" }, "console.stale", { time: clock(since) }));
}
