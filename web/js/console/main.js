// The console: who sits here, and which view the address asks for (#/, #/new, #/alerts/ID, #/alerts/ID/edit).

import "./texts.js";
import "../frame.js";
import { byId, element, spoken, visible } from "../dom.js";
import { whenever } from "../i18n.js";
import { AlertView } from "./alert.js";
import { Compose } from "./compose.js";
import { ListView } from "./list.js";
import { member, signOut, whenEnded } from "./session.js";
import { signIn } from "./sign_in.js";
import { usable } from "../usable.js";

const CONTROL_ROOM = ["dispatcher", "approver"];
const VIEWS = [
  [/^\/?$/, () => new ListView()],
  [/^\/new$/, () => new Compose()],
  [/^\/alerts\/([0-9a-z]+)$/, (id) => new AlertView(id)],
  [/^\/alerts\/([0-9a-z]+)\/edit$/, (id) => new Compose(id)],
];

let view;
let shown; // the address of the view, and who sees it

async function show() {
  visible(byId("sign-in"), !member());
  visible(byId("view"), Boolean(member()));
  showWho();
  if (!member()) {
    view?.pause();
    return signIn(byId("sign-in"), show, { key: "console.sign_in", roles: CONTROL_ROOM });
  }
  const address = location.hash.slice(1);
  const seen = `${member().tenant} ${member().user} ${address}`;
  if (view && shown === seen) return view.resume();
  view?.stop();
  document.body.dataset.meant = "";
  const [pattern, make] = VIEWS.find(([pattern]) => pattern.test(address)) ?? VIEWS[0];
  shown = seen;
  const mine = (view = make(...(pattern.exec(address)?.slice(1) ?? [])));
  byId("view").replaceChildren(mine.element);
  scrollTo(0, 0);
  await mine.begin();
  if (view === mine && document.activeElement === document.body) mine.element.querySelector("h1")?.focus();
}

function showWho() {
  const who = member();
  visible(byId("who"), Boolean(who));
  if (!who) return;
  byId("who").replaceChildren(
    element("nav", { class: "places-to-go" }, spoken("a", { href: "#/" }, "console.alerts"), spoken("a", { href: "#/new" }, "console.new"), spoken("a", { href: "/dashboard" }, "console.figures")),
    element("p", {}, spoken("span", {}, "console.signed_in", { user: who.user, tenant: who.tenant }), " "),
    spoken("button", { type: "button", class: "button second", onclick: signOut }, "console.sign_out"),
  );
}

addEventListener("hashchange", show);
whenEnded(show);
whenever(showWho);
usable(show());
