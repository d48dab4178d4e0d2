// The page behind a personal reply link, /t/<token>: what was asked, or how it ended. Opening it changes nothing.

import "./frame.js";
import { Answer, keptAnswer } from "./answer.js";
import { call } from "./api.js";
import { drawArea } from "./area_picture.js";
import { byId, element, visible } from "./dom.js";
import { language, moment, say, whenever } from "./i18n.js";
import { showLookedFor } from "./looked_for.js";
import { showOutcome } from "./outcome.js";
import { clearTrouble, showTrouble } from "./trouble.js";
import { usable } from "./usable.js";
import { written } from "./written.js";

const STATUS = { Exercise: "reply.exercise", Test: "reply.test" };
const token = location.pathname.split("/")[2] ?? "";
let asked;
let answer;

async function open() {
  try {
    asked = await call("GET", `/tips/${encodeURIComponent(token)}`);
  } catch (error) {
    return refused(error);
  }
  clearTrouble();
  show();
  if (asked.outcome) keptAnswer(token).forget();
  else answer ??= new Answer(token, asked.kind, ended);
  if (["#gebied", "#foto"].includes(location.hash)) byId(location.hash.slice(1)).scrollIntoView();
}

/** The alert has ended since the page was opened. */
async function ended() {
  await open();
  byId("headline").focus();
}

function refused({ status, code }) {
  if ([404, 410, 422].includes(status)) keptAnswer(token).forget();
  if (code === "link_expired") return showTrouble("reply.not_valid");
  if (status === 410) return showTrouble("reply.withdrawn");
  if (status === 404 || status === 422) return showTrouble("reply.not_valid");
  showTrouble("page.failed", open);
}

function show() {
  const notMeant = STATUS[asked.status];
  if (notMeant) say(byId("not-meant"), notMeant);
  visible(byId("not-meant"), Boolean(notMeant));
  visible(byId("dutch-only"), language() !== "nl" && !asked.headline[language()]);
  written(byId("headline"), asked.headline);
  visible(byId("question"), !asked.outcome);
  if (asked.outcome) showOutcome(asked.outcome);
  else showQuestion();
  visible(byId("asked"), true);
}

function showUpdate({ type, text, at }) {
  say(byId("update-type"), `reply.news.${type}`);
  written(byId("update-text"), text);
  say(byId("update-when"), "reply.news.when", { time: moment(at) });
}

function showQuestion() {
  if (asked.update) showUpdate(asked.update);
  visible(byId("update"), Boolean(asked.update));
  showLookedFor(byId("foto"), asked.photo);
  written(byId("description"), asked.description);
  written(byId("instruction"), asked.instruction);
  if (asked.incident_at) say(byId("when"), "reply.when", { time: moment(asked.incident_at) });
  visible(byId("when"), Boolean(asked.incident_at));
  const lines = asked.details?.[language()] ?? [];
  byId("details-list").replaceChildren(...lines.map((line) => element("li", {}, line)));
  visible(byId("details"), lines.length > 0);
  if (asked.area) drawArea(byId("area"), asked.area);
  visible(byId("gebied"), Boolean(asked.area));
  byId("call-number").textContent = asked.call_number;
  byId("call-number").href = `tel:${asked.call_number.replace(/[^\d+]/g, "")}`;
}

whenever(() => {
  if (asked) show();
});
usable(open());
