// Writing an alert: what, where, who to look out for. Beside it, whom it would reach.

import { Once, Refused } from "../api.js";
import { busy } from "../busy.js";
import { element, spoken, visible } from "../dom.js";
import { defect, defects, showProblem } from "../problem.js";
import { AddressField } from "../address_field.js";
import { AreaChoice } from "./area_choice.js";
import { Descriptions } from "./descriptions.js";
import { Kept } from "../kept.js";
import { drawn } from "./reach.js";
import { ask, member, post } from "./session.js";

const URGENT = ["residential_burglary", "robbery", "hit_and_run", "missing_person", "missing_child", "other_urgent"];
const QUIET = ["theft", "vandalism", "arson", "fraud", "other"];
const CATEGORIES = {
  alert: URGENT,
  inquiry: [...URGENT.filter((name) => name !== "other_urgent"), ...QUIET],
  prevention: [...URGENT.filter((name) => !/other_urgent|missing/.test(name)), ...QUIET],
};
const TEXTS = [["headline", 1], ["description", 4], ["instruction", 2]]; // with how many lines there are to see
const CHANNELS = ["sms", "voice", "email", "push"];
const PREVIEW_AFTER_MS = 500;
const FIELDS = Object.fromEntries(["status", "kind", "category", "area", "headline", "description", "instruction", "persons", "vehicles", "channels", "override", "incident_point"].map((name) => [name, [name, `error.${name}_missing`]]));
for (const [name] of TEXTS) FIELDS[`${name}.en`] = [`${name}-en`, "error.translation_incomplete"];

export class Compose {
  #once = new Once();
  #incident; // { lon, lat }, where it is not the middle of the circle
  #alert; // as it was fetched; none while it is new
  #version;
  #counted = 0;
  #timer;

  constructor(id) {
    this.id = id;
    this.kept = new Kept(`${member().tenant}.${member().user}.${id ?? "new"}`);
    this.problem = element("div");
    this.newest = element("p", { class: "buttons", hidden: true }, spoken("button", { type: "button", class: "button second", onclick: () => this.#startOver() }, "compose.take_newest"));
    this.area = new AreaChoice(() => this.#touched());
    this.persons = new Descriptions("persons", () => this.#touched());
    this.vehicles = new Descriptions("vehicles", () => this.#touched());
    this.reach = element("section", { class: "card", "aria-live": "polite" }, spoken("h2", {}, "reach.heading"), spoken("p", {}, "reach.choose_area"));
    this.form = element("form", { novalidate: true, autocomplete: "off" }, ...this.#parts());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      busy(event.submitter ?? this.form, () => this.#save());
    });
    this.form.addEventListener("input", () => this.#keep());
    this.form.addEventListener("change", () => this.#touched());
    const side = element("div", { class: "side" }, this.reach);
    const head = spoken("h1", { tabindex: "-1" }, id ? "compose.change" : "console.new");
    this.element = element("section", {}, head, this.problem, this.newest, element("div", { class: "columns" }, this.form, side));
  }

  /** Nothing can be typed that what is fetched would overwrite. */
  async begin() {
    visible(this.form, false);
    const alert = await this.#stored();
    if (this.id && !alert) return;
    this.#alert = alert;
    const kept = this.kept.read();
    this.#version = kept?.version ?? alert?.version;
    if (alert && this.#version !== alert.version) this.#conflict();
    visible(this.form, true);
    const known = kept ?? alert;
    if (known) this.#fill(known);
    this.#categories();
    if (this.id) this.form.querySelectorAll("[name=status]").forEach((radio) => (radio.disabled = true));
  }

  /** Somebody signed in again. */
  resume() {
    return this.form.hidden ? this.begin() : undefined;
  }

  /** The alert as it is now; undefined where there is none, or where it cannot be had, which is said. */
  async #stored() {
    try {
      return this.id && (await ask("GET", `/alerts/${this.id}`));
    } catch (error) {
      if (error.status !== 401) showProblem(this.problem, defects(error));
      return undefined;
    }
  }

  pause() {
    clearTimeout(this.#timer);
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /** Somebody changed it since this was begun: what was typed stays in sight, and only the newest can be saved. */
  #conflict() {
    showProblem(this.problem, [defect(undefined, "error.version_changed")]);
    visible(this.newest, true);
  }

  async #startOver() {
    this.kept.forget();
    visible(this.newest, false);
    showProblem(this.problem, []);
    await this.begin();
  }

  #keep() {
    this.kept.keep({ ...this.#body(), version: this.#version });
  }

  #touched() {
    this.#keep();
    this.#soon();
  }

  #parts() {
    return [
      element("fieldset", { class: "card", id: "status" }, spoken("legend", {}, "compose.status"), ...["Actual", "Exercise"].map((status) => radio("status", status, `compose.${status}`, () => this.#meant(status)))),
      element("fieldset", { class: "card" }, spoken("legend", {}, "compose.what"), this.#kinds(), element("div", { class: "field" }, spoken("label", { for: "category" }, "said.category"), this.#category())),
      this.area.element,
      this.#where(),
      element("fieldset", { class: "card" }, spoken("legend", {}, "compose.texts"), spoken("p", { class: "hint" }, "compose.texts_hint"), ...TEXTS.flatMap(text)),
      this.persons.element,
      this.vehicles.element,
      element("fieldset", { class: "card", id: "channels" }, spoken("legend", {}, "compose.channels"), ...CHANNELS.map((channel) => this.#channel(channel))),
      this.#override(),
      element("p", { class: "buttons" }, spoken("button", { class: "button broad" }, "compose.save")),
      spoken("p", { class: "hint" }, "compose.save_what"),
    ];
  }

  #kinds() {
    const pick = () => {
      this.#categories();
      for (const channel of CHANNELS) this.form.elements[`by-${channel}`].checked = channel === "email" || this.#kind === "alert";
      this.#soon();
    };
    return element("div", { id: "kind" }, ...Object.keys(CATEGORIES).map((kind) => radio("kind", kind, `kind.${kind}`, pick, kind === "alert")));
  }

  /** Where it happened, which may be elsewhere than the middle of the area. */
  #where() {
    const host = element("div", { id: "incident_point", class: "field" });
    const take = (point) => {
      this.#incident = point;
      this.position.textContent = ""; // of an earlier one
      this.#touched();
    };
    this.position = element("p", { class: "quiet" });
    new AddressField(host, "compose.incident", (_, point) => take(point), () => take(undefined));
    return element("div", { class: "card" }, host, this.position);
  }

  #category() {
    this.category = element("select", { id: "category", onchange: () => this.#overridable() });
    return this.category;
  }

  get #kind() {
    return this.form.elements.kind.value;
  }

  #categories() {
    const before = this.category.value;
    const wanted = CATEGORIES[this.#kind];
    this.category.replaceChildren(spoken("option", { value: "" }, "compose.choose"), ...wanted.map((code) => spoken("option", { value: code }, `category.${code}`)));
    this.category.value = wanted.includes(before) ? before : "";
    this.#overridable();
  }

  #channel(channel) {
    const box = element("input", { type: "checkbox", name: `by-${channel}`, checked: true, onchange: () => this.#soon() });
    return element("label", { class: "choice" }, box, spoken("span", {}, `by.${channel}`));
  }

  #override() {
    const area = element("textarea", { id: "override-reason", rows: 2, "aria-describedby": "override-hint" });
    const hint = spoken("span", { class: "hint", id: "override-hint" }, "compose.override_hint");
    this.override = element("fieldset", { class: "card", id: "override", hidden: true }, spoken("legend", {}, "compose.override"), element("div", { class: "field" }, spoken("label", { for: "override-reason" }, "compose.override_reason"), hint, area));
    return this.override;
  }

  #overridable() {
    visible(this.override, this.#kind === "alert" && this.category.value === "missing_child" && this.form.elements.status?.value === "Actual");
  }

  #meant(status) {
    document.body.dataset.meant = status;
    this.#overridable();
    this.#soon();
  }

  /** The alert as the API takes it, as far as it is filled in. */
  #body() {
    const fields = this.form.elements;
    const texts = TEXTS.map(([name]) => [name, { nl: fields[name].value.trim(), ...(fields[`${name}-en`].value.trim() && { en: fields[`${name}-en`].value.trim() }) }]);
    const incident = this.#incident ?? this.area.center;
    const reason = !this.override.hidden && this.form.querySelector("#override-reason").value.trim();
    return {
      status: fields.status.value || undefined,
      kind: this.#kind,
      category: this.category.value || undefined,
      ...Object.fromEntries(texts.filter(([, { nl }]) => nl)),
      area: this.area.value,
      ...(incident && { incident_point: incident }),
      persons: this.persons.value,
      vehicles: this.vehicles.value,
      channels: CHANNELS.filter((channel) => fields[`by-${channel}`].checked),
      ...(reason && { override: { reason } }),
    };
  }

  #fill(known) {
    const fields = this.form.elements;
    if (known.status) {
      fields.status.value = known.status;
      document.body.dataset.meant = known.status;
    }
    fields.kind.value = known.kind;
    this.#categories();
    this.category.value = known.category ?? "";
    this.#overridable();
    for (const [name] of TEXTS) {
      fields[name].value = known[name]?.nl ?? "";
      fields[`${name}-en`].value = known[name]?.en ?? "";
    }
    for (const channel of CHANNELS) fields[`by-${channel}`].checked = known.channels?.includes(channel) ?? true;
    if (known.override) this.form.querySelector("#override-reason").value = known.override.reason;
    this.persons.value = known.persons ?? [];
    this.vehicles.value = known.vehicles ?? [];
    if (known.area) this.area.value = known.area;
    this.#placed(known);
    this.#soon();
  }

  /** An incident in the middle of the circle moves with it; any other stays where it is, and is shown. */
  #placed({ incident_point: point, area }) {
    const [lon, lat] = area?.circle?.center ?? [];
    this.#incident = point && (point.lon !== lon || point.lat !== lat) ? point : undefined;
    this.position.textContent = this.#incident ? `${point.lat.toFixed(5)}, ${point.lon.toFixed(5)}` : "";
  }

  /** Where each field of the API stands. */
  get #fields() {
    return { ...FIELDS, ...this.persons.fields, ...this.vehicles.fields };
  }

  #missing({ status, category, area, channels, ...texts }) {
    const found = [];
    if (!status) found.push(defect("status", "error.status_missing"));
    if (!category) found.push(defect("category", "error.category_missing"));
    if (!area) found.push(defect("area", "error.area_missing"));
    for (const [name] of TEXTS) if (!texts[name]) found.push(defect(name, `error.${name}_missing`));
    if (!channels.length) found.push(defect("channels", "error.channels_missing"));
    return found;
  }

  async #save() {
    const body = this.#body();
    const found = this.#missing(body);
    showProblem(this.problem, found);
    if (found.length) return;
    try {
      const alert = this.id ? await ask("PATCH", `/alerts/${this.id}`, this.#changes(body)) : await post(this.#once, "/alerts", body);
      this.kept.forget();
      location.hash = `#/alerts/${alert.id}`;
    } catch (error) {
      if (error.code === "version_changed") this.#conflict();
      else if (error.status !== 401) showProblem(this.problem, defects(error, this.#fields)); // who is signed out signs in first
    }
  }

  /** What the form could show and does not name is taken away. */
  #changes({ status, ...body }) {
    const { kind, category } = this.#alert;
    const offered = !this.override.hidden || (kind === "alert" && category === "missing_child");
    return { version: this.#version, incident_point: null, ...(offered && { override: null }), ...body };
  }

  /** Counts people once nothing has changed for a moment. */
  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#count(), PREVIEW_AFTER_MS);
  }

  async #count() {
    const body = this.#body();
    const { area, kind, channels, status, incident_point } = body;
    const mine = ++this.#counted;
    const heading = spoken("h2", {}, "reach.heading");
    if (!area || !channels.length) return this.reach.replaceChildren(heading, spoken("p", {}, "reach.choose_area"));
    this.reach.replaceChildren(heading, spoken("p", {}, "reach.counting"));
    const sketch = written(body) ? body : { area, kind, channels, status, incident_point };
    try {
      const told = await ask("POST", "/alerts/preview", sketch);
      if (mine === this.#counted) this.reach.replaceChildren(heading, ...drawn(told));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const [wrong] = defects(error, this.#fields);
      if (mine === this.#counted) this.reach.replaceChildren(heading, spoken("p", { class: "error" }, wrong.key));
    }
  }
}

/** Whether the texts are there, so that the preview can say something of them. */
function written(body) {
  return TEXTS.every(([name]) => body[name]);
}

function radio(name, value, key, onchange, checked = false) {
  return element("label", { class: "choice" }, element("input", { type: "radio", name, value, checked, onchange }), spoken("span", {}, key));
}

function text([name, rows]) {
  const made = ["", "-en"].map((suffix) => {
    const id = name + suffix;
    const attributes = { id, name: id, lang: suffix ? "en" : "nl" };
    const input = rows === 1 ? element("input", { type: "text", ...attributes }) : element("textarea", { rows, ...attributes });
    return element("div", { class: "field" }, spoken("label", { for: id }, suffix ? "compose.in_english" : `said.${name}`), input);
  });
  return [element("div", { class: "two-languages" }, ...made)];
}
