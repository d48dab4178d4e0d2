// The sign-up page: the form, then the codes.

import "./frame.js";
import { AddressField } from "./address_field.js";
import { Once } from "./api.js";
import { busy } from "./busy.js";
import { Codes } from "./codes.js";
import { CONSENT_VERSION } from "./consent.js";
import { byId, visible } from "./dom.js";
import { Hours } from "./hours.js";
import { language, whenever } from "./i18n.js";
import { notJoined } from "./not_joined.js";
import { defect, defects, showProblem } from "./problem.js";
import { Topics } from "./topics.js";
import * as waiting from "./waiting.js";

const SOURCES = ["web", "facebook", "municipality", "letter", "event", "other"];
const FIELDS = {
  phone: ["phone", "error.phone_invalid"],
  email: ["email", "error.email_invalid"],
  channels: ["channels", "error.channel_missing"],
  language: ["language", "error.language_missing"],
  birth_year: ["birth-year", "error.birth_year"],
  consent: ["consent-field", "error.consent_missing"],
  "places.0": ["home", "error.address_not_found"],
  "places.1": ["work", "error.address_not_found"],
};

const CHANNELS = { sms: "phone", voice: "phone", email: "email" }; // and the contact that each needs

const form = byId("sign-up");
const home = new AddressField(byId("home"), "signup.home");
const work = new AddressField(byId("work"), "signup.work");
const homeHours = new Hours(byId("home-hours"), "hours.home");
const workHours = new Hours(byId("work-hours"), "hours.work");
const topics = new Topics(byId("topics"));
const request = new Once();
let languageChosen = false;

function chosen(channel) {
  return byId(`channel-${channel}`).checked;
}

function needs(contact) {
  return Object.keys(CHANNELS).some((channel) => CHANNELS[channel] === contact && chosen(channel));
}

function missing() {
  const [phone, email] = [needs("phone"), needs("email")];
  const found = [];
  if (!phone && !email) found.push(defect("channels", "error.channel_missing"));
  if (phone && !byId("phone").value.trim()) found.push(defect("phone", "error.phone_missing"));
  if (email && !byId("email").value.trim()) found.push(defect("email", "error.email_missing"));
  if (!home.address) found.push(defect("home", "error.home_missing"));
  if (work.unfinished) found.push(defect("work", "error.work_not_chosen"));
  if (homeHours.unfinished) found.push(defect("home-hours", "error.hours"));
  if (work.address && workHours.unfinished) found.push(defect("work-hours", "error.hours"));
  if (!/^\d{4}$/.test(byId("birth-year").value.trim())) found.push(defect("birth-year", "error.birth_year"));
  if (!byId("consent").checked) found.push(defect("consent-field", "error.consent_missing"));
  return found;
}

function body() {
  const places = [{ kind: "home", address: home.address, hours: homeHours.value }];
  if (work.address) places.push({ kind: "work", address: work.address, hours: workHours.value });
  return {
    ...(needs("phone") && { phone: byId("phone").value.trim() }),
    ...(needs("email") && { email: byId("email").value.trim() }),
    places,
    channels: Object.keys(CHANNELS).filter(chosen),
    language: form.elements.language.value,
    birth_year: Number(byId("birth-year").value),
    consent: { version: CONSENT_VERSION },
    source: source(),
    declined: topics.declined,
    exercises: byId("exercises").checked,
  };
}

/** Where the link that led here was, as it says itself: /aanmelden?source=letter */
function source() {
  const named = new URLSearchParams(location.search).get("source");
  return SOURCES.includes(named) ? named : "web";
}

async function send() {
  const found = missing();
  showProblem(byId("problem"), found);
  if (found.length) return;
  try {
    const { id, verify } = await request.post("/sign-ups", body());
    waiting.keep({ id, verify });
    prove({ id, verify });
  } catch (error) {
    refused(error);
  }
}

function refused(error) {
  showProblem(byId("problem"), defects(error, FIELDS));
  const refusal = error.fields.find(({ code }) => code === "municipality_not_joined");
  if (refusal) notJoined(byId("problem"), refusal.field === "places.1" ? work : home, refusal.field === "places.1");
}

function prove({ id, verify }) {
  visible(byId("ask"), false);
  visible(byId("prove"), true);
  new Codes(id, verify).show();
  byId("prove-heading").focus();
  scrollTo(0, 0);
}

for (const [channel, contact] of Object.entries(CHANNELS)) {
  const show = () => visible(byId(`${contact}-field`), needs(contact));
  byId(`channel-${channel}`).addEventListener("change", show);
  show();
}
for (const option of form.elements.language) option.addEventListener("change", () => (languageChosen = true));
whenever(() => {
  if (!languageChosen) form.elements.language.value = language();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  busy(event.submitter ?? form, send);
});
byId("start-over").addEventListener("click", () => {
  waiting.forget();
  location.reload();
});

const begun = waiting.kept();
if (begun) prove(begun);
