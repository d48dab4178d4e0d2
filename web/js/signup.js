// The sign-up page: one question at a time, then the answers to read over, then the codes. Which question it is stands in the
// address, behind the #: so back, forward and refresh do what they do elsewhere.

import "./frame.js";
import { Once } from "./api.js";
import { busy } from "./busy.js";
import { Codes } from "./codes.js";
import { byId, visible } from "./dom.js";
import { say, t, whenever } from "./i18n.js";
import { notJoined } from "./not_joined.js";
import { defects, showProblem } from "./problem.js";
import { Answers } from "./signup/answers.js";
import { steps } from "./signup/steps.js";
import { asBody, showSummary } from "./signup/summary.js";
import * as waiting from "./waiting.js";
import { usable } from "./usable.js";

const CHECK = "check";
// Of what the API refuses: the element that it is about, and words where we have none for its code.
const FIELDS = {
  phone: ["phone", "error.phone_invalid"],
  email: ["email", "error.email_invalid"],
  channels: ["channels", "error.channel_missing"],
  language: ["language", "error.unknown"],
  birth_year: ["birth-year", "error.birth_year"],
  consent: ["consent-field", "error.consent_missing"],
  "places.0": ["home", "error.address_not_found"],
  "places.1": ["work", "error.address_not_found"],
};

const answers = new Answers();
const request = new Once();
const problem = byId("problem");
const asked = steps(keep, (address, isWork) => notJoined(problem, { address }, isWork));
const order = [...asked.map((step) => step.id), CHECK];
let current;
let wrong = false;

function pageOf(id) {
  return byId(`step-${id}`);
}

function keep() {
  if (current) answers.keep(current.read());
}

/** The first question without an answer that will do, or the reading over. */
function firstOpen() {
  return asked.find((step) => !answers.finished(step.id) || step.missing(answers.all).length)?.id ?? CHECK;
}

function route() {
  const begun = waiting.kept();
  if (begun) return prove(begun);
  const wanted = location.hash.slice(1);
  const id = order.includes(wanted) ? wanted : order[0];
  if (order.indexOf(id) > order.indexOf(firstOpen())) return location.replace(`#${firstOpen()}`);
  open(id);
}

function open(id) {
  const first = current === undefined && byId("ask").hidden;
  current = asked.find((step) => step.id === id);
  current?.show(answers.all);
  if (id === CHECK) showSummary(answers.all);
  showProblem(problem, []);
  for (const each of order) visible(pageOf(each), each === id);
  visible(byId("ask"), true);
  visible(byId("prove"), false);
  const number = order.indexOf(id);
  byId("back").href = number ? `#${order[number - 1]}` : "/";
  say(byId("progress"), "signup.progress", { number: number + 1, all: order.length });
  entitle(false);
  if (!first) pageOf(id).querySelector("h1").focus();
  scrollTo(0, 0);
}

/** The page's title: where somebody is, and first of all whether something is wrong. */
function entitle(isWrong = wrong) {
  wrong = isWrong;
  const heading = [...document.querySelectorAll("h1")].find((each) => each.checkVisibility());
  if (heading) document.title = `${wrong ? `${t("signup.wrong")} ` : ""}${heading.textContent} - ${t("signup.title")}`;
}

function complain(found) {
  showProblem(problem, found);
  entitle(found.length > 0);
  const refused = found.find(({ key }) => key === "error.municipality_not_joined");
  if (refused) notJoined(problem, answers.all[refused.at], refused.at === "work");
}

async function goOn(step) {
  await step.settled();
  answers.keep(step.read());
  const found = step.missing(answers.all);
  complain(found);
  if (found.length) return;
  const readOver = answers.finished(asked.at(-1).id);
  answers.finish(step.id);
  location.hash = readOver ? firstOpen() : order[order.indexOf(step.id) + 1];
}

async function send() {
  try {
    const { id, verify } = await request.post("/sign-ups", asBody(answers.all));
    waiting.keep({ id, verify });
    prove({ id, verify });
  } catch (error) {
    refused(defects(error, FIELDS));
  }
}

/** Leads to the first question that was answered in a way that will not do. */
function refused(found) {
  const about = asked.find(({ id }) => found.some(({ at }) => at && pageOf(id).contains(byId(at))));
  if (!about) return complain(found);
  history.pushState(null, "", `#${about.id}`);
  open(about.id);
  complain(found.filter(({ at }) => at && pageOf(about.id).contains(byId(at))));
}

function prove({ id, verify }) {
  visible(byId("ask"), false);
  visible(byId("prove"), true);
  new Codes(id, verify, () => answers.forget()).show();
  entitle(false);
  byId("prove-heading").focus();
  scrollTo(0, 0);
}

for (const step of asked) {
  const form = pageOf(step.id).querySelector("form");
  form.addEventListener("input", () => keep());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(form.querySelector("button:not([type])"), () => goOn(step));
  });
}
pageOf(CHECK).querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  busy(event.submitter, send);
});
byId("start-over").addEventListener("click", () => {
  waiting.forget();
  request.forget();
  route();
});
addEventListener("hashchange", route);
whenever(() => {
  if (!pageOf(CHECK).hidden && !byId("ask").hidden) showSummary(answers.all);
  entitle();
});
route();
usable();
