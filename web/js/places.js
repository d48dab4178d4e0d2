// Someone's places: change one, take one away, add one. Each change goes out at once, as the whole list.

import { AddressField } from "./address_field.js";
import { byId, element, spoken, visible } from "./dom.js";
import { Hours, described } from "./hours.js";
import { label, t, whenever } from "./i18n.js";

const MOST = 5;
const KINDS = ["home", "work", "other"];

export class Places {
  #places = [];

  /** `onchange(places)`: the places that are wanted, as the API takes them. */
  constructor(onchange) {
    this.onchange = onchange;
    byId("add-place").addEventListener("click", () => this.#add());
    whenever(() => this.show(this.#places));
  }

  /** `places`: as the API gives them. */
  show(places) {
    this.#places = places;
    byId("places").replaceChildren(...places.map((place, index) => this.#item(place, index)));
    byId("new-place").replaceChildren();
    visible(byId("add-row"), places.length < MOST);
  }

  #item(place, index) {
    const editor = element("div", { id: `place-${index}`, class: "field" });
    const named = { kind: t(`place.${place.kind}`), address: shown(place) };
    const { kind, hours } = place;
    const edit = () => this.#edit(editor, (address) => this.#replace(index, { kind, address, hours }));
    const when = () => this.#editHours(editor, index);
    const buttons = element("p", { class: "buttons place-buttons" }, action("manage.change_place", "manage.change_named", named, edit));
    buttons.append(action("manage.change_hours", "manage.change_hours_named", named, when));
    if (this.#places.length > 1) {
      buttons.append(action("manage.remove_place", "manage.remove_named", named, () => this.#replace(index)));
    }
    const open = spoken("div", { class: "quiet" }, hours.length ? "manage.hours" : "hours.always", { hours: described(hours) });
    return element("li", {}, element("h3", {}, named.kind), element("div", {}, named.address), open, buttons, editor);
  }

  #edit(host, onchoose) {
    new AddressField(host, "manage.new_address", onchoose).focus();
  }

  #editHours(host, index) {
    const wanted = this.#wanted();
    const fieldset = element("fieldset", { id: `hours-${index}`, class: "field" });
    const hours = new Hours(fieldset, "hours.place", wanted[index].hours);
    const wrong = element("div", { role: "alert" });
    const save = () => {
      if (hours.unfinished) return wrong.replaceChildren(spoken("p", { class: "error" }, "error.hours"));
      return this.#replace(index, { ...wanted[index], hours: hours.value });
    };
    host.replaceChildren(
      fieldset,
      wrong,
      element(
        "p",
        { class: "buttons" },
        spoken("button", { type: "button", class: "button", onclick: save }, "manage.save"),
        spoken("button", { type: "button", class: "button second", onclick: () => this.show(this.#places) }, "manage.cancel"),
      ),
    );
    fieldset.querySelector("input").focus();
  }

  #add() {
    visible(byId("add-row"), false);
    const options = KINDS.map((kind) => spoken("option", { value: kind }, `place.${kind}`));
    const kind = element("select", { id: "new-kind" }, ...options);
    kind.value = KINDS.find((name) => !this.#places.some((place) => place.kind === name)) ?? "other";
    const host = element("div", { id: "new", class: "field" });
    const cancel = spoken("button", { type: "button", class: "button second", onclick: () => this.show(this.#places) }, "manage.cancel");
    byId("new-place").replaceChildren(
      element("div", { class: "field" }, spoken("label", { for: "new-kind" }, "manage.kind"), kind),
      host,
      element("p", {}, cancel),
    );
    this.#edit(host, (address) => this.onchange([...this.#wanted(), { kind: kind.value, address }]));
    kind.focus();
  }

  /** Puts `place` where the one at `index` is; without one, takes that away. */
  #replace(index, place) {
    const wanted = this.#wanted();
    wanted.splice(index, 1, ...(place ? [place] : []));
    return this.onchange(wanted);
  }

  #wanted() {
    return this.#places.map(({ kind, address, point, hours }) => (address ? { kind, address, hours } : { kind, point, hours }));
  }
}

function shown({ address }) {
  return address ?? t("manage.point");
}

function action(key, nameKey, values, onclick) {
  const button = spoken("button", { type: "button", class: "button second", onclick }, key);
  label(button, nameKey, values);
  return button;
}
