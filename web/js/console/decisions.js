// What can be decided on an alert now, by this member of staff. What cannot be undone stands apart and asks once more.

import { Once, Refused } from "../api.js";
import { busy } from "../busy.js";
import { element, spoken } from "../dom.js";
import { clock, moment, t } from "../i18n.js";
import { defects, showProblem } from "../problem.js";
import { Countdown } from "./countdown.js";
import { both, choice, chosen, fieldsOf, folded, text, typed, written } from "./decision_fields.js";
import { resultsOf } from "./results.js";
import { ask, may, member, post } from "./session.js";
import { Typed } from "./typed.js";

export class Decisions {
  #alert;
  #countdown;
  #typed;
  #mine = false; // what comes now is what this member of staff did
  #offered = false; // a version of it was here to be approved
  #asked = new Set(); // of what was asked, all that is not known to have happened
  #once = new Once(); // an update whose answer is lost goes out once, however often it is sent

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
    const happened = [...this.#asked].filter(({ done }) => done(alert));
    this.#keepingFocus(() => {
      for (const asked of happened) this.#settle(asked);
      if (this.#alert?.version !== alert.version) this.#draw(alert, this.#mine || happened.length > 0);
    });
  }

  #draw(alert, mine) {
    const [before, missed] = [this.#alert, this.#typed.any];
    const submitted = alert.state === "submitted";
    const careful = !mine && (submitted ? this.#offered : before?.state === alert.state && missed);
    this.#offered ||= submitted;
    this.#alert = alert;
    this.#countdown?.stop();
    const field = this.#typed.redrawn(alert.state, () => this.body.replaceChildren(...this.#forState(alert)));
    if (submitted && field?.matches("button")) field.blur(); // nobody approves by a key what they did not read
    if (!this.#asked.size) showProblem(this.problem, []);
    if (before?.state !== alert.state) this.#asked.clear(); // it cannot happen any more
    this.changed.replaceChildren(...(careful ? [spoken("p", { class: "notice careful" }, "error.version_changed")] : []));
  }

  /** Where what had the focus goes, or goes out of sight, the heading has it. */
  #keepingFocus(act) {
    const had = this.element.contains(document.activeElement);
    act();
    const now = document.activeElement;
    if (had && !(this.element.contains(now) && now.checkVisibility())) this.heading.focus({ preventScroll: true });
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
    return [...parts, spoken("p", {}, "decide.draft"), this.#press("submit", "button broad", () => this.#post("submit"), isLetOn), edit, this.#cancel()];
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
      { done: isApproved },
    );
  }

  #alone(alert) {
    if (alert.status !== "Actual") return [];
    const fields = [spoken("p", {}, "decide.alone_what"), typed("alone", "reach", "decide.reach", "decide.reach_hint"), written("alone", "reason", "decide.alone_reason")];
    const form = this.#form("alone", "decide.alone_send", fields, (form) =>
      this.#post("break-glass", { version: alert.version, reach: form.elements.reach.value.trim(), reason: form.elements.reason.value.trim() }),
      { kind: "danger", done: isApproved },
    );
    return [folded("alone", form)];
  }

  #scheduled(alert) {
    this.#countdown = new Countdown(alert);
    const undo = () => this.#post("return", { reason: t("decide.undone") });
    return [this.#countdown.element, this.#press("undo", "button broad", undo, isDraft)];
  }

  #active(alert) {
    const parts = [];
    if (alert.stopped_at) parts.push(spoken("p", { class: "notice careful" }, "decide.stopped", { time: clock(alert.stopped_at), by: alert.stopped_by }));
    else parts.push(this.#sure("stop", ({ stopped_at: at }) => Boolean(at)));
    parts.push(this.#update());
    if (may("dispatcher")) parts.push(this.#closing(alert));
    return parts;
  }

  #update() {
    const types = ["update", "correction"].map((type, index) =>
      element("label", { class: "choice" }, element("input", { type: "radio", id: `update-${type}`, name: "type", value: type, checked: !index }), spoken("span", {}, `update.${type}`)),
    );
    const fields = [spoken("p", { class: "hint" }, "decide.update_what"), element("fieldset", {}, spoken("legend", { class: "small" }, "decide.update_type"), ...types), written("update", "text", "decide.text_nl"), written("update", "text-en", "decide.text_en")];
    const send = (form) => post(this.#once, `/alerts/${this.#alert.id}/updates`, { type: form.elements.type.value, text: both(form) });
    return folded("update", this.#form("update", "decide.update_send", fields, send, { once: this.#once, doneOf: (form) => isUpdated(form, this.#alert.updates.length) }));
  }

  #closing(alert) {
    const done = ({ closed_by: by }) => by === member().user;
    const form = this.#ending(alert, "close", "close", true, spoken("p", { class: "hint" }, "decide.close_what"), done);
    return folded("close", form);
  }

  /** It closed by itself: how it ended can still be added. Those who were asked hear it until then, and not later. */
  #unanswered(alert) {
    const parts = [spoken("p", {}, "decide.closed_by_itself")];
    if (!may("dispatcher")) return parts;
    const until = alert.outcome_told_until;
    const told = Boolean(until) && new Date(until) > new Date();
    const what = told ? spoken("p", { class: "hint" }, "decide.outcome_what", { time: moment(until) }) : spoken("p", { class: "hint" }, "decide.outcome_counts");
    const done = ({ outcome_by: by }) => by === member().user;
    return [...parts, folded("outcome", this.#ending(alert, "outcome", told ? "outcome" : "outcome_kept", told, what, done))];
  }

  /** The form with how it ended. `told`: to people, so there can be a sentence for them. */
  #ending(alert, action, key, told, what, done) {
    const fields = [
      chosen(action, "result", "decide.result", resultsOf(alert).map((result) => [result, `result.${result}`])),
      chosen(action, "contribution", "decide.contribution", ["none", "indirect", "direct"].map((code) => [code, `contribution.${code}`])),
    ];
    if (told) fields.push(written(action, "text", action === "outcome" ? "decide.outcome_late_nl" : "decide.outcome_nl"), written(action, "text-en", "decide.outcome_en"));
    const end = async (form) => {
      const said = told ? both(form) : undefined;
      return this.#post(action, { result: choice(form, "result"), contribution: choice(form, "contribution"), ...(said && { text: said }) });
    };
    return this.#form(action, `decide.${key}_send`, [what, ...fields], end, { done });
  }

  #giveBack() {
    const send = (form) => this.#post("return", { reason: form.elements.reason.value.trim() });
    return folded("return", this.#form("return", "decide.return_send", [written("return", "reason", "decide.return_reason")], send, { kind: "second", done: isDraft }));
  }

  #cancel() {
    return this.#sure("cancel", ({ state }) => state === "cancelled");
  }

  /** A decision that a slip must not take, a stop: the button stands behind another. */
  #sure(name, done) {
    return folded(name, spoken("p", {}, `decide.${name}_what`), this.#press(`${name}_now`, "button danger", () => this.#post("stop"), done));
  }

  #press(name, kind, act, done) {
    return spoken("button", { type: "button", id: `decide-${name}`, class: kind, onclick: (event) => busy(event.currentTarget, () => this.#do(act, { done })) }, `decide.${name}`);
  }

  /**
   * `name`: begins the ids of its fields. `done(alert)`: whether this was done to it; or `doneOf(form)` gives that.
   * `once`: by which it is sent.
   */
  #form(name, key, fields, act, { kind = "", done, doneOf = () => done, once }) {
    const button = spoken("button", { id: `${name}-send`, class: `button ${kind}` }, key);
    const form = element("form", { id: `decide-${name}`, novalidate: true, autocomplete: "off" }, ...fields, button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      busy(button, () => this.#do(() => act(form), { done: doneOf(form), once, name, sent: this.#typed.standing(form.id) }));
    });
    return form;
  }

  async #post(action, body) {
    return ask("POST", `/alerts/${this.#alert.id}/${action}`, body);
  }

  /** After a lost answer the alert is read anew, and whatever it is from then on tells whether this happened. */
  async #do(act, asked) {
    showProblem(this.problem, []);
    this.changed.replaceChildren();
    this.#asked.add(asked);
    try {
      this.#did(await act(), asked);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const found = defects(error, fieldsOf(asked.name));
      const lost = error.status === 0 || error.status >= 500;
      if (!lost) this.#asked.delete(asked);
      showProblem(this.problem, found);
      if (error.status !== 409 && !lost) return;
      const now = await this.#lookAgain();
      if (!now) return; // still away, and the page says so: it goes on looking
      this.onchange(now);
      if (error.status !== 409) return;
      if (error.code === "version_changed") this.changed.replaceChildren(); // the problem says so
      showProblem(this.problem, found); // also beside what it is now
    }
  }

  #did(alert, asked) {
    this.#keepingFocus(() => {
      this.#settle(asked);
      this.#mine = true;
      this.onchange(alert);
      this.#mine = false;
    });
  }

  /** It happened. What was typed meanwhile stays. */
  #settle(asked) {
    this.#asked.delete(asked);
    asked.once?.forget();
    if (asked.name) this.#typed.forget(`decide-${asked.name}`, asked.sent);
    showProblem(this.problem, []);
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

const isDraft = ({ state }) => state === "draft";
const isApproved = ({ state }) => ["scheduled", "active"].includes(state);
const isLetOn = ({ state }) => ["submitted", "scheduled", "active"].includes(state);

/** Tells whether an alert has what stands in the form now, by whom sits here, beyond its first `known` updates. */
function isUpdated(form, known) {
  const [type, text] = [form.elements.type.value, both(form)];
  return ({ updates }) => updates.slice(known).some((it) => it.by === member().user && it.type === type && it.text.nl === text?.nl && it.text.en === text?.en);
}
