// What can be seen of a phone number or an e-mail address before it is sent. The API knows more, and has the last word.

const WRITTEN = /^\+?[\d ().\-/]{4,32}$/;
const NEIGHBOURS = /^(32|49)/; // Belgium, Germany: how long their numbers are, the API knows
const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** A code of `error.phone_…`, or undefined. `texts`: whether text messages go to it. */
export function wrongPhone(text, texts) {
  if (!WRITTEN.test(text)) return "invalid";
  const abroad = text.replace(/[^\d+]/g, "").replace(/^00/, "+");
  if (!abroad.startsWith("+31") && abroad.startsWith("+")) return NEIGHBOURS.test(abroad.slice(1)) ? undefined : "country_not_allowed";
  const digits = abroad.replace(/^(\+31)?0?/, "");
  if (digits.startsWith("97")) return "machine";
  if (/^[89]/.test(digits)) return undefined; // of all lengths, and hardly any a person's
  if (digits.length !== 9) return "invalid";
  return texts && !digits.startsWith("6") ? "not_mobile" : undefined;
}

/** A code of `error.email_…`, or undefined. */
export function wrongEmail(text) {
  return ADDRESS.test(text) ? undefined : "invalid";
}
