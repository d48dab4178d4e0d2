// Push messages of public alerts without signing up: choose areas, turn on. What was chosen is kept on this device.

import "./frame.js";
import { call } from "./api.js";
import { Areas } from "./areas.js";
import { busy } from "./busy.js";
import { byId, element, spoken, visible } from "./dom.js";
import { choosePlace, forgetMessages, forgetPlace, installed, place, showMessages } from "./heard.js";
import { here, nowhere } from "./here.js";
import { label, language, say, whenever } from "./i18n.js";
import { defect, defects, showProblem } from "./problem.js";
import { LISTENING, listening, pushed, supported, unpushed } from "./push.js";
import { lasting } from "./stored.js";
import { usable } from "./usable.js";

const MOST = 20;
const FIELDS = { areas: ["chosen-heading", "error.unknown"] };

let { id = "", areas = [] } = listening();
let saved = Boolean(id);

function show() {
  const on = Boolean(id) && Notification.permission === "granted";
  byId("chosen").replaceChildren(...areas.map(chosen));
  visible(byId("none"), !areas.length);
  visible(byId("off"), on);
  visible(byId("on"), !(on && saved));
  say(byId("on"), on ? "listen.save" : "listen.turn_on");
  say(byId("state"), !on ? "listen.off" : saved ? "listen.on" : "listen.not_saved");
}

function chosen({ code, name }) {
  const button = spoken("button", { type: "button", class: "button second", onclick: () => leave(code) }, "listen.remove");
  label(button, "listen.remove_which", { name });
  return element("li", {}, element("span", {}, name), " ", button);
}

function leave(code) {
  change(areas.filter((area) => area.code !== code));
  byId("chosen-heading").focus();
}

function add() {
  const area = picker.chosen;
  if (!area) return showProblem(byId("problem"), [defect("municipality", "listen.choose_first")]);
  if (areas.length >= MOST) return showProblem(byId("problem"), [defect("municipality", "listen.enough")]);
  change([...areas.filter((other) => other.code !== area.code), area]);
}

function change(wanted) {
  areas = wanted;
  saved = false;
  showProblem(byId("problem"), []);
  show();
}

async function turnOn() {
  if (!areas.length) return showProblem(byId("problem"), [defect("municipality", "listen.choose_first")]);
  await tried(async () => {
    const device = await pushed();
    const body = { ...device, areas: areas.map(({ code }) => code), language: language() };
    ({ id } = await call("POST", "/push/topics", { body }));
    saved = true;
    lasting.setItem(LISTENING, JSON.stringify({ id, areas }));
  });
}

async function turnOff() {
  await tried(async () => {
    await call("DELETE", `/push/topics/${id}`);
    lasting.removeItem(LISTENING);
    id = "";
    saved = false;
    await unpushed();
  });
}

async function tried(work) {
  try {
    await work();
    showProblem(byId("problem"), []);
  } catch (error) {
    showProblem(byId("problem"), defects(error, FIELDS));
  }
  show();
}

function showHeard() {
  return showMessages(byId("heard"), byId("heard-list"));
}

async function showPlace() {
  const chosen = Boolean(await place());
  say(byId("place-state"), chosen ? "place.known" : "place.unknown");
  visible(byId("forget-place"), chosen);
}

async function takePlace() {
  try {
    await choosePlace(await here({ exact: false })); // it is kept to 100 metres
    await showPlace();
  } catch (error) {
    say(byId("place-state"), nowhere(error));
  }
}

async function leavePlace() {
  await forgetPlace();
  await showPlace();
  byId("place-heading").focus();
}

async function clearHeard() {
  await forgetMessages();
  await showHeard();
  byId("listen-heading").focus(); // what was pressed is gone
}

const picker = new Areas(["municipality", "district", "neighbourhood"]);
if (supported()) {
  byId("forget-heard").addEventListener("click", () => busy(byId("forget-heard"), clearHeard));
  byId("take-place").addEventListener("click", () => busy(byId("take-place"), takePlace));
  byId("forget-place").addEventListener("click", () => busy(byId("forget-place"), leavePlace));
  document.addEventListener("visibilitychange", showHeard);
  whenever(showHeard);
  showPlace();
  byId("add").addEventListener("click", add);
  byId("on").addEventListener("click", () => busy(byId("on"), turnOn));
  byId("off").addEventListener("click", () => busy(byId("off"), turnOff));
  whenever(show);
  visible(byId("choose"), true);
  await tried(() => picker.open());
  usable();
  await installed().catch(() => {}); // a browser that keeps nothing for us: only without a connection is it missed
} else {
  visible(byId("unsupported"), true);
  usable();
}
