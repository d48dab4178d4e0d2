// When somebody wants to be asked because of a place: always, or at up to two times of the week.

import { element, spoken, visible } from "./dom.js";
import { t } from "./i18n.js";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MOST = 2;
const QUARTER = 15;
const USUAL = { days: DAYS, start: "08:00", end: "22:00" };

export class Hours {
  #host;
  #always;
  #times;
  #more;

  /** Fills `host`, a fieldset with an id. `key`: of its legend. `hours`: as the API gives them; none is always. */
  constructor(host, key, hours = []) {
    this.#host = host;
    this.#times = element("div");
    this.#more = spoken("button", { type: "button", class: "button second", onclick: () => this.#add(USUAL) }, "hours.add");
    this.#always = this.#choice("hours.always", !hours.length);
    const some = this.#choice("hours.some", hours.length > 0);
    host.replaceChildren(spoken("legend", {}, key), this.#always.parentElement, some.parentElement, this.#times, this.#more);
    hours.forEach((each) => this.#add(each));
    this.#show();
  }

  /** As the API takes them. */
  get value() {
    return this.#always.checked ? [] : [...this.#times.children].map(read);
  }

  /** A day or a time is missing, or a time is not on a quarter of an hour. */
  get unfinished() {
    const right = ({ days, start, end }) => days.length && [start, end].every(onQuarter);
    return !this.value.every(right);
  }

  #choice(key, checked) {
    const radio = element("input", { type: "radio", name: `${this.#host.id}-when`, checked });
    radio.addEventListener("change", () => this.#show());
    element("label", { class: "choice" }, radio, spoken("span", {}, key));
    return radio;
  }

  #show() {
    const some = !this.#always.checked;
    if (some && !this.#times.childElementCount) this.#add(USUAL);
    visible(this.#times, some);
    visible(this.#more, some && this.#times.childElementCount < MOST);
  }

  #add({ days, start, end }) {
    const boxes = DAYS.map((day) => {
      const box = element("input", { type: "checkbox", value: day, checked: days.includes(day) });
      return element("label", { class: "choice" }, box, spoken("span", {}, `day.${day}`));
    });
    const time = element("div", { class: "field" }, element("div", { class: "days" }, ...boxes));
    time.append(element("div", { class: "clocks" }, clock("hours.start", start), clock("hours.end", end)));
    if (this.#times.childElementCount) {
      const remove = () => {
        time.remove();
        this.#show();
      };
      time.append(spoken("button", { type: "button", class: "button second", onclick: remove }, "hours.remove"));
    }
    this.#times.append(time);
    visible(this.#more, this.#times.childElementCount < MOST);
  }
}

/** Hours in words; empty for always. */
export function described(hours) {
  return hours.map(({ days, start, end }) => t("hours.described", { days: named(days), start, end })).join("; ");
}

function named(days) {
  return days.length === DAYS.length ? t("hours.every_day") : days.map((day) => t(`day.${day}`)).join(", ");
}

function clock(key, value) {
  return element("label", {}, spoken("span", {}, key), element("input", { type: "time", step: QUARTER * 60, value }));
}

function read(time) {
  const [start, end] = [...time.querySelectorAll("input[type=time]")].map((input) => input.value.slice(0, 5));
  return { days: [...time.querySelectorAll("input:checked")].map((box) => box.value), start, end };
}

function onQuarter(clock) {
  return clock !== "" && Number(clock.slice(3)) % QUARTER === 0;
}
