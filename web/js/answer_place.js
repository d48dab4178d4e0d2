// Where it was, to go with an answer: an address that is searched, or where this device is now. Nobody has to say it.

import { AddressField } from "./address_field.js";
import { busy } from "./busy.js";
import { byId, visible } from "./dom.js";
import { here } from "./here.js";
import { say } from "./i18n.js";

export class AnswerPlace {
  #field;
  #here = byId("here");
  #away = byId("here-away");
  #state = byId("here-state");
  #chosen;

  /** `onchange()`: another place, or none any more. */
  constructor(onchange) {
    this.onchange = onchange;
    const host = byId("place");
    this.#field = new AddressField(host, "reply.place", (address, { lon, lat }) => this.#take({ lon, lat, address }), () => this.#take());
    this.#here.addEventListener("click", () => busy(this.#here, () => this.#stand()));
    this.#away.addEventListener("click", () => {
      this.#take();
      this.#field.focus();
    });
    this.#show();
  }

  /** `{ lon, lat }`, as the API takes it; undefined where none was chosen. */
  get place() {
    return this.#chosen && { lon: this.#chosen.lon, lat: this.#chosen.lat };
  }

  /** The same with the address, where it was one: what `chosen` can be set to later. */
  get chosen() {
    return this.#chosen;
  }

  set chosen(place) {
    this.#chosen = place;
    if (place?.address) this.#field.show(place.address);
    else this.#field.clear();
    this.#show();
  }

  async #stand() {
    try {
      this.#take(await here());
      this.#away.focus();
    } catch {
      say(this.#state, "place.refused");
    }
  }

  #take(place) {
    this.#chosen = place;
    this.#show();
    this.onchange();
  }

  #show() {
    const stands = Boolean(this.#chosen) && !this.#chosen.address;
    visible(byId("place"), !stands);
    visible(this.#here, !this.#chosen);
    visible(this.#away, stands);
    if (stands) say(this.#state, "reply.place_here");
    else {
      delete this.#state.dataset.t;
      this.#state.textContent = "";
    }
  }
}
