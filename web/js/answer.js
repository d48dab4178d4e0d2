// Answering a call: choose one of three, say more where it helps, send; photos follow by themselves. Until it was sent, what was
// answered is kept in this tab, but for its photos: a refresh loses nothing else of it.

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

/** What was answered by this link, and perhaps not sent. */
export function keptAnswer(token) {
  return new Kept(`answer.${token}`);
}

export class Answer {
  #form = byId("answer");
  #request = new Once(() => this.#keep());
  #choice = new PhotoChoice();
  #place = new AnswerPlace(() => this.#keep());
  #kept;
  #before; // what was sent before a refresh, and not answered

  /** `kind`: of the alert. `onclosed`: the alert turned out to have ended. */
  constructor(token, kind, onclosed) {
    this.path = `/tips/${encodeURIComponent(token)}`;
    this.onclosed = onclosed;
    this.#kept = keptAnswer(token);
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

  get #typed() {
    return { kind: this.#kind, text: byId("text").value, contact: byId("contact-me").checked, place: this.#place.chosen };
  }

  /** With what was sent and not answered yet: after a refresh, another try is still the same answer. */
  #keep() {
    this.#kept.keep({ ...this.#typed, sent: this.#request.sent });
  }

  #restore() {
    const kept = this.#kept.read();
    if (!kept) return;
    this.#form.elements.kind.value = kept.kind;
    byId("text").value = kept.text;
    byId("contact-me").checked = kept.contact;
    this.#place.chosen = kept.place;
    this.#request.sent = this.#before = kept.sent;
  }

  /** An answer that may be in already asks for as many photos as it did then: another number would be another answer. */
  #asBefore(body) {
    if (!this.#before || this.#request.sent !== this.#before) return body;
    const then = JSON.parse(this.#before.written);
    const same = JSON.stringify({ ...then, photos: undefined }) === JSON.stringify({ ...body, photos: undefined });
    return same && then.photos > (body.photos ?? 0) ? { ...body, photos: then.photos } : body;
  }

  #more() {
    if (this.#kind) say(byId("text-label"), `reply.text.${this.#kind}`);
    visible(byId("more"), this.#kind !== "");
    visible(byId("place-row"), this.#kind !== "not_seen");
    visible(byId("contact-row"), this.#kind !== "not_seen");
    visible(byId("photos-row"), this.#kind !== "not_seen");
  }

  async #send() {
    const missing = this.#kind !== "not_seen" && (await this.#place.missing());
    if (missing) return showProblem(byId("problem"), [defect("place-row", missing)]);
    return this.#post(await this.#choice.photos());
  }

  async #post(chosen) {
    const typed = this.#typed;
    const text = typed.text.trim();
    const needsText = typed.kind !== "not_seen";
    const photos = needsText ? chosen : [];
    const place = needsText ? this.#place.place : undefined;
    const body = this.#asBefore({
      kind: typed.kind,
      ...(text && { text }),
      ...(place && { place }),
      contact_me: needsText && typed.contact,
      language: language(),
      ...(photos.length && { photos: photos.length }),
    });
    if (needsText && !text && !place && !body.photos) return showProblem(byId("problem"), [defect("text", "error.text_missing")]);
    try {
      const tip = await this.#request.post(this.path, body);
      this.#thank(typed, chosen);
      await this.#sendPhotos(tip.id, photos);
    } catch (error) {
      showProblem(byId("problem"), defects(error, FIELDS));
      if (error.code !== "alert_closed") return;
      this.#kept.forget();
      await this.onclosed();
    }
  }

  /** What was filled in after it was sent stays, for another answer. */
  #thank(sent, chosen) {
    showProblem(byId("problem"), []);
    this.#request.forget();
    this.#choice.drop(chosen);
    const same = JSON.stringify(this.#typed) === JSON.stringify(sent);
    if (same) this.#empty();
    else this.#keep();
    visible(byId("not-sent"), !same || !this.#choice.empty);
    visible(this.#form, false);
    visible(byId("thanks"), true);
    byId("thanks-heading").focus();
    byId("thanks").scrollIntoView({ block: "center" });
  }

  #empty() {
    this.#form.reset();
    this.#place.chosen = undefined;
    this.#kept.forget();
    this.#more();
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
