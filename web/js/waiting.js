// A sign-up that waits for its codes, so that a refresh of the page does not lose it. Holds no contact.

const KEY = "burgernet.sign-up";

export function keep(signUp) {
  sessionStorage.setItem(KEY, JSON.stringify(signUp));
}

export function kept() {
  return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
}

export function forget() {
  sessionStorage.removeItem(KEY);
}
