// What can be decided on an alert now, by this member of staff. What cannot be undone stands apart and asks once more.

import { Refused } from "../api.js";
import { busy } from "../busy.js";
import { element, spoken } from "../dom.js";
import { clock, moment, t } from "../i18n.js";
import { defects, showProblem } from "../problem.js";
import { Countdown } from "./countdown.js";
import { resultsOf } from "./results.js";
import { ask, may, member } from "./session.js";
import { Typed } from "./typed.js";

const FIELDS = { reach: "error.reach_wrong", reason: "error.reason_missing", text: "error.text_missing", result: "error.result_missing", contribution: "error.contribution_missing" };

export class Decisions {
  #alert;
  #countdown;
  #typed;
  #mine = false; // what comes now is what this member of staff did

  /** `id`: of the alert. `onchange(alert)`: a decision was taken, and this is the alert now. */
  constructor(id, onchange) {
    this.onchange = onchange;
    this.problem = element("div");
    this.changed = element("div", { role: "status" });
    this.body = element("div");
    this.#typed = new Typed(id, this.body);
    this.heading = spoken("h2", { tabindex: "-1" }, "decide.heading");
    this.element = element("section", { class: "card decisions" }, this.heading, this.problem, this.changed, this.body);
  }

  /** Draws anew only what another version allows; what is being typed stays. */
  show(alert) {
    if (this.#alert?.version === alert.version) return;
    const byOthers = this.#alert?.state === alert.state && !this.#mine;
    const focused = this.body.contains(document.activeElement);
    this.#alert = alert;
    this.#countdown?.stop();
    const stayed = this.#typed.redrawn(alert.state, () => this.body.replaceChildren(...this.#forState(alert)));
    if (focused && !stayed) this.heading.focus({ preventScroll: true });
    showProblem(this.problem, []);
    const missed = byOthers && this.#typed.any;
    this.changed.replaceChildren(...(missed ? [spoken("p", { class: "notice careful" }, "error.version_changed")] : []));
  }

  stop() {
    this.#countdown?.stop();
  }

  #forState(alert) {
    switch (alert.state) {
      case "draft":
        return this.#draft(alert);
      case "submitted":
        return this.#submitted(alert);
      case "scheduled":
        return this.#scheduled(alert);
      case "active":
        return this.#active(alert);
      default:
        if (alert.result === "unknown") return this.#unanswered(alert);
        if (alert.outcome_at) return [spoken("p", {}, "decide.outcome_added", { by: alert.outcome_by })];
        return [spoken("p", {}, `decide.${alert.state}`, { by: alert.closed_by ?? alert.cancelled_by ?? "" })];
    }
  }

  #draft({ id, returned_reason: reason }) {
    const parts = reason ? [element("div", { class: "notice careful" }, spoken("strong", {}, "decide.returned"), element("p", { class: "kept-lines" }, reason))] : [];
    if (!may("dispatcher")) return [...parts, spoken("p", {}, "decide.being_written")];
    const edit = spoken("a", { class: "button second", href: `#/alerts/${id}/edit` }, "decide.edit");
    return [...parts, spoken("p", {}, "decide.draft"), this.#button("submit", "decide.submit"), edit, this.#cancel()];
  }

  #submitted(alert) {
    const parts = [];
    if (alert.approval_until) parts.push(spoken("p", {}, "decide.until", { time: clock(alert.approval_until) }));
    if (alert.authors.includes(member().user)) parts.push(spoken("p", { class: "notice" }, "decide.not_your_own"), ...this.#alone(alert));
    else parts.push(this.#approval(alert));
    return [...parts, this.#giveBack(), this.#cancel()];
  }

  #approval(alert) {
    const live = alert.status === "Actual";
    const fields = live ? [typed("approve", "reach", "decide.reach", "decide.reach_hint"), written("approve", "reason", "decide.limit_reason", "decide.limit_reason_hint")] : [spoken("p", {}, "decide.exercise")];
    return this.#form("approve", "decide.approve", fields, (form) =>
      this.#post("approve", { version: alert.version, ...(live && { reach: form.elements.reach.value.trim() }), ...text(form, "reason") }),
    );
  }

  #alone(alert) {
    if (alert.status !== "Actual") return [];
    const fields = [spoken("p", {}, "decide.alone_what"), typed("alone", "reach", "decide.reach", "decide.reach_hint"), written("alone", "reason", "decide.alone_reason")];
    const form = this.#form("alone", "decide.alone_send", fields, (form) =>
      this.#post("break-glass", { version: alert.version, reach: form.elements.reach.value.trim(), reason: form.elements.reason.value.trim() }),
      "danger",
    );
    return [element("details", { class: "apart" }, spoken("summary", {}, "decide.alone"), form)];
  }

  #scheduled(alert) {
    this.#countdown = new Countdown(alert);
    const undo = () => this.#post("return", { reason: t("decide.undone") });
    return [this.#countdown.element, this.#press("decide.undo", "button broad", undo)];
  }

  #active(alert) {
    const parts = [];
    if (alert.stopped_at) parts.push(spoken("p", { class: "notice careful" }, "decide.stopped", { time: clock(alert.stopped_at), by: alert.stopped_by }));
    else parts.push(this.#sure("decide.stop", "decide.stop_what", "decide.stop_now", () => this.#post("stop")));
    parts.push(this.#update());
    if (may("dispatcher")) parts.push(this.#closing(alert));
    return parts;
  }

  #update() {
    const types = ["update", "correction"].map((type, index) =>
      element("label", { class: "choice" }, element("input", { type: "radio", name: "type", value: type, checked: !index }), spoken("span", {}, `update.${type}`)),
    );
    const fields = [spoken("p", { class: "hint" }, "decide.update_what"), element("fieldset", {}, spoken("legend", { class: "small" }, "decide.update_type"), ...types), written("update", "text", "decide.text_nl"), written("update", "text-en", "decide.text_en")];
    const form = this.#form("update", "decide.update_send", fields, (form) => this.#post("updates", { type: form.elements.type.value, text: both(form) }), "", updatedBy);
    return element("details", { class: "apart" }, spoken("summary", {}, "decide.update"), form);
  }

  #closing(alert) {
    const form = this.#ending(alert, "close", "close", true, spoken("p", { class: "hint" }, "decide.close_what"));
    return element("details", { class: "apart" }, spoken("summary", {}, "decide.close"), form);
  }

  /** It closed by itself: how it ended can still be added. Those who were asked hear it until then, and not later. */
  #unanswered(alert) {
    const parts = [spoken("p", {}, "decide.closed_by_itself")];
    if (!may("dispatcher")) return parts;
    const until = alert.outcome_told_until;
    const told = Boolean(until) && new Date(until) > new Date();
    const what = told ? spoken("p", { class: "hint" }, "decide.outcome_what", { time: moment(until) }) : spoken("p", { class: "hint" }, "decide.outcome_counts");
    const form = this.#ending(alert, "outcome", told ? "outcome" : "outcome_kept", told, what);
    return [...parts, element("details", { class: "apart" }, spoken("summary", {}, "decide.outcome"), form)];
  }

  /** The form with how it ended. `told`: to people, so there can be a sentence for them. */
  #ending(alert, action, key, told, what) {
    const fields = [
      chosen(action, "result", "decide.result", resultsOf(alert).map((result) => [result, `result.${result}`])),
      chosen(action, "contribution", "decide.contribution", ["none", "indirect", "direct"].map((code) => [code, `contribution.${code}`])),
    ];
    if (told) fields.push(written(action, "text", action === "outcome" ? "decide.outcome_late_nl" : "decide.outcome_nl"), written(action, "text-en", "decide.outcome_en"));
    return this.#form(action, `decide.${key}_send`, [what, ...fields], async (form) => {
      const said = told ? both(form) : undefined;
      return this.#post(action, { result: choice(form, "result"), contribution: choice(form, "contribution"), ...(said && { text: said }) });
    });
  }

  #giveBack() {
    const form = this.#form("return", "decide.return_send", [written("return", "reason", "decide.return_reason")], (form) => this.#post("return", { reason: form.elements.reason.value.trim() }), "second");
    return element("details", { class: "apart" }, spoken("summary", {}, "decide.return"), form);
  }

  #cancel() {
    return this.#sure("decide.cancel", "decide.cancel_what", "decide.cancel_now", () => this.#post("stop"));
  }

  /** A decision that a slip must not take: the button stands behind another. */
  #sure(key, whatKey, nowKey, act) {
    return element("details", { class: "apart" }, spoken("summary", {}, key), spoken("p", {}, whatKey), this.#press(nowKey, "button danger", act));
  }

  #button(action, key) {
    return this.#press(key, "button broad", () => this.#post(action));
  }

  #press(key, kind, act) {
    return spoken("button", { type: "button", class: kind, onclick: (event) => busy(event.currentTarget, () => this.#do(act)) }, key);
  }

  /** `name`: begins the ids of its fields. `told(form)`: gives what tells from an alert that this was done to it. */
  #form(name, key, fields, act, kind = "", told = () => undefined) {
    const button = spoken("button", { class: `button ${kind}` }, key);
    const form = element("form", { id: `decide-${name}`, novalidate: true, autocomplete: "off" }, ...fields, button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      busy(button, () => this.#do(() => act(form), name, told(form)));
    });
    return form;
  }

  async #post(action, body) {
    return ask("POST", `/alerts/${this.#alert.id}/${action}`, body);
  }

  /** After a lost answer the alert is read anew: whether it happened is then seen, by its state or by `done(alert)`. */
  async #do(act, name, done) {
    showProblem(this.problem, []);
    this.changed.replaceChildren();
    try {
      this.#did(await act(), name);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const found = defects(error, fieldsOf(name));
      showProblem(this.problem, found);
      const lost = error.status === 0 || error.status >= 500;
      if (error.status !== 409 && !lost) return;
      const now = await this.#lookAgain();
      if (!now) return; // still away, and the page says so: it goes on looking
      if (lost && done?.(now)) return this.#did(now, name);
      this.onchange(now);
      if (error.status === 409) showProblem(this.problem, found); // also beside what it is now
    }
  }

  #did(alert, name) {
    showProblem(this.problem, []);
    if (name) this.#typed.forget(`decide-${name}`);
    this.#mine = true;
    this.onchange(alert);
    this.#mine = false;
    this.changed.replaceChildren();
  }

  /** Undefined where it cannot be had. */
  async #lookAgain() {
    try {
      return await ask("GET", `/alerts/${this.#alert.id}`);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return undefined;
    }
  }
}

/** Tells whether the newest update of an alert is what stands in the form now, by whom sits here. */
function updatedBy(form) {
  const [type, text] = [form.elements.type.value, both(form)];
  return ({ updates }) => {
    const last = updates.at(-1);
    return last?.by === member().user && last.type === type && last.text.nl === text?.nl && last.text.en === text?.en;
  };
}

/** Where each field of the API stands in a form; elsewhere nowhere. */
function fieldsOf(form) {
  return form ? Object.fromEntries(Object.entries(FIELDS).map(([name, key]) => [name, [`${form}-${name}`, key]])) : {};
}

function typed(form, name, key, hintKey) {
  const id = `${form}-${name}`;
  const hint = spoken("span", { class: "hint", id: `${id}-hint` }, hintKey);
  return element("div", { class: "field" }, spoken("label", { for: id }, key), hint, element("input", { type: "text", id, name, autocomplete: "off", "aria-describedby": `${id}-hint` }));
}

function written(form, name, key, hintKey) {
  const id = `${form}-${name}`;
  const parts = [spoken("label", { for: id }, key)];
  if (hintKey) parts.push(spoken("span", { class: "hint", id: `${id}-hint` }, hintKey));
  return element("div", { class: "field" }, ...parts, element("textarea", { id, name, rows: 3, ...(hintKey && { "aria-describedby": `${id}-hint` }) }));
}

function chosen(form, name, key, options) {
  const id = `${form}-${name}`;
  const made = [["", "compose.choose"], ...options].map(([value, text]) => spoken("option", { value }, text)); // none by itself: everybody hears it
  return element("div", { class: "field" }, spoken("label", { for: id }, key), element("select", { id, name }, ...made));
}

/** What was chosen there. Raises `Refused`, as the API would, where nothing was. */
function choice(form, name) {
  const { value } = form.elements[name];
  if (!value) throw new Refused(422, "invalid_input", [{ field: name, code: `${name}_missing` }]);
  return value;
}

/** What was written there; nothing where the form does not ask for it. */
function text(form, name) {
  const value = form.elements[name]?.value.trim();
  return value ? { [name]: value } : {};
}

function both(form) {
  const [nl, en] = [form.elements.text.value.trim(), form.elements["text-en"].value.trim()];
  return nl || en ? { nl, ...(en && { en }) } : undefined;
}
