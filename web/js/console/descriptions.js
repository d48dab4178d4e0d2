// The descriptions of persons and vehicles in an alert: fields, so that each channel and language can word them.

import { element, spoken } from "../dom.js";

const MOST = 5;
const PERSON = [
  ["sex", ["male", "female"]],
  ["age_from", "number"],
  ["age_to", "number"],
  ["height_cm", "number"],
  ["build", ["slim", "average", "muscular", "heavy"]],
  ["appearance", "text"],
  ["hair", "text"],
  ["clothing", "text"],
  ["distinguishing", "text"],
];
const VEHICLE = [
  ["kind", ["car", "van", "truck", "motorcycle", "scooter", "bicycle", "other"]],
  ["make", "word"],
  ["model", "word"],
  ["colour", ["black", "white", "grey", "silver", "blue", "red", "green", "yellow", "orange", "brown", "beige", "purple", "pink"]],
  ["plate", "word"],
  ["direction", "text"],
];
const KINDS = { persons: PERSON, vehicles: VEHICLE };
const WRONG = { age_from: "error.age", age_to: "error.age", height_cm: "error.height", nl: "error.dutch_missing" };

export class Descriptions {
  #items = [];
  #made = 0;

  /** `name`: persons or vehicles. `onchange()`: there is one more, or one less. */
  constructor(name, onchange) {
    this.name = name;
    this.onchange = onchange;
    this.list = element("div");
    this.add = spoken("button", { type: "button", class: "button second", onclick: () => this.#more() }, `compose.add_${name}`);
    this.element = element("fieldset", { class: "card", id: name }, spoken("legend", {}, `compose.${name}`), this.list, element("p", {}, this.add));
  }

  /** As the API takes them. */
  get value() {
    return this.#items.map(({ read }) => read());
  }

  set value(described) {
    this.#items = [];
    this.list.replaceChildren();
    described.forEach((one) => this.#add(one));
  }

  /** Where each field of the API stands here, as `defects` takes it. */
  get fields() {
    const places = this.#items.flatMap(({ number }, index) => KINDS[this.name].flatMap((trait) => placesOf(`${this.name}.${index}`, `${this.name}-${number}`, trait)));
    return Object.fromEntries(places.map(([path, at, field]) => [path, [at, WRONG[field] ?? `error.${this.name}_missing`]]));
  }

  #add(one) {
    const number = (this.#made += 1);
    const fields = KINDS[this.name].map(([field, type]) => made(`${this.name}-${number}-${field}`, field, type, one[field]));
    const box = element("fieldset", { class: "described" }, spoken("legend", { class: "small" }, `compose.${this.name}_one`), ...fields.map(({ element: made }) => made));
    const item = { number, box, read: () => Object.fromEntries(fields.map(({ read }) => read()).filter(([, value]) => value !== undefined)) };
    const remove = spoken("button", { type: "button", class: "button second", onclick: () => this.#remove(item) }, "compose.remove");
    box.append(element("p", {}, remove));
    this.#items.push(item);
    this.list.append(box);
    this.add.hidden = this.#items.length >= MOST;
    return item;
  }

  #more() {
    this.#add({}).box.querySelector("input, select").focus();
    this.onchange();
  }

  #remove(item) {
    this.#items = this.#items.filter((other) => other !== item);
    item.box.remove();
    this.add.hidden = false;
    this.add.focus();
    this.onchange();
  }
}

/** The paths of one trait in the API, each with the id of its element and the last part of its path. */
function placesOf(path, id, [field, type]) {
  if (type !== "text") return [[`${path}.${field}`, `${id}-${field}`, field]];
  return ["nl", "en"].map((code) => [`${path}.${field}.${code}`, `${id}-${field}-${code}`, code]);
}

/** What is no number that JSON can say goes as it was typed: the API refuses it, and nothing is left out in silence. */
function numeric(typed) {
  const value = Number(typed);
  return Number.isFinite(value) ? value : typed;
}

/** One field: its element, and how to read it as [name, value]. */
function made(id, name, type, value) {
  if (Array.isArray(type)) {
    const options = [spoken("option", { value: "" }, "compose.unknown"), ...type.map((code) => spoken("option", { value: code }, `trait.${name}.${code}`))];
    const select = element("select", { id }, ...options);
    select.value = value ?? "";
    return { element: field(id, name, select), read: () => [name, select.value || undefined] };
  }
  if (type === "text") return translated(id, name, value);
  const input = element("input", { type: "text", id, class: "short", ...(type === "number" && { inputmode: "numeric" }) });
  input.value = value ?? "";
  const read = () => input.value.trim() || undefined;
  return { element: field(id, name, input), read: () => [name, type === "number" && read() ? numeric(read()) : read()] };
}

function translated(id, name, value) {
  const [nl, en] = ["nl", "en"].map((code) => {
    const input = element("input", { type: "text", id: `${id}-${code}`, lang: code });
    input.value = value?.[code] ?? "";
    return input;
  });
  const row = element("div", { class: "two-languages" }, field(nl.id, name, nl), element("div", { class: "field" }, spoken("label", { for: en.id }, "compose.in_english"), en));
  const read = ([dutch, english]) => (dutch || english ? { nl: dutch, ...(english && { en: english }) } : undefined);
  return { element: row, read: () => [name, read([nl, en].map((input) => input.value.trim()))] };
}

function field(id, name, input) {
  return element("div", { class: "field" }, spoken("label", { for: id }, `trait.${name}`), input);
}
