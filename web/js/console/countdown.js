// The seconds until an approved alert goes out.

import { element, spoken } from "../dom.js";
import { say } from "../i18n.js";

const SPARE_MS = 1000; // who undoes in the last second that is shown is in time, whatever the way there takes

export class Countdown {
  /** Counts from the moment it is made where the clock of this machine is not the server's. */
  constructor({ due, approved_at: approved }) {
    const whole = Date.parse(due) - Date.parse(approved);
    this.end = Date.now() + Math.min(Math.max(Date.parse(due) - Date.now(), 0), whole) - SPARE_MS;
    this.text = element("p", { class: "countdown", "aria-hidden": "true" });
    this.element = element("div", { role: "status" }, spoken("p", {}, "decide.scheduled"), this.text);
    this.timer = setInterval(() => this.#show(), 200);
    this.#show();
  }

  stop() {
    clearInterval(this.timer);
  }

  #show() {
    const left = Math.ceil((this.end - Date.now()) / 1000);
    if (left > 0) return say(this.text, "decide.seconds", { count: left });
    this.stop();
    return say(this.text, "decide.going_out");
  }
}
