// Who somebody can be on the page of phones: a neighbour, or one of the staff that the local origin knows.

import { element, spoken } from "./dom.js";

const CONTROL_ROOM = ["dispatcher", "approver"];

/** Fills `list` with a link for each, which opens in a tab of its own: so one browser can be all of them. */
export async function showRoles(list) {
  const answer = await fetch("/local/people", { cache: "no-store" }).catch(() => undefined);
  const people = answer?.ok ? (await answer.json()).people : [];
  list.replaceChildren(item("/aanmelden?via=other", spoken("span", {}, "phones.neighbour")), ...people.map(member));
}

function member({ user, roles }) {
  const does = roles.flatMap((role, index) => [index ? ", " : "", spoken("span", {}, `phones.role.${role}`)]);
  const page = roles.some((role) => CONTROL_ROOM.includes(role)) ? "console" : "dashboard";
  return item(`/${page}?as=${encodeURIComponent(user)}`, `${user}: `, ...does);
}

function item(href, ...text) {
  return element("li", {}, element("a", { href, target: "_blank" }, ...text));
}
