// Periods by their names, as the address has them: "this-year", "last-12-months", "2026", "2026-11",
// "2026-W47" (of ISO 8601), "2026-01-05..2026-02-01". Days are ISO dates of the Dutch calendar, the last included.

const DAY_MS = 86_400_000;
const [EARLIEST, LATEST, FIRST_DAY] = ["2001", "2199-12-31", "2000-01-01"]; // the API reckons with no day before the first day, nor after the latest
const MOST_DAYS = 1827;
const NAMED = ["this-year", "last-12-months"];
const SHAPE = /^\d{4}(-(0[1-9]|1[0-2]))?$/;
const WEEK = /^(\d{4})-W(0[1-9]|[1-4]\d|5[0-3])$/;
const OWN = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/;

/** Whether there is such a period, and the API would answer for it. */
export function isPeriod(name) {
  if (NAMED.includes(name)) return true;
  if (SHAPE.test(name) || WEEK.test(name)) return name >= EARLIEST && name <= LATEST;
  const [, first, last] = OWN.exec(name) ?? [];
  return Boolean(first) && isDay(first) && isDay(last) && first <= last && !isTooLong({ first, last });
}

/** Figures are told of five years at most. */
export function isTooLong({ first, last }) {
  return length({ first, last }) > MOST_DAYS;
}

export function own(first, last) {
  return `${first}..${last}`;
}

/** The days of a period, `{ first, last }`, up to today if it is not over yet. */
export function days(name) {
  const { first, last } = whole(name);
  return { first, last: last > today() && first <= today() ? today() : last };
}

/** The period to compare with: the same days a year or a month earlier; of own dates as many days right before. Undefined: too long ago. */
export function before(name) {
  const found = earlier(name);
  return found.first >= FIRST_DAY ? found : undefined;
}

function earlier(name) {
  const { first, last } = days(name);
  if (OWN.test(name) || WEEK.test(name)) return { first: later(first, -length({ first, last })), last: later(first, -1) };
  const months = name.length === 7 ? -1 : -12;
  return { first: shifted(first, months), last: last === monthEnd(last) ? monthEnd(shifted(`${last.slice(0, 8)}01`, months)) : shifted(last, months) };
}

/** Whether it is a calendar year, or more of them, perhaps not over yet: below a municipality only these are told. */
export function isWhole({ first, last }) {
  return first.endsWith("-01-01") && (last.endsWith("-12-31") || last >= today());
}

/** The months that lie in it as a whole, such as "2026-11". */
export function monthsOf({ first, last }) {
  const found = [];
  let month = first.endsWith("-01") ? first : shifted(`${first.slice(0, 8)}01`, 1);
  for (; month <= last && (monthEnd(month) <= last || last >= today()); month = shifted(month, 1)) found.push(month.slice(0, 7));
  return found;
}

export function today() {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Amsterdam" }).format(new Date());
}

function whole(name) {
  const now = today();
  if (name === "this-year") return { first: `${now.slice(0, 4)}-01-01`, last: now };
  if (name === "last-12-months") {
    const month = `${now.slice(0, 8)}01`; // those that are over, so that they compare with twelve others
    return { first: shifted(month, -12), last: later(month, -1) };
  }
  const [, first, last] = OWN.exec(name) ?? [];
  if (first) return { first, last };
  if (WEEK.test(name)) return week(...WEEK.exec(name).slice(1).map(Number));
  if (name.length === 4) return { first: `${name}-01-01`, last: `${name}-12-31` };
  return { first: `${name}-01`, last: monthEnd(`${name}-01`) };
}

/** From Monday to Sunday; week 1 is the one with 4 January. */
function week(year, number) {
  const fourth = new Date(Date.UTC(year, 0, 4));
  const monday = later(iso(fourth.getTime()), (number - 1) * 7 - ((fourth.getUTCDay() + 6) % 7));
  return { first: monday, last: later(monday, 6) };
}

/** As many months later; the 31st becomes the last day of a shorter month. */
function shifted(day, months) {
  const [year, month, date] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return iso(Date.UTC(year, month - 1 + months, Math.min(date, last)));
}

function monthEnd(day) {
  return later(shifted(`${day.slice(0, 8)}01`, 1), -1);
}

function later(day, count) {
  return iso(Date.parse(day) + count * DAY_MS);
}

/** How many days there are in it. */
export function length({ first, last }) {
  return (Date.parse(last) - Date.parse(first)) / DAY_MS + 1;
}

function isDay(text) {
  return !Number.isNaN(Date.parse(text)) && iso(Date.parse(text)) === text && text >= EARLIEST && text <= LATEST;
}

function iso(moment) {
  return new Date(moment).toISOString().slice(0, 10);
}
