// The error summary: what is wrong, each with a link to its field, and the same words beside the field.

import { element, spoken } from "./dom.js";
import { known } from "./i18n.js";
import { Refused } from "./api.js";

const MARK = "has-error";

/** One thing wrong. `at`: id of the field's element, or undefined. `key`: of its text. */
export function defect(at, key) {
  return { at, key };
}

/**
 * What the API refused, as defects. `fields`: from the first part of a field's path to [element id, text for codes
 * that we have no words for]. Anything that is not a refusal is a mistake of ours, and is thrown on.
 */
export function defects(error, fields = {}) {
  if (!(error instanceof Refused)) throw error;
  if (!error.fields.length) return [defect(undefined, textOf(error.code))];
  return error.fields.map(({ field, code }) => {
    const [at, otherwise] = fields[field] ?? fields[field.split(".")[0]] ?? [];
    return defect(at, textOf(code, otherwise));
  });
}

function textOf(code, otherwise = "error.unknown") {
  return known(`error.${code}`) ? `error.${code}` : otherwise;
}

/** Shows the defects in `box` and beside their fields; none takes all away. */
export function showProblem(box, found) {
  clear();
  box.replaceChildren();
  if (!found.length) return;
  const list = element("ul");
  for (const { at, key } of found) {
    list.append(element("li", {}, at ? link(at, key) : spoken("span", {}, key)));
    if (at) mark(at, key);
  }
  const summary = element(
    "div",
    { class: "notice wrong", role: "alert", tabindex: "-1" },
    spoken("h2", {}, "problem.heading"),
    list,
  );
  box.append(summary);
  summary.focus();
  summary.scrollIntoView({ block: "start" });
}

function link(at, key) {
  const focus = (event) => {
    event.preventDefault();
    const target = focusable(at);
    target?.focus();
    target?.scrollIntoView({ block: "center" });
  };
  return spoken("a", { href: `#${at}`, onclick: focus }, key);
}

function focusable(at) {
  const target = document.getElementById(at);
  const inputs = "input, select, textarea, button";
  if (target?.matches(inputs)) return target;
  return [...(target?.querySelectorAll(inputs) ?? [])].find((input) => input.checkVisibility());
}

function mark(at, key) {
  const input = focusable(at);
  const place = input?.closest(".field") ?? document.getElementById(at);
  if (!input || !place) return;
  const error = spoken("p", { class: "error", id: `${at}-error` }, key);
  place.classList.add(MARK);
  const heading = place.querySelector(":scope > legend, :scope > h1, :scope > label:not(.choice)");
  if (heading) heading.after(error);
  else place.prepend(error);
  input.setAttribute("aria-invalid", "true");
  input.dataset.described = input.getAttribute("aria-describedby") ?? "";
  input.setAttribute("aria-describedby", `${input.dataset.described} ${error.id}`.trim());
}

function clear() {
  document.querySelectorAll(".error").forEach((error) => error.remove());
  document.querySelectorAll(`.${MARK}`).forEach((place) => place.classList.remove(MARK));
  document.querySelectorAll("[aria-invalid]").forEach((input) => {
    input.removeAttribute("aria-invalid");
    input.setAttribute("aria-describedby", input.dataset.described);
  });
}
