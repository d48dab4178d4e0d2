// Sends the photos of an answer that has arrived, one by one, and says how far it is. What did not arrive can be sent again.

import { Refused, call } from "./api.js";
import { busy } from "./busy.js";
import { byId, element, spoken, visible } from "./dom.js";
import { known, say } from "./i18n.js";

const PATIENCE_MS = 120_000;
const THERE = "photo_there"; // it arrived, and only the answer was lost
const FOR_GOOD = new Set(["photo_unreadable", "photo_too_large", "photo_too_late", "photo_tried_too_often", "tip_not_found", "link_expired"]);

export class PhotoSending {
  #box = byId("photos-sending");

  /** `path`: of the tip. `photos`: blobs. */
  constructor(path, photos) {
    this.path = path;
    this.photos = photos;
    this.left = photos.map((_, index) => index + 1);
  }

  /** Until all have arrived, or been refused. */
  async send() {
    visible(this.#box, true);
    addEventListener("beforeunload", warn);
    const lost = new Map();
    for (const number of this.left) {
      const refused = await this.#sent(number);
      if (refused) lost.set(number, refused);
    }
    removeEventListener("beforeunload", warn);
    this.left = [...lost.keys()].filter((number) => !FOR_GOOD.has(lost.get(number)));
    this.#tell(lost);
  }

  /** The code of what refused it, or undefined where it arrived. */
  async #sent(number) {
    const bar = element("progress", { max: 1, value: 0, "aria-hidden": "true" });
    const words = spoken("p", { role: "status" }, "reply.photo_sending", { number, all: this.photos.length });
    this.#box.replaceChildren(words, bar);
    try {
      await this.#put(number, (share) => (bar.value = share));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return error.fields[0]?.code ?? error.code;
    }
  }

  async #put(number, progress) {
    const photo = this.photos[number - 1];
    const own = `${this.path}/photos/${number}`;
    try {
      await upload(await call("POST", own, { body: { media_type: photo.type } }), photo, progress);
    } catch (error) {
      if (error.code === THERE) return;
      throw error;
    }
    await call("PUT", own, { body: {} });
  }

  #tell(lost) {
    const heading = element("p", { tabindex: "-1" });
    this.#box.replaceChildren(heading);
    if (!lost.size) return say(heading, this.photos.length === 1 ? "reply.photo_sent" : "reply.photos_sent");
    heading.setAttribute("role", "alert");
    say(heading, "reply.photos_lost", { lost: lost.size, all: this.photos.length });
    for (const code of new Set(lost.values())) this.#box.append(spoken("p", {}, known(`error.${code}`) ? `error.${code}` : "error.unknown"));
    if (!this.left.length) return;
    const again = spoken("button", { type: "button", class: "button" }, "reply.photos_again");
    again.addEventListener("click", () => busy(again, () => this.send()));
    this.#box.append(element("p", { class: "buttons" }, again));
  }
}

function warn(event) {
  event.preventDefault();
}

/** Straight to where photos are kept: a form, its fields, and the photo last. */
function upload({ url, fields }, photo, progress) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append("file", photo, "photo"); // not by the name that it has here
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest(); // fetch does not say how far it is
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(loaded / total));
    request.addEventListener("load", () => (request.status < 300 ? done() : failed(new Refused(request.status, "photo_not_sent"))));
    for (const lost of ["error", "timeout", "abort"]) request.addEventListener(lost, () => failed(new Refused(0, "offline")));
    request.open("POST", url);
    request.timeout = PATIENCE_MS;
    request.send(body);
  });
}
