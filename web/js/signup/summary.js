// What somebody is about to send: to read over, and as the API takes it.

import { CONSENT_VERSION } from "../consent.js";
import { byId, element, spoken } from "../dom.js";
import { described } from "../hours.js";
import { label, t } from "../i18n.js";
import { placeName } from "../place_name.js";
import { needs } from "./steps.js";

/** Fills the list of answers, in the language that the page is in. */
export function showSummary(answers) {
  byId("summary").replaceChildren(...rows(answers).map(([step, key, text]) => row(step, key, text)));
}

function rows(answers) {
  const works = answers.works === "yes";
  return [
    ["home", "check.home", placeName(answers.home)],
    ["work", "check.work", works ? placeName(answers.work) : t("check.none")],
    ["channels", "check.channels", answers.channels.map((channel) => t(`channel.${channel}`)).join(", ")],
    ...["phone", "email"].filter((contact) => needs(contact, answers)).map((contact) => ["contacts", `check.${contact}`, answers[contact]]),
    ["hours", "check.home_hours", described(answers.homeHours) || t("hours.always")],
    ...(works ? [["hours", "check.work_hours", described(answers.workHours) || t("hours.always")]] : []),
    ["topics", "check.declined", answers.declined.map((topic) => t(`topic.${topic}`)).join(", ") || t("check.none")],
    ["topics", "check.exercises", t(answers.exercises ? "check.yes" : "check.no")],
    ["language", "check.language", t(`language.${answers.language}`)],
    ["age", "check.birth_year", answers.birthYear],
  ];
}

function row(step, key, text) {
  const change = spoken("a", { href: `#${step}` }, "check.change");
  label(change, "check.change_named", { what: t(key) });
  return element("div", {}, spoken("dt", {}, key), element("dd", {}, text), element("dd", {}, change));
}

function where({ address, point }) {
  return address ? { address } : { point };
}

export function asBody(answers) {
  const places = [{ kind: "home", ...where(answers.home), hours: answers.homeHours }];
  if (answers.works === "yes") places.push({ kind: "work", ...where(answers.work), hours: answers.workHours });
  return {
    ...(needs("phone", answers) && { phone: answers.phone }),
    ...(needs("email", answers) && { email: answers.email }),
    places,
    channels: answers.channels,
    language: answers.language,
    birth_year: Number(answers.birthYear),
    consent: { version: CONSENT_VERSION },
    source: answers.source,
    declined: answers.declined,
    exercises: answers.exercises,
  };
}
