// The questions, one a page. Each: `id`; `read()`: what its page says now; `show(answers)`: puts that on the page;
// `missing(answers)`: what is wrong with it, as defects; `settled()`: a promise, where something is still being looked up.

import { byId, visible } from "../dom.js";
import { Hours } from "../hours.js";
import { language, whenever } from "../i18n.js";
import { defect } from "../problem.js";
import { Topics } from "../topics.js";
import { wrongEmail, wrongPhone } from "./contacts.js";
import { PlaceChoice } from "./place_step.js";

const CONTACT_OF = { sms: "phone", voice: "phone", email: "email" };
const WRONG = { phone: (text, { channels }) => wrongPhone(text, channels.includes("sms")), email: wrongEmail };
const NOT_JOINED = "error.municipality_not_joined";
const settled = () => undefined;

/** Whether what was chosen needs a "phone" or an "email". */
export function needs(contact, { channels = [] }) {
  return channels.some((channel) => CONTACT_OF[channel] === contact);
}

function when(wrong, at, key) {
  return wrong ? [defect(at, key)] : [];
}

function checked(name) {
  return [...document.querySelectorAll(`input[name="${name}"]:checked`)].map((input) => input.value);
}

function check(name, values) {
  for (const input of document.querySelectorAll(`input[name="${name}"]`)) input.checked = values.includes(input.value);
}

/** `onchange()`: a place was chosen or taken back. `onrefuse(address, isWork)`: its municipality does not take part. */
export function steps(onchange, onrefuse) {
  return [home, work, channels, contacts, hours, topics, messages, age, consent].map((step) => step(onchange, onrefuse));
}

function home(onchange, onrefuse) {
  const choice = new PlaceChoice("home", onchange, (address) => onrefuse(address, false));
  return {
    id: "home",
    read: () => ({ home: choice.place }),
    show: ({ home: place }) => (choice.place = place),
    missing: ({ home: place }) => [...when(!place, "home", "error.home_missing"), ...when(place?.joined === false, "home", NOT_JOINED)],
    settled: () => choice.settled,
  };
}

function work(onchange, onrefuse) {
  const choice = new PlaceChoice("work", onchange, (address) => onrefuse(address, true));
  const open = () => visible(byId("work"), checked("works")[0] === "yes");
  byId("work-choice").addEventListener("change", open);
  return {
    id: "work",
    read: () => ({ works: checked("works")[0], work: choice.place }),
    show({ works, work: place }) {
      check("works", [works]);
      choice.place = place;
      open();
    },
    missing({ works, work: place }) {
      if (works !== "yes") return when(!works, "work-choice", "error.work_unanswered");
      return [...when(!place, "work", "error.place_not_chosen"), ...when(place?.joined === false, "work", NOT_JOINED)];
    },
    settled: () => choice.settled,
  };
}

function channels() {
  return {
    id: "channels",
    read: () => ({ channels: checked("channel") }),
    show: ({ channels: chosen = [] }) => check("channel", chosen),
    missing: ({ channels: chosen = [] }) => when(!chosen.length, "channels", "error.channel_missing"),
    settled,
  };
}

function contacts() {
  return {
    id: "contacts",
    read: () => ({ phone: byId("phone").value.trim(), email: byId("email").value.trim() }),
    show(answers) {
      for (const contact of ["phone", "email"]) {
        byId(contact).value = answers[contact] ?? "";
        visible(byId(`${contact}-field`), needs(contact, answers));
      }
    },
    missing: (answers) => ["phone", "email"].filter((contact) => needs(contact, answers)).flatMap((contact) => {
      const wrong = answers[contact] ? WRONG[contact](answers[contact], answers) : "missing";
      return when(wrong, contact, `error.${contact}_${wrong}`);
    }),
    settled,
  };
}

function hours() {
  let [atHome, atWork] = [];
  return {
    id: "hours",
    read: () => ({ homeHours: atHome.value, workHours: atWork.value, hoursRight: !atHome.unfinished, workHoursRight: !atWork.unfinished }),
    show({ homeHours, workHours, works }) {
      atHome = new Hours(byId("home-hours"), "hours.home", homeHours);
      atWork = new Hours(byId("work-hours"), "hours.work", workHours);
      visible(byId("work-hours"), works === "yes");
    },
    missing: ({ works, hoursRight = true, workHoursRight = true }) => [
      ...when(!hoursRight, "home-hours", "error.hours"),
      ...when(works === "yes" && !workHoursRight, "work-hours", "error.hours"),
    ],
    settled,
  };
}

function topics() {
  const list = new Topics(byId("topics"));
  return {
    id: "topics",
    read: () => ({ declined: list.declined, exercises: byId("exercises").checked }),
    show({ declined = [], exercises = false }) {
      list.show(declined);
      byId("exercises").checked = exercises;
    },
    missing: () => [],
    settled,
  };
}

function messages() {
  let chosen;
  whenever(() => check("language", [chosen ?? language()]));
  return {
    id: "language",
    read: () => ({ language: (chosen = checked("language")[0]) }),
    show: ({ language: before }) => check("language", [(chosen = before) ?? language()]),
    missing: () => [],
    settled,
  };
}

function age() {
  return {
    id: "age",
    read: () => ({ birthYear: byId("birth-year").value.trim() }),
    show: ({ birthYear = "" }) => (byId("birth-year").value = birthYear),
    missing: ({ birthYear = "" }) => when(!/^\d{4}$/.test(birthYear), "birth-year", "error.birth_year"),
    settled,
  };
}

function consent() {
  return {
    id: "consent",
    read: () => ({ agreed: byId("consent").checked }),
    show: ({ agreed = false }) => (byId("consent").checked = agreed),
    missing: ({ agreed }) => when(!agreed, "consent-field", "error.consent_missing"),
    settled,
  };
}
