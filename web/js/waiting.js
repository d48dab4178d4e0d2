// A sign-up that waits for its codes, so that a refresh of the page does not lose it. Holds no contact.

import { passing } from "./stored.js";

const KEY = "burgernet.sign-up";

export function keep(signUp) {
  passing.setItem(KEY, JSON.stringify(signUp));
}

export function kept() {
  return JSON.parse(passing.getItem(KEY) ?? "null");
}

export function forget() {
  passing.removeItem(KEY);
}
