// What is being typed below an alert, kept in this tab: neither a refresh nor what a colleague does meanwhile takes it away. What
// somebody types to show that they have read is not kept.

import { Kept } from "../kept.js";
import { member } from "./session.js";

const FIELDS = "textarea, select, input[type=radio]";
const MISSED = "textarea, select, input[type=text]";

export class Typed {
  #body;
  #kept;
  #state;

  /** `body`: the element that the forms are in. Forms, what folds, and whatever can have the focus have an id each. */
  constructor(id, body) {
    this.#body = body;
    this.#kept = new Kept(`${member().tenant}.${member().user}.decide.${id}`);
    body.addEventListener("input", () => this.#keep());
  }

  /** Whether anything was typed or chosen that would be missed. */
  get any() {
    return isTyped(this.#body);
  }

  /** What stands in a form now, to be compared with later; undefined where it is not there. */
  standing(id) {
    const form = this.#body.querySelector(`#${id}`);
    return form ? JSON.stringify(read(form)) : undefined;
  }

  /**
   * Draws the forms anew by `draw`. `state`: of the alert; what was typed in another one is not put back. Gives the
   * element that has the focus as before, or undefined where it is lost.
   */
  redrawn(state, draw) {
    const opened = [...this.#body.querySelectorAll("details[open]")].map(({ id }) => id);
    const { id, selectionStart: from, selectionEnd: to } = this.#body.contains(document.activeElement) ? document.activeElement : {};
    draw();
    const before = this.#kept.read();
    const same = this.#state === state;
    this.#state = state;
    if (before?.state === state) for (const form of this.#forms()) fill(form, before.values[form.id] ?? {});
    for (const part of this.#body.querySelectorAll("details")) if ((same && opened.includes(part.id)) || isTyped(part)) part.open = true;
    const field = same && id && this.#body.querySelector(`#${id}`);
    if (!field) return undefined;
    field.focus({ preventScroll: true });
    if (from !== undefined && from !== null) field.setSelectionRange(from, to);
    return field === document.activeElement ? field : undefined;
  }

  /** What stood in this form was sent. `sent`: as `standing` told it then; what reads otherwise by now was not. */
  forget(id, sent) {
    if (this.standing(id) !== sent) return;
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

function isTyped(part) {
  return [...part.querySelectorAll(MISSED)].some((field) => field.value.trim());
}
