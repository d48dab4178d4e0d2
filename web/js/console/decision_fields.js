// The fields of what can be decided on an alert, each with an id, so that a drawing anew finds them again; and what stands in them.

import { Refused } from "../api.js";
import { element, spoken } from "../dom.js";

const FIELDS = {
  reach: ["reach", "error.reach_wrong"],
  reason: ["reason", "error.reason_missing"],
  text: ["text", "error.text_missing"],
  "text.en": ["text-en", "error.text_missing"],
  result: ["result", "error.result_missing"],
  contribution: ["contribution", "error.contribution_missing"],
};

/** Where each field of the API stands in a form; elsewhere nowhere. */
export function fieldsOf(form) {
  return form ? Object.fromEntries(Object.entries(FIELDS).map(([field, [name, key]]) => [field, [`${form}-${name}`, key]])) : {};
}

/** What can be done behind a line of its own. `name`: of the decision. */
export function folded(name, ...parts) {
  return element("details", { class: "apart", id: `fold-${name}` }, spoken("summary", { id: `fold-${name}-line` }, `decide.${name}`), ...parts);
}

export function typed(form, name, key, hintKey) {
  const id = `${form}-${name}`;
  const hint = spoken("span", { class: "hint", id: `${id}-hint` }, hintKey);
  return element("div", { class: "field" }, spoken("label", { for: id }, key), hint, element("input", { type: "text", id, name, autocomplete: "off", "aria-describedby": `${id}-hint` }));
}

export function written(form, name, key, hintKey) {
  const id = `${form}-${name}`;
  const parts = [spoken("label", { for: id }, key)];
  if (hintKey) parts.push(spoken("span", { class: "hint", id: `${id}-hint` }, hintKey));
  return element("div", { class: "field" }, ...parts, element("textarea", { id, name, rows: 3, ...(hintKey && { "aria-describedby": `${id}-hint` }) }));
}

export function chosen(form, name, key, options) {
  const id = `${form}-${name}`;
  const made = [["", "compose.choose"], ...options].map(([value, text]) => spoken("option", { value }, text)); // none by itself: everybody hears it
  return element("div", { class: "field" }, spoken("label", { for: id }, key), element("select", { id, name }, ...made));
}

/** What was chosen there. Raises `Refused`, as the API would, where nothing was. */
export function choice(form, name) {
  const { value } = form.elements[name];
  if (!value) throw new Refused(422, "invalid_input", [{ field: name, code: `${name}_missing` }]);
  return value;
}

/** What was written there; nothing where the form does not ask for it. */
export function text(form, name) {
  const value = form.elements[name]?.value.trim();
  return value ? { [name]: value } : {};
}

/** What was written in Dutch and in English; undefined where nothing was. */
export function both(form) {
  const [nl, en] = [form.elements.text.value.trim(), form.elements["text-en"].value.trim()];
  return nl || en ? { nl, ...(en && { en }) } : undefined;
}
