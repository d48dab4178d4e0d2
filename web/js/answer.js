// Answering a call: choose one of three, say more where it helps, send; photos follow by themselves.

import { Once } from "./api.js";
import { busy } from "./busy.js";
import { byId, visible } from "./dom.js";
import { known, language, say } from "./i18n.js";
import { PhotoChoice } from "./photo_choice.js";
import { PhotoSending } from "./photo_sending.js";
import { defect, defects, showProblem } from "./problem.js";

const FIELDS = { text: ["text", "error.text_missing"], kind: ["kinds", "error.unknown"] };

export class Answer {
  #form = byId("answer");
  #request = new Once();
  #choice = new PhotoChoice();

  /** `kind`: of the alert. `onclosed`: the alert turned out to have ended. */
  constructor(token, kind, onclosed) {
    this.path = `/tips/${encodeURIComponent(token)}`;
    this.onclosed = onclosed;
    say(byId("ask"), `reply.ask.${kind}`);
    say(byId("kind-seen"), known(`reply.seen.${kind}`) ? `reply.seen.${kind}` : "reply.seen");
    this.#form.addEventListener("change", () => this.#more());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      busy(event.submitter ?? this.#form, () => this.#send());
    });
    byId("again").addEventListener("click", () => this.#again());
    this.#more(); // the browser may have kept a choice over a refresh
  }

  get #kind() {
    return this.#form.elements.kind.value;
  }

  #more() {
    if (this.#kind) say(byId("text-label"), `reply.text.${this.#kind}`);
    visible(byId("more"), this.#kind !== "");
    visible(byId("contact-row"), this.#kind !== "not_seen");
    visible(byId("photos-row"), this.#kind !== "not_seen");
  }

  async #send() {
    const text = byId("text").value.trim();
    const needsText = this.#kind !== "not_seen";
    const photos = needsText ? await this.#choice.photos() : [];
    if (needsText && !text && !photos.length) return showProblem(byId("problem"), [defect("text", "error.text_missing")]);
    try {
      const tip = await this.#request.post(this.path, {
        kind: this.#kind,
        ...(text && { text }),
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
