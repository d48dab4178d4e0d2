// A municipality that does not take part yet: no reproach, but what can be done.

import { call } from "./api.js";
import { element, spoken } from "./dom.js";
import { placeName } from "./place_name.js";

/** Takes the place of the error summary in `box`. `isWork`: signing up with the home address alone may still do. */
export async function notJoined(box, place, isWork) {
  const notice = element(
    "div",
    { class: "notice careful", tabindex: "-1", role: "alert" },
    spoken("h2", {}, "signup.not_joined"),
    spoken("p", {}, "signup.not_joined_what", { address: placeName(place) }),
    spoken("p", {}, isWork ? "signup.not_joined_work" : "signup.not_joined_next"),
  );
  box.replaceChildren(notice);
  notice.focus();
  const { municipalities } = await call("GET", "/municipalities?joined=true").catch(() => ({ municipalities: [] }));
  if (municipalities.length) notice.append(list(municipalities));
}

function list(municipalities) {
  const names = municipalities.map(({ name }) => name).sort((one, other) => one.localeCompare(other, "nl"));
  const items = names.map((name) => element("li", {}, name));
  return element("details", {}, spoken("summary", {}, "signup.joined_list"), element("ul", {}, ...items));
}
