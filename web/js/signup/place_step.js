// One place: an address that is searched and chosen, or a place on a map. It is told at once where Burgernet is not yet.

import { AddressField } from "../address_field.js";
import { call } from "../api.js";
import { byId } from "../dom.js";
import { PlaceMap } from "./place_map.js";

let municipalities;

/** Whether the municipality of this code takes part; undefined where that cannot be told now: then signing up tells. */
async function joined(code) {
  municipalities ??= call("GET", "/municipalities").catch(() => (municipalities = undefined));
  return (await municipalities)?.municipalities.find((municipality) => municipality.code === code)?.joined;
}

export class PlaceChoice {
  #field;
  #map;
  #place;
  #asked;

  /** `id`: of its element. `onchange()`: another place, or none; `onrefuse(address)`: its municipality does not take part. */
  constructor(id, onchange, onrefuse) {
    this.onchange = onchange;
    this.onrefuse = onrefuse;
    const chosen = (address, _, municipality) => (this.#asked = this.#choose(address, municipality));
    this.#field = new AddressField(byId(id), "signup.address", chosen, () => this.#take(undefined));
    this.#map = new PlaceMap(id, (place) => this.#point(place));
    byId(id).append(this.#map.element);
  }

  /** { address, joined }, or { point, area, municipality, joined } of the map, or undefined while none is chosen. */
  get place() {
    return this.#place;
  }

  set place(place) {
    this.#place = place;
    if (place?.address) this.#field.show(place.address);
    if (place?.point) this.#map.show(place);
  }

  /** When it is known whether its municipality takes part. */
  get settled() {
    return this.#asked;
  }

  async #choose(address, municipality) {
    this.#map.clear();
    this.#take({ address });
    const takesPart = await joined(municipality);
    if (this.#place?.address !== address) return;
    this.#take({ address, joined: takesPart });
    if (takesPart === false) this.onrefuse(address);
  }

  /** Only municipalities that take part are on the map. */
  #point(place) {
    this.#field.clear();
    this.#take(place && { ...place, joined: true });
  }

  #take(place) {
    this.#place = place;
    this.onchange();
  }
}
