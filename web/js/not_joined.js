// A municipality that does not take part yet: no reproach, but what can be done.

import { call } from "./api.js";
import { element, spoken } from "./dom.js";
import { placeName } from "./place_name.js";

/** Takes the place of the error summary in `box`. `isWork`: signing up with the home address alone may still do. */
export async function notJoined(box, place, isWork) {
  const names = element("ul");
  const others = element("details", {}, spoken("summary", {}, "signup.joined_list"), names);
  const notice = element(
    "div",
    { class: "notice careful", tabindex: "-1", role: "alert" },
    spoken("h2", {}, "signup.not_joined"),
    spoken("p", {}, "signup.not_joined_what", { address: placeName(place) }),
    spoken("p", {}, isWork ? "signup.not_joined_work" : "signup.not_joined_next"),
    others, // from the start, so that nothing moves away under a finger when the names come
  );
  box.replaceChildren(notice);
  notice.focus();
  const { municipalities } = await call("GET", "/municipalities?joined=true").catch(() => ({ municipalities: [] }));
  const sorted = municipalities.map(({ name }) => name).sort((one, other) => one.localeCompare(other, "nl"));
  names.append(...sorted.map((name) => element("li", {}, name)));
  if (!sorted.length) others.remove();
}
