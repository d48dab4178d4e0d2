// Answering a call: choose one of three, say more where it helps, send; photos follow by themselves. Until it was sent, what was
// answered is kept in this tab, but for its photos: a refresh loses nothing of it.

import { AnswerPlace } from "./answer_place.js";
import { Once } from "./api.js";
import { busy } from "./busy.js";
import { byId, visible } from "./dom.js";
import { known, language, say } from "./i18n.js";
import { Kept } from "./kept.js";
import { PhotoChoice } from "./photo_choice.js";
import { PhotoSending } from "./photo_sending.js";
import { defect, defects, showProblem } from "./problem.js";

const FIELDS = { text: ["text", "error.text_missing"], kind: ["kinds", "error.unknown"], place: ["place-row", "error.place_too_far"] };

export class Answer {
  #form = byId("answer");
  #request = new Once();
  #choice = new PhotoChoice();
  #place = new AnswerPlace(() => this.#keep());
  #kept;

  /** `kind`: of the alert. `onclosed`: the alert turned out to have ended. */
  constructor(token, kind, onclosed) {
    this.path = `/tips/${encodeURIComponent(token)}`;
    this.onclosed = onclosed;
    this.#kept = new Kept(`answer.${token}`);
    say(byId("ask"), `reply.ask.${kind}`);
    say(byId("kind-seen"), known(`reply.seen.${kind}`) ? `reply.seen.${kind}` : "reply.seen");
    this.#form.addEventListener("input", () => this.#keep());
    this.#form.addEventListener("change", () => this.#more());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      busy(event.submitter ?? this.#form, () => this.#send());
    });
    byId("again").addEventListener("click", () => this.#again());
    this.#restore();
    this.#more();
  }

  get #kind() {
    return this.#form.elements.kind.value;
  }

  #keep() {
    this.#kept.keep({ kind: this.#kind, text: byId("text").value, contact: byId("contact-me").checked, place: this.#place.chosen });
  }

  #restore() {
    const kept = this.#kept.read();
    if (!kept) return;
    this.#form.elements.kind.value = kept.kind;
    byId("text").value = kept.text;
    byId("contact-me").checked = kept.contact;
    this.#place.chosen = kept.place;
  }

  #more() {
    if (this.#kind) say(byId("text-label"), `reply.text.${this.#kind}`);
    visible(byId("more"), this.#kind !== "");
    visible(byId("place-row"), this.#kind !== "not_seen");
    visible(byId("contact-row"), this.#kind !== "not_seen");
    visible(byId("photos-row"), this.#kind !== "not_seen");
  }

  async #send() {
    const text = byId("text").value.trim();
    const needsText = this.#kind !== "not_seen";
    const photos = needsText ? await this.#choice.photos() : [];
    const place = needsText ? this.#place.place : undefined;
    if (needsText && !text && !place && !photos.length) return showProblem(byId("problem"), [defect("text", "error.text_missing")]);
    try {
      const tip = await this.#request.post(this.path, {
        kind: this.#kind,
        ...(text && { text }),
        ...(place && { place }),
        contact_me: needsText && byId("contact-me").checked,
        language: language(),
        ...(photos.length && { photos: photos.length }),
      });
      this.#thank();
      await this.#sendPhotos(tip.id, photos);
    } catch (error) {
      showProblem(byId("problem"), defects(error, FIELDS));
      if (error.code === "alert_closed") await this.onclosed();
    }
  }

  #thank() {
    showProblem(byId("problem"), []);
    this.#request.forget();
    this.#form.reset();
    this.#choice.clear();
    this.#place.chosen = undefined;
    this.#kept.forget();
    this.#more();
    visible(this.#form, false);
    visible(byId("thanks"), true);
    byId("thanks-heading").focus();
    byId("thanks").scrollIntoView({ block: "center" });
  }

  /** The answer is in: whatever becomes of its photos, it stays. */
  async #sendPhotos(tip, photos) {
    visible(byId("photos-sending"), false);
    if (!photos.length) return;
    visible(byId("again"), false);
    await new PhotoSending(`${this.path}/${tip}`, photos).send();
    visible(byId("again"), true);
  }

  #again() {
    visible(byId("thanks"), false);
    visible(this.#form, true);
    this.#form.querySelector("input").focus();
  }
}
