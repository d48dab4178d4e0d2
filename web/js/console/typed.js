// What is being typed below an alert, kept in this tab: neither a refresh nor what a colleague does meanwhile takes it away. What
// somebody types to show that they have read is not kept.

import { Kept } from "../kept.js";
import { member } from "./session.js";

const FIELDS = "textarea, select, input[type=radio]";

export class Typed {
  #body;
  #kept;
  #state;

  /** `body`: the element that the forms are in, each with an id. */
  constructor(id, body) {
    this.#body = body;
    this.#kept = new Kept(`${member().tenant}.${member().user}.decide.${id}`);
    body.addEventListener("input", () => this.#keep());
  }

  /** Whether there is any text that would be missed. */
  get any() {
    return [...this.#body.querySelectorAll("textarea")].some((field) => field.value.trim());
  }

  /** Draws the forms anew by `draw`. `state`: of the alert; what was typed in another one is not put back. */
  redrawn(state, draw) {
    const opened = [...this.#body.querySelectorAll("details[open] form")].map(({ id }) => id);
    const { id, selectionStart: from, selectionEnd: to } = this.#body.contains(document.activeElement) ? document.activeElement : {};
    draw();
    const before = this.#kept.read();
    const same = this.#state === state;
    this.#state = state;
    if (before?.state === state) for (const form of this.#forms()) fill(form, before.values[form.id] ?? {});
    for (const form of this.#forms()) if ((same && opened.includes(form.id)) || isTyped(form)) form.closest("details")?.setAttribute("open", "");
    const field = same && id && this.#body.querySelector(`#${id}`);
    if (!field) return false;
    field.focus({ preventScroll: true });
    if (from !== undefined && from !== null) field.setSelectionRange(from, to);
    return true;
  }

  /** What stands in this form was sent. */
  forget(id) {
    const form = this.#body.querySelector(`#${id}`);
    form?.reset();
    form?.closest("details")?.removeAttribute("open");
    this.#keep();
  }

  #forms() {
    return this.#body.querySelectorAll("form");
  }

  #keep() {
    const values = Object.fromEntries([...this.#forms()].map((form) => [form.id, read(form)]));
    this.#kept.keep({ state: this.#state, values });
  }
}

function read(form) {
  return Object.fromEntries([...form.querySelectorAll(FIELDS)].map(({ name }) => [name, form.elements[name].value]));
}

function fill(form, values) {
  for (const [name, value] of Object.entries(values)) if (form.elements[name]) form.elements[name].value = value;
}

function isTyped(form) {
  return [...form.querySelectorAll("textarea")].some((field) => field.value.trim());
}
