// The page behind the manage link, /manage#<token>: what is known of me, change it, pause, leave.

import "./frame.js";
import { call } from "./api.js";
import { busy } from "./busy.js";
import { CONSENT_VERSION } from "./consent.js";
import { byId, element, spoken, visible } from "./dom.js";
import { day, say, suggest, whenever } from "./i18n.js";
import { Places } from "./places.js";
import { PushSwitch } from "./push.js";
import { defects, showProblem } from "./problem.js";
import { Topics } from "./topics.js";
import { clearTrouble, showTrouble } from "./trouble.js";
import { usable } from "./usable.js";

const FIELDS = { channels: ["channels", "error.channel_missing"], language: ["language", "error.language_missing"] };
const CHANNELS = { sms: "phone", voice: "phone", email: "email" };

let token = "";
let me;
const topics = new Topics(byId("topics"));
const push = new PushSwitch(byId("push"), refresh);
const places = new Places((wanted) => change({ places: wanted }));

async function open() {
  token = location.hash.slice(1);
  visible(byId("mine"), false);
  if (!token) return showTrouble("manage.no_link");
  try {
    me = await call("GET", "/me", { token });
  } catch (error) {
    return refused(error);
  }
  clearTrouble();
  suggest(me.language);
  show();
  visible(byId("mine"), true);
}

function refused({ status }) {
  if (status === 404 || status === 401) return showTrouble("manage.not_valid");
  showTrouble("page.failed", open);
}

function show() {
  visible(byId("still"), me.still_here_asked);
  visible(byId("renew"), me.consent.renew);
  say(byId("state"), me.active ? "manage.active" : me.paused ? "manage.paused" : "manage.inactive");
  say(byId("pause"), me.paused ? "manage.resume" : "manage.pause");
  for (const [channel, contact] of Object.entries(CHANNELS)) {
    const box = byId(`channel-${channel}`);
    box.checked = me.channels.includes(channel);
    box.disabled = !me[contact] && !box.checked;
    const shown = byId(`${channel}-contact`);
    if (me[contact]) written(shown, me[contact]);
    else say(shown, `manage.no_${contact}`);
  }
  byId("preferences").elements.language.value = me.language;
  topics.show(me.declined);
  byId("exercises").checked = me.exercises;
  places.show(me.places);
  push.show(token, me.devices);
}

async function refresh() {
  me = await call("GET", "/me", { token });
  show();
}

function written(element, text) {
  delete element.dataset.t;
  element.textContent = text;
}

/** Tells the API; the page then shows what it answers. */
async function change(body, method = "PATCH", path = "/me") {
  byId("saved").replaceChildren();
  try {
    me = await call(method, path, { token, body });
  } catch (error) {
    return showProblem(byId("problem"), defects(error, FIELDS));
  }
  showProblem(byId("problem"), []);
  show();
  suggest(me.language);
  saved();
}

function saved() {
  byId("saved").replaceChildren(spoken("p", { class: "notice good" }, "manage.saved"));
  byId("saved").scrollIntoView({ block: "nearest" });
}

async function download() {
  try {
    const everything = await call("GET", "/me/export", { token });
    const file = new Blob([JSON.stringify(everything, undefined, 2)], { type: "application/json" });
    const link = element("a", { href: URL.createObjectURL(file), download: "burgernet.json" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (error) {
    showProblem(byId("problem"), defects(error));
  }
}

async function leave() {
  try {
    await call("DELETE", "/me", { token });
  } catch (error) {
    byId("leave-dialog").close();
    return showProblem(byId("problem"), defects(error));
  }
  byId("leave-dialog").close();
  visible(byId("mine"), false);
  visible(byId("left"), true);
  history.replaceState(undefined, "", location.pathname);
  byId("left-heading").focus();
}

function preferences() {
  const chosen = Object.keys(CHANNELS).filter((channel) => byId(`channel-${channel}`).checked);
  if (me.channels.includes("push")) chosen.push("push"); // it has a switch of its own
  return {
    channels: chosen,
    language: byId("preferences").elements.language.value,
    declined: topics.declined,
    exercises: byId("exercises").checked,
  };
}

function onpress(id, work) {
  byId(id).addEventListener("click", (event) => busy(event.currentTarget, work));
}

onpress("pause", () => change({ paused: !me.paused }));
onpress("still-yes", () => change({}, "POST", "/me/confirmation"));
onpress("renew-yes", () => change({ version: CONSENT_VERSION }, "POST", "/me/consent"));
onpress("export", download);
onpress("leave-now", leave);
byId("leave").addEventListener("click", () => byId("leave-dialog").showModal());
byId("stay").addEventListener("click", () => byId("leave-dialog").close());
byId("preferences").addEventListener("submit", (event) => {
  event.preventDefault();
  busy(event.submitter, () => change(preferences()));
});
whenever(() => {
  if (me) say(byId("since"), "manage.since", { time: day(me.created_at), version: me.consent.version });
});
addEventListener("hashchange", open);
usable(open());
