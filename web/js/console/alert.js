// One alert: what it says, whom it reaches, what is to be decided, how far it is, and what comes back.

import { element, spoken } from "../dom.js";
import { whenever } from "../i18n.js";
import { badges } from "./badges.js";
import { Decisions } from "./decisions.js";
import { fresh, stale } from "./freshness.js";
import { History } from "./history.js";
import { messages } from "./messages_shown.js";
import { Photo } from "./photo.js";
import { Poll } from "./poll.js";
import { Proof } from "./proof.js";
import { ask } from "./session.js";
import { progress } from "./progress.js";
import { Reach } from "./reach.js";
import { Recording } from "./recording.js";
import { said } from "./said.js";
import { Tips } from "./tips.js";

const BEFORE = ["draft", "submitted", "scheduled"];

export class AlertView {
  #alert;
  #after = "";

  constructor(id) {
    this.id = id;
    this.head = element("header");
    this.said = element("div");
    this.message = element("div");
    this.how = element("div");
    this.decisions = new Decisions(id, (change) => this.#changed(change));
    this.reach = new Reach(id);
    this.photo = new Photo(id, (change) => this.#changed(change));
    this.recording = new Recording(id, (change) => this.#changed(change));
    this.proof = new Proof(id);
    this.tips = new Tips(id);
    this.history = new History();
    const main = element("div", {}, this.said, this.photo.element, this.message, this.recording.element, this.proof.element, this.tips.element, this.history.element);
    const side = element("div", { class: "side" }, this.decisions.element, this.how, this.reach.element);
    this.element = element("article", {}, this.head, element("div", { class: "columns" }, main, side));
    this.poll = new Poll(() => this.#ask(), { onanswer: fresh, onfail: (since, error) => this.#failed(since, error) });
  }

  async begin() {
    this.head.replaceChildren(spoken("p", { role: "status" }, "page.loading"));
    await this.poll.now();
    whenever(() => this.#alert && this.#show(), this.element);
  }

  pause() {
    this.poll.pause();
    this.recording.letGo();
  }

  resume() {
    return this.poll.now();
  }

  stop() {
    this.poll.stop();
    this.decisions.stop();
    this.recording.letGo();
  }

  async #ask() {
    const path = `/alerts/${this.id}`;
    const after = this.#after ? `?after=${encodeURIComponent(this.#after)}` : "";
    const first = this.#alert ? undefined : ask("GET", path);
    const began = first?.then((alert) => this.tips.begin(alert), () => {}); // as soon as can be: somebody waits
    const [happened, alert] = await Promise.all([ask("GET", `${path}/events${after}`), first]);
    if (alert) this.#changed(alert);
    if (happened.version !== this.#alert.version) this.#changed(await ask("GET", path));
    this.#after = happened.cursor || this.#after;
    this.history.add(happened.events);
    this.how.replaceChildren(...progress(happened.progress, this.#alert));
    await began;
    const soon = await this.tips.ask(this.#alert);
    return Math.min(happened.next_poll_ms, soon ?? Infinity);
  }

  /** `alert`: as the API answers with it, after a decision of ours or somebody else's. */
  #changed(alert) {
    if (this.#alert && alert.version < this.#alert.version) return;
    this.#alert = alert;
    this.#show();
    this.poll.now();
  }

  #show() {
    const alert = this.#alert;
    document.body.dataset.meant = alert.status;
    const focused = this.head.contains(document.activeElement);
    this.head.replaceChildren(...heading(alert));
    if (focused) this.head.querySelector("h1").focus({ preventScroll: true });
    this.said.replaceChildren(said(alert));
    this.message.replaceChildren(messages(alert));
    this.photo.show(alert);
    this.recording.show(alert);
    this.proof.show(alert);
    this.decisions.show(alert);
    if (BEFORE.includes(alert.state)) this.reach.show(alert);
    else this.reach.hide();
  }

  #failed(since, error) {
    if (error.status === 404) return this.head.replaceChildren(spoken("h1", { tabindex: "-1" }, "console.not_found"), spoken("p", {}, "console.not_found_what"));
    return stale(since);
  }
}

function heading(alert) {
  const parts = [badges(alert), element("h1", { tabindex: "-1", id: "alert-headline" }, alert.headline.nl)];
  if (alert.status !== "Actual") parts.unshift(spoken("p", { class: "exercise-banner" }, `status.${alert.status}_what`));
  return parts;
}
