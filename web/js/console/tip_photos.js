// The photos of one tip: small beside it, large when pressed. They come after the tip, so it is asked for them a while.

import { element, spoken } from "../dom.js";
import { say, t } from "../i18n.js";
import { ask } from "./session.js";

const AGAIN_MS = 5_000;
const SLOWEST_MS = 60_000;
const FOLLOW_MS = 15 * 60_000; // a photo that is not there by then never comes

export class TipPhotos {
  #asking = false;
  #wait = AGAIN_MS;
  #shown = 0;

  /** `path`: of the tip, and as the API has it: how many `photos` were to follow it. */
  constructor(path, { at, photos: due }) {
    this.path = path;
    this.due = due;
    this.until = Date.parse(at) + FOLLOW_MS;
    this.list = element("ul", { class: "photos" });
    this.rest = element("p", { class: "small quiet", role: "status" });
    this.element = element("div", {}, this.list, this.rest);
  }

  /** Looks once more, until all are there or can come no more; as long as this is on the page. */
  async look() {
    if (this.#asking) return;
    this.#asking = true;
    const found = await ask("GET", `${this.path}/photos`).catch(() => undefined);
    this.#show(found?.photos ?? []);
    if (this.#shown === this.due || (found && Date.now() > this.until)) return; // asking no more
    setTimeout(() => this.#next(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, SLOWEST_MS);
  }

  #next() {
    this.#asking = false;
    if (this.element.isConnected) this.look();
  }

  #show(photos) {
    if (photos.length > this.#shown) this.list.replaceChildren(...photos.map((photo) => this.#item(photo)));
    this.#shown = Math.max(this.#shown, photos.length);
    const missing = this.due - this.#shown;
    this.rest.hidden = !missing;
    say(this.rest, Date.now() > this.until ? "tips.photos_missing" : "tips.photos_coming", { missing });
  }

  #item({ number, url }) {
    const small = element("img", { src: url, alt: t("tips.photo", { number }) });
    return element("li", {}, element("button", { type: "button", class: "photo", onclick: () => enlarge(url, number) }, small));
  }
}

/** The address works for minutes, but what the browser has drawn it draws again. */
function enlarge(url, number) {
  const picture = element("img", { src: url, alt: t("tips.photo", { number }) });
  const close = spoken("button", { class: "button" }, "tips.photo_close");
  const dialog = element("dialog", { class: "photo-large", "aria-label": t("tips.photo", { number }), onclose: () => dialog.remove() }, picture, element("form", { method: "dialog" }, close));
  document.body.append(dialog);
  dialog.showModal();
}
