// A dispatcher's own voice for the calls of an alert: recorded here or chosen as a file, kept with the draft, listened to.

import { Refused } from "../api.js";
import { busy } from "../busy.js";
import { element, spoken, visible } from "../dom.js";
import { label, number, say } from "../i18n.js";
import { defect, defects, showProblem } from "../problem.js";
import { forTelephone } from "../telephone.js";
import { ask, may } from "./session.js";

const BEFORE = ["draft", "submitted", "scheduled"];
const LONGEST_S = 30; // more than that the API does not even take in
const FRESH_MS = 240_000; // an address to listen at works for five minutes

export class Recording {
  #alert;
  #recorder; // while it records
  #asking = false; // whether it may
  #dropped = false;
  #asked = 0; // when the address of the sound was
  #renewing = false;

  /** `onchange(alert)`: the draft has another recording, or none. */
  constructor(id, onchange) {
    this.path = `/alerts/${id}`;
    this.onchange = onchange;
    this.problem = element("div");
    this.state = element("p", { role: "status" });
    this.sound = element("audio", { controls: true, preload: "metadata", hidden: true, onplay: () => this.#goOn() });
    label(this.sound, "recording.listen");
    this.record = spoken("button", { type: "button", class: "button second", onclick: () => this.#press() }, "recording.begin");
    const file = element("input", { type: "file", id: "recording-file", accept: "audio/*", onchange: () => this.#choose(file) });
    const choose = element("div", { class: "field" }, spoken("label", { for: "recording-file" }, "recording.file"), file);
    this.away = spoken("button", { type: "button", class: "button second", onclick: () => busy(this.away, () => this.#put(null)) }, "recording.take_away");
    this.change = element("div", {}, choose, element("p", { class: "buttons" }, this.record, " ", this.away));
    const what = spoken("p", { class: "hint" }, "recording.what");
    this.element = element("section", { class: "card", hidden: true }, spoken("h2", { tabindex: "-1" }, "recording.heading"), what, this.problem, this.state, this.sound, this.change);
  }

  /** Asks for the sound only where another version may have another. */
  async show(alert) {
    if (this.#alert?.version === alert.version) return;
    this.#alert = alert;
    const own = alert.state === "draft" && may("dispatcher");
    visible(this.element, BEFORE.includes(alert.state) && alert.channels.includes("voice") && (own || Boolean(alert.recording)));
    visible(this.change, own);
    visible(this.record, Boolean(navigator.mediaDevices?.getUserMedia));
    visible(this.away, Boolean(alert.recording));
    visible(this.sound, Boolean(alert.recording));
    this.#tell();
    if (alert.recording) await this.#load();
  }

  async #load() {
    await this.#tried(async () => {
      this.sound.src = (await ask("GET", `${this.path}/recording`)).url;
      this.#asked = Date.now();
    });
  }

  /** Somebody listens on a page that has long been open. */
  async #goOn() {
    if (Date.now() - this.#asked < FRESH_MS) return;
    const at = this.sound.currentTime;
    this.sound.pause(); // what it had of the old one
    if (this.#renewing) return;
    this.#renewing = true;
    await this.#load();
    this.#renewing = false;
    this.sound.currentTime = at;
    if (!this.sound.isConnected) return;
    await this.sound.play().catch(() => {}); // the player itself shows that it does not
  }

  /** Whether there is one. */
  #tell() {
    const kept = this.#alert.recording;
    if (kept) say(this.state, "recording.there", { seconds: number(kept.seconds) });
    else say(this.state, "recording.none");
  }

  async #choose(file) {
    const [chosen] = file.files;
    file.value = ""; // the same one may be chosen again
    if (chosen) await this.#take(chosen);
  }

  /** Whoever looks at something else, or goes, is not listened to any more; what was said so far is let go. */
  letGo() {
    this.#dropped = true;
    this.#recorder?.stop();
  }

  async #press() {
    if (this.#recorder) return this.#recorder.stop();
    if (this.#asking) return undefined;
    showProblem(this.problem, []);
    this.#dropped = false;
    this.#asking = true;
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => undefined);
    this.#asking = false;
    if (!stream) return showProblem(this.problem, [defect(undefined, "recording.no_microphone")]);
    const said = await this.#listen(stream);
    return this.#dropped ? undefined : this.#take(said);
  }

  /** Until it is pressed again, or as long as a call plays. */
  async #listen(stream) {
    const pieces = [];
    const begun = Date.now();
    const clock = setInterval(() => this.#tick(Date.now() - begun), 250);
    try {
      if (this.#dropped) return undefined;
      this.#recorder = new MediaRecorder(stream);
      this.#recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
      const ended = new Promise((stopped) => this.#recorder.addEventListener("stop", stopped));
      this.#recorder.start();
      say(this.record, "recording.stop");
      await ended;
      return new Blob(pieces);
    } finally {
      clearInterval(clock);
      this.#recorder = undefined;
      stream.getTracks().forEach((track) => track.stop());
      say(this.record, "recording.begin");
      this.#tell();
    }
  }

  #tick(passed) {
    say(this.state, "recording.running", { seconds: Math.floor(passed / 1_000) });
    if (passed >= LONGEST_S * 1_000) this.#recorder?.stop();
  }

  async #take(blob) {
    showProblem(this.problem, []);
    const sound = await forTelephone(blob).catch(() => undefined);
    const wrong = !sound ? "error.recording_unreadable" : sound.seconds > LONGEST_S + 0.5 ? "error.recording_wrong_length" : undefined;
    if (wrong) return showProblem(this.problem, [defect(undefined, wrong)]);
    return this.#put(sound.base64);
  }

  async #put(wav) {
    await this.#tried(async () => {
      await ask("PUT", `${this.path}/recording`, { version: this.#alert.version, wav });
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
      if (error.status !== 401) showProblem(this.problem, defects(error));
    }
  }
}
