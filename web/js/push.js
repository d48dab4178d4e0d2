// Push messages on this device: a switch, for a page that knows whose device it is. A browser has one subscription, which
// the page for people without an account (listen.js) uses too.

import { Refused, call } from "./api.js";
import { busy } from "./busy.js";
import { element, spoken } from "./dom.js";
import { defects, showProblem } from "./problem.js";
import { lasting } from "./stored.js";

const STORED = "burgernet.device"; // its id, as the API gave it
export const LISTENING = "burgernet.listening"; // what it listens to without an account

export class PushSwitch {
  /** `place`: where it is drawn. `changed`: called after it was turned. */
  constructor(place, changed = () => {}) {
    this.place = place;
    this.changed = changed;
  }

  /** `token`: of the personal link. `devices`: ids of those that are on. */
  show(token, devices) {
    if (!supported()) return this.place.replaceChildren(spoken("p", {}, "push.unsupported"));
    const on = Notification.permission === "granted" && devices.includes(lasting.getItem(STORED));
    const problem = element("div");
    const button = spoken("button", { type: "button", class: "button second" }, on ? "push.turn_off" : "push.turn_on");
    button.addEventListener("click", () => busy(button, () => this.#turn(on ? turnOff : turnOn, token, problem)));
    const state = spoken("p", {}, on ? "push.on" : "push.off");
    this.place.replaceChildren(problem, state, element("p", { class: "buttons" }, button));
  }

  async #turn(way, token, problem) {
    try {
      await way(token);
    } catch (error) {
      return showProblem(problem, defects(error));
    }
    await this.changed();
  }
}

/** { id, areas } of a device that listens to areas without an account; else nothing is in it. */
export function listening() {
  return JSON.parse(lasting.getItem(LISTENING) ?? "{}");
}

export function supported() {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/** This browser's subscription, as the API takes it. Raises Refused. */
export async function pushed() {
  // First of all: a browser lets a page ask only straight after a tap.
  if ((await Notification.requestPermission()) !== "granted") throw new Refused(0, "push_denied");
  const { key } = await call("GET", "/push/key");
  const { endpoint, keys } = (await subscribed(key)).toJSON();
  return { endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } };
}

/** Ends the subscription, where nothing needs it any more. */
export async function unpushed() {
  if (lasting.getItem(STORED) || lasting.getItem(LISTENING)) return;
  const registration = await navigator.serviceWorker.getRegistration();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

async function turnOn(token) {
  const body = await pushed();
  const { id } = await call("PUT", "/me/push", { token, body });
  lasting.setItem(STORED, id);
}

async function subscribed(key) {
  try {
    await navigator.serviceWorker.register("/sw.js");
    const { pushManager } = await navigator.serviceWorker.ready;
    const options = { userVisibleOnly: true, applicationServerKey: key };
    try {
      return await pushManager.subscribe(options);
    } catch (error) {
      if (error.name !== "InvalidStateError") throw error;
      await (await pushManager.getSubscription())?.unsubscribe(); // it was to another key
      return await pushManager.subscribe(options);
    }
  } catch {
    throw new Refused(0, "push_unavailable");
  }
}

async function turnOff(token) {
  await call("DELETE", `/me/push/${lasting.getItem(STORED)}`, { token });
  lasting.removeItem(STORED);
  await unpushed();
}
