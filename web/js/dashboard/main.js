// The dashboard: who sits here, and which area, period and view the address asks for (state.js).

import "./texts.js";
import "../frame.js";
import { byId, element, spoken, visible } from "../dom.js";
import { whenever } from "../i18n.js";
import { may, member, signOut, whenEnded } from "../console/session.js";
import { signIn } from "../console/sign_in.js";
import { usable } from "../usable.js";
import { AreaView } from "./area_view.js";
import { NATION } from "./nation.js";
import { read } from "./state.js";

const ROLES = ["analyst", "police_team", "dispatcher", "approver"];

let view;
let shown; // whom and what the view is of

function show() {
  visible(byId("sign-in"), !member());
  visible(byId("view"), Boolean(member()));
  showWho();
  if (!member()) {
    view?.stop();
    view = undefined;
    byId("view").replaceChildren(); // whoever comes next may not see it
    return signIn(byId("sign-in"), show, { key: "dashboard.sign_in", roles: ROLES });
  }
  const state = read(location.hash);
  const seen = [member().tenant, member().user, state.code, state.yearly, state.period, ...Object.values(state.strange)].join(" ");
  if (view && shown === seen) return view.change(state);
  const moved = Boolean(view);
  view?.stop();
  shown = seen;
  view = new AreaView(state, byId("view"), { moved });
  return view.begin();
}

function showWho() {
  const who = member();
  visible(byId("who"), Boolean(who));
  if (!who) return;
  const places = element("nav", { class: "places-to-go" }, spoken("a", { href: "#/" }, "dashboard.mine"), spoken("a", { href: `#/${NATION}?shade=alerts` }, "dashboard.nation"));
  if (may("dispatcher", "approver")) places.append(spoken("a", { href: "/console" }, "console.alerts"));
  byId("who").replaceChildren(
    places,
    element("p", {}, spoken("span", {}, "console.signed_in", { user: who.user, tenant: who.tenant }), " "),
    spoken("button", { type: "button", class: "button second", onclick: signOut }, "console.sign_out"),
  );
}

addEventListener("hashchange", show);
whenEnded(show);
whenever(() => {
  showWho();
  view?.draw();
});
usable(show());
