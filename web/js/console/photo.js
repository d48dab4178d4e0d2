// The photo of who or what an alert looks for: chosen, made smaller, said what it shows, kept with the draft, looked at.

import { Refused } from "../api.js";
import { busy } from "../busy.js";
import { element, spoken, visible } from "../dom.js";
import { label } from "../i18n.js";
import { fit } from "../photo_file.js";
import { defect, defects, showProblem } from "../problem.js";
import { ask, may } from "./session.js";

const SIZES = { most: 512 * 1024, sides: [1600, 1200, 800], small: 320 };
const FIELDS = { image: ["photo-file", "error.photo_unreadable"], alt: ["photo-alt", "error.alt_missing"] };
const FRESH_MS = 240_000; // an address to look at works for five minutes

export class Photo {
  #alert;
  #chosen; // what was made of a file, until it is kept
  #asked = 0; // when the address of the picture was

  /** `onchange(alert)`: the draft has another photo, or none. */
  constructor(id, onchange) {
    this.path = `/alerts/${id}`;
    this.onchange = onchange;
    this.problem = element("div");
    this.state = element("p", { class: "quiet" });
    this.image = element("img", { alt: "", onerror: () => this.#renew() });
    this.words = element("figcaption");
    this.figure = element("figure", { class: "looked-for-here", hidden: true }, this.image, this.words);
    const file = element("input", { type: "file", id: "photo-file", accept: "image/*", onchange: () => this.#choose(file) });
    this.small = element("p");
    this.form = element(
      "form",
      { hidden: true, novalidate: true, onsubmit: (event) => this.#keep(event) },
      this.small,
      line("photo-alt", "photo.alt", "photo.alt_what"),
      line("photo-alt-en", "photo.alt_en"),
      element("p", { class: "buttons" }, spoken("button", { class: "button" }, "photo.keep"), " ", spoken("button", { type: "button", class: "button second", onclick: () => this.#letGo() }, "photo.let_go")),
    );
    this.away = spoken("button", { type: "button", class: "button second", onclick: () => busy(this.away, () => this.#put({ image: null })) }, "photo.take_away");
    this.choose = element("div", { class: "field" }, spoken("label", { for: "photo-file" }, "photo.file"), spoken("span", { class: "hint", id: "photo-file-hint" }, "photo.file_what"), file);
    file.setAttribute("aria-describedby", "photo-file-hint");
    this.change = element("div", {}, this.choose, this.form, element("p", { class: "buttons" }, this.away));
    this.what = spoken("p", { class: "hint" }, "photo.what");
    this.element = element("section", { class: "card", hidden: true }, spoken("h2", { tabindex: "-1" }, "photo.heading"), this.what, this.problem, this.figure, this.change);
  }

  /** Asks for the picture only where another version may have another. */
  async show(alert) {
    if (this.#alert?.version === alert.version) return;
    this.#alert = alert;
    const own = alert.state === "draft" && may("dispatcher");
    const lost = Boolean(this.#chosen) && !own; // submitted, by whomever, before it was kept
    if (lost) this.#drop();
    visible(this.element, own || lost || Boolean(alert.photo));
    visible(this.change, own);
    visible(this.what, own);
    visible(this.away, Boolean(alert.photo) && !this.#chosen);
    visible(this.figure, Boolean(alert.photo));
    if (lost) showProblem(this.problem, [defect(undefined, "photo.not_kept")]);
    if (alert.photo) await this.#load(alert.photo);
  }

  async #load({ sha256, alt }) {
    this.image.alt = alt.nl;
    this.image.lang = "nl";
    this.words.replaceChildren(element("span", { lang: "nl" }, alt.nl), ...(alt.en ? [element("br"), element("span", { lang: "en", class: "quiet" }, alt.en)] : []));
    if (this.image.dataset.sha256 === sha256) return;
    await this.#tried(async () => {
      const { url, sha256: kept } = await ask("GET", `${this.path}/photo`);
      if (!url) return; // taken away meanwhile
      this.#asked = Date.now();
      this.image.dataset.sha256 = kept;
      this.image.src = url;
    });
  }

  /** It has not come, on a page that has long been open. */
  #renew() {
    if (!this.#alert.photo || Date.now() - this.#asked < FRESH_MS) return;
    delete this.image.dataset.sha256;
    this.#load(this.#alert.photo);
  }

  async #choose(input) {
    const [file] = input.files;
    input.value = ""; // the same one may be chosen again
    if (!file) return;
    showProblem(this.problem, []);
    this.#chosen = await fit(file, SIZES).catch(() => undefined);
    if (!this.#chosen) {
      visible(this.form, false);
      return showProblem(this.problem, [defect("photo-file", "error.photo_unreadable")]);
    }
    label(this.#chosen.small, "photo.chosen");
    this.#chosen.small.setAttribute("role", "img");
    this.small.replaceChildren(this.#chosen.small);
    visible(this.form, true);
    visible(this.away, false);
    this.form.elements["photo-alt"].focus();
  }

  #drop() {
    this.#chosen = undefined;
    this.form.reset();
    visible(this.form, false);
  }

  #letGo() {
    this.#drop();
    visible(this.away, Boolean(this.#alert.photo));
    this.element.querySelector("h2").focus();
  }

  #keep(event) {
    event.preventDefault();
    return busy(event.submitter ?? this.form.querySelector("button"), async () => {
      const { "photo-alt": nl, "photo-alt-en": en } = this.form.elements;
      if (!nl.value.trim()) return showProblem(this.problem, [defect("photo-alt", "error.alt_missing")]);
      const alt = { nl: nl.value.trim(), ...(en.value.trim() && { en: en.value.trim() }) };
      await this.#put({ image: await base64(this.#chosen.blob), alt });
    });
  }

  async #put(body) {
    await this.#tried(async () => {
      await ask("PUT", `${this.path}/photo`, { version: this.#alert.version, ...body });
      this.#letGo();
      this.onchange(await ask("GET", this.path));
      this.element.querySelector("h2").focus();
    });
  }

  async #tried(work) {
    try {
      showProblem(this.problem, []);
      await work();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status !== 401) showProblem(this.problem, defects(error, FIELDS));
    }
  }
}

function line(id, key, hintKey) {
  const hint = hintKey ? [spoken("span", { class: "hint", id: `${id}-hint` }, hintKey)] : [];
  const described = hintKey && { "aria-describedby": `${id}-hint` };
  return element("div", { class: "field" }, spoken("label", { for: id }, key), ...hint, element("input", { type: "text", id, name: id, maxlength: 200, autocomplete: "off", ...described }));
}

/** Without what stands before it in a data address. */
function base64(blob) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => failed(reader.error));
    reader.readAsDataURL(blob);
  });
}
