// Times, lengths and numbers as the reader's language writes them.

import { language, t } from "../i18n.js";

const ZONE = "Europe/Amsterdam";

function locale() {
  return language() === "nl" ? "nl-NL" : "en-GB";
}

/** 14:03:22, of milliseconds since 1970 or an RFC 3339 time. */
export function clock(moment) {
  return new Intl.DateTimeFormat(locale(), { timeStyle: "medium", timeZone: ZONE }).format(new Date(moment));
}

export function number(value) {
  return new Intl.NumberFormat(locale()).format(value);
}

export function money(cents, currency) {
  return new Intl.NumberFormat(locale(), { style: "currency", currency }).format(cents / 100);
}

/** How long ago, in the largest unit that says something: 40 s, 12 min, 3 h, 2 days. */
export function age(moment) {
  return length((Date.now() - Date.parse(moment)) / 1000);
}

export function length(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 90) return t("length.seconds", { count: whole });
  if (whole < 90 * 60) return t("length.minutes", { count: Math.round(whole / 60) });
  if (whole < 36 * 3600) return t("length.hours", { count: Math.round(whole / 3600) });
  return t("length.days", { count: Math.round(whole / 86_400) });
}
