// Where it was, to go with an answer: an address that is searched, or where this device is now. Nobody has to say it.

import { AddressField } from "./address_field.js";
import { byId, visible } from "./dom.js";
import { here, nowhere } from "./here.js";
import { say } from "./i18n.js";

export class AnswerPlace {
  #field;
  #here = byId("here");
  #away = byId("here-away");
  #state = byId("here-state");
  #chosen;
  #turn = 0; // of the latest choice; what was looked for before it no longer counts
  #looking;

  /** `onchange()`: another place, or none any more. */
  constructor(onchange) {
    this.onchange = onchange;
    const host = byId("place");
    this.#field = new AddressField(host, "reply.place", (address, { lon, lat }) => this.#take({ lon, lat, address }), () => this.#take());
    host.addEventListener("input", () => this.#looking && this.#take()); // an address after all
    this.#here.addEventListener("click", () => (this.#looking ??= this.#stand()));
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
    this.#choose(place);
    if (place?.address) this.#field.show(place.address);
    else this.#field.clear();
    this.#show();
  }

  /** The key of a text: why no place goes along though one was asked for. Undefined where all is well; waits while the device is looking. */
  async missing() {
    const why = await this.#looking;
    if (why) return why;
    return !this.#chosen && this.#field.unfinished ? "error.address_not_chosen" : undefined;
  }

  /** As `missing`: the key of what is the matter. */
  async #stand() {
    const mine = ++this.#turn;
    say(this.#state, "reply.place_looking");
    const { place, why } = await here({ exact: true }).then((place) => ({ place }), (error) => ({ why: nowhere(error) }));
    if (mine !== this.#turn) return undefined;
    this.#looking = undefined;
    if (place) this.#arrive(place);
    else say(this.#state, why);
    return why;
  }

  /** Whoever is elsewhere by now stays there. */
  #arrive(place) {
    const waits = [this.#here, document.body].includes(document.activeElement) || byId("place").contains(document.activeElement);
    this.#take(place);
    if (waits) this.#away.focus();
  }

  #choose(place) {
    this.#turn++;
    this.#looking = undefined;
    this.#chosen = place;
  }

  #take(place) {
    this.#choose(place);
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
