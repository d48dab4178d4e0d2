// Photos to go with an answer: chosen, shown small, taken away again.

import { byId, element, spoken } from "./dom.js";
import { label, say } from "./i18n.js";
import { fit } from "./photo_file.js";

export const MOST = 3;

export class PhotoChoice {
  #chosen = [];
  #adding = Promise.resolve();
  #input = byId("photo");
  #status = byId("photos-status");

  constructor() {
    this.#input.addEventListener("change", () => {
      const files = [...this.#input.files];
      this.#adding = this.#adding.then(() => this.#add(files)); // one after another
      this.#input.value = ""; // the same one may be chosen again after it was taken away
    });
  }

  /** What will be sent, in order, each a Blob; once those that were chosen last have been made ready. */
  async photos() {
    await this.#adding;
    return this.#chosen.map(({ blob }) => blob);
  }

  /** Takes these away; one that was chosen since stays. */
  drop(photos) {
    this.#chosen = this.#chosen.filter(({ blob }) => !photos.includes(blob));
    this.#show();
  }

  get empty() {
    return this.#chosen.length === 0;
  }

  async #add(files) {
    this.#tell();
    for (const file of files) {
      const photo = await fit(file).catch(() => undefined); // one that this browser cannot draw keeps no answer in
      if (this.#chosen.length === MOST) return this.#tell("reply.photos_full");
      if (photo) this.#chosen.push(photo);
      else this.#tell("error.photo_unreadable");
      this.#show();
    }
  }

  #remove(photo) {
    this.#chosen = this.#chosen.filter((other) => other !== photo);
    this.#tell();
    this.#show();
    this.#input.focus();
  }

  #tell(key) {
    if (key) say(this.#status, key);
    this.#status.hidden = !key;
  }

  #show() {
    byId("photos").replaceChildren(...this.#chosen.map((photo, index) => this.#item(photo, index + 1)));
    byId("photo-add").hidden = this.#chosen.length === MOST;
  }

  #item(photo, number) {
    const remove = element("button", { type: "button", class: "button second", onclick: () => this.#remove(photo) });
    remove.append(spoken("span", {}, "reply.photo_remove", { number }));
    photo.small.setAttribute("role", "img");
    label(photo.small, "reply.photo", { number });
    return element("li", {}, photo.small, remove);
  }
}
