// How long something takes, or ago it was, in the largest unit that says something: 40 s, 12 min, 3 h, 2 days.

import { t } from "../i18n.js";

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
