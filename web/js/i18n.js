// Which language a page is in, and its texts. Elements say what they show: data-t="key", data-values='{"name": ...}',
// data-t-label="key" for an accessible name. Changing the language shows them anew, and keeps what was typed.

import en from "./messages/en.js";
import nl from "./messages/nl.js";
import { lasting } from "./stored.js";

export const LANGUAGES = ["nl", "en"];
const CATALOGUES = { nl, en };
const ZONE = "Europe/Amsterdam";
const STORED = "burgernet.language";
const CHANGED = "burgernet:language";

let current = chosen() ?? preferred();

/** Adds texts of one page to those that every page has. `more`: language -> key -> text. */
export function extend(more) {
  for (const code of LANGUAGES) Object.assign(CATALOGUES[code], more[code]);
}

export function language() {
  return current;
}

/** Somebody chose this language by hand: it outranks every other sign. */
export function choose(code) {
  lasting.setItem(STORED, code);
  show(code);
}

/** What we know of the reader, such as the language of their messages; a choice by hand stays. */
export function suggest(code) {
  if (!chosen() && LANGUAGES.includes(code)) show(code);
}

/** Calls `draw` now, and again whenever the language changes; with `within`, for as long as that is on the page. */
export function whenever(draw, within) {
  draw();
  const again = () => {
    if (within && !within.isConnected) document.removeEventListener(CHANGED, again);
    else draw();
  };
  document.addEventListener(CHANGED, again);
}

export function t(key, values = {}) {
  const text = CATALOGUES[current][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Some texts in every language, for who has no catalogue: { nl: { name: text } }. `keys`: name -> key. */
export function textsOf(keys) {
  const of = (code) => Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, CATALOGUES[code][key]]));
  return Object.fromEntries(LANGUAGES.map((code) => [code, of(code)]));
}

export function known(key) {
  return key in CATALOGUES[current];
}

/** Makes `element` show a text, in whichever language the page is. */
export function say(element, key, values = {}) {
  element.dataset.t = key;
  element.dataset.values = JSON.stringify(values);
  element.textContent = t(key, values);
}

/** As `say`, for the accessible name. */
export function label(element, key, values = {}) {
  element.dataset.tLabel = key;
  element.dataset.labelValues = JSON.stringify(values);
  element.setAttribute("aria-label", t(key, values));
}

export function translate() {
  document.documentElement.lang = current;
  document.title = t(document.body.dataset.title);
  for (const element of document.querySelectorAll("[data-t]")) {
    say(element, element.dataset.t, JSON.parse(element.dataset.values ?? "{}"));
  }
  for (const element of document.querySelectorAll("[data-t-label]")) {
    label(element, element.dataset.tLabel, JSON.parse(element.dataset.labelValues ?? "{}"));
  }
}

export function moment(iso) {
  const format = { dateStyle: "long", timeStyle: "short", timeZone: ZONE };
  return new Intl.DateTimeFormat(locale(), format).format(new Date(iso));
}

/** 14:03:22, of milliseconds since 1970 or an RFC 3339 time. */
export function clock(moment) {
  return new Intl.DateTimeFormat(locale(), { timeStyle: "medium", timeZone: ZONE }).format(new Date(moment));
}

export function number(value) {
  return new Intl.NumberFormat(locale()).format(value);
}

/** Of a share from 0 to 1. */
export function percent(share) {
  return new Intl.NumberFormat(locale(), { style: "percent" }).format(share);
}

export function money(cents, currency) {
  return new Intl.NumberFormat(locale(), { style: "currency", currency }).format(cents / 100);
}

export function day(iso) {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeZone: ZONE }).format(new Date(iso));
}

/** November 2026, of "2026-11". */
export function month(code) {
  return new Intl.DateTimeFormat(locale(), { month: "long", year: "numeric", timeZone: ZONE }).format(new Date(`${code}-02`));
}

/** Nov, of "2026-11"; 3 Nov, of "2026-11-03". */
export function brief(code) {
  const dated = code.length > "2026-11".length;
  const format = new Intl.DateTimeFormat(locale(), { month: "short", ...(dated && { day: "numeric" }), timeZone: ZONE });
  return format.format(new Date(dated ? code : `${code}-02`)).replace(" ", "\u00a0");
}

function show(code) {
  current = code;
  translate();
  document.dispatchEvent(new CustomEvent(CHANGED));
}

function chosen() {
  const stored = lasting.getItem(STORED);
  return LANGUAGES.includes(stored) ? stored : undefined;
}

function preferred() {
  const codes = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return codes.find((code) => LANGUAGES.includes(code)) ?? "nl";
}

function locale() {
  return current === "nl" ? "nl-NL" : "en-GB";
}
