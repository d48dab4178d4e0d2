// A button that plays the demo's story on this stack, and what it tells while it goes.

import { busy } from "./busy.js";
import { byId, element } from "./dom.js";
import { number, say } from "./i18n.js";

const STORY = "/local/story"; // only the local origin has it
const POLL_MS = 1_000;
const RIGHT = "CHECK";
const WRONG = "WRONG";

/** Makes the button work; a story that is being played already is shown. */
export async function offerStory() {
  byId("play").addEventListener("click", () => busy(byId("play"), play));
  const told = await ask("GET");
  if (told?.state === "playing") await busy(byId("play"), () => follow(told));
  else if (told && told.state !== "none") show(told);
}

async function play() {
  await follow(await ask("POST"));
}

async function follow(first) {
  let told = first;
  show(told);
  while (told?.state === "playing") {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    told = (await ask("GET")) ?? told;
    show(told);
  }
}

async function ask(method) {
  const answer = await fetch(STORY, { method, cache: "no-store" }).catch(() => undefined);
  return answer?.ok ? answer.json() : undefined;
}

function show(told) {
  if (!told) return say(byId("story-state"), "story.broke_off");
  const { state, lines } = told;
  if (byId("story-state").dataset.t !== `story.${state}`) say(byId("story-state"), `story.${state}`);
  const list = byId("story");
  if (lines.length < list.childElementCount) list.replaceChildren();
  list.append(...lines.slice(list.childElementCount).map(line));
  list.scrollTop = list.scrollHeight;
}

function line({ seconds, who, what }) {
  const kind = { [RIGHT]: "right", [WRONG]: "wrong" }[who];
  const mark = { right: "\u2713", wrong: "\u2717" }[kind] ?? who;
  const time = element("span", { class: "quiet" }, `${number(seconds)} s`);
  return element("li", { class: kind }, time, element("strong", {}, mark), element("span", {}, what));
}
