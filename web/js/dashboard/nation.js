// The country, municipality by municipality: of the reader's own all that the API tells, of the others what everybody may know, the
// alerts of months that are over.

import { keptText } from "../api.js";
import { days, monthsOf, today } from "./periods.js";

export const NATION = "NL";
const LINE = /^(\d{4}-\d{2}),(NL|GM\d{4}),(?:"(?:[^"]|"")*"|[^",]*),(\d+),/; // of the open data: month, code, name, alerts

/**
 * All municipalities. Those that are not the reader's own come back `closed`, as the reader may not see a page of them, and with what
 * is `known` of them: figures as the API would tell them, or undefined. `asked`: what the API answers, promises: `areas`, and the
 * nation's `report`, which says which are the reader's. `few`: they are not all, so that what everybody may know is asked at once.
 */
export async function country(asked, period, few) {
  const open = few ? alertsOf(days(period)) : undefined;
  const [{ areas }, report] = await Promise.all([asked.areas, asked.report]);
  const own = new Set(report.area.areas);
  if (areas.every(({ code }) => own.has(code))) return areas;
  const counts = await (open ?? alertsOf(days(period)));
  const codes = new Set([NATION, ...areas.map(({ code }) => code)]);
  const none = counts && [...counts.keys()].every((code) => codes.has(code)) ? 0 : undefined; // who goes on for one that ended is not known here
  const since = Number(days(period).first.slice(0, 4));
  const known = ({ code, grown_in: grown = since }) => {
    const total = grown > since ? undefined : (counts?.get(code) ?? none); // some were counted under a code that has ended
    return total === undefined ? undefined : { alerts: { total } };
  };
  return areas.map((area) => (own.has(area.code) ? area : { ...area, closed: true, known: known(area) }));
}

/**
 * Code -> alerts, the nation too; undefined where no month of the period is over, or open data does not answer, or does not
 * tell of the newest month: it may have been kept since before its end.
 */
async function alertsOf(period) {
  const months = new Set(monthsOf(period).filter((month) => month < today().slice(0, 7)));
  if (!months.size) return undefined;
  const years = new Set([...months].map((month) => month.slice(0, 4)));
  const tables = await Promise.all([...years].map((year) => keptText(`/open-data/${year}/alerts.csv`))).catch(unlessBroken);
  const counts = new Map();
  const heard = new Set();
  for (const line of tables?.join("\n").split("\n") ?? []) {
    const [, month, code, count] = LINE.exec(line) ?? [];
    if (!months.has(month)) continue;
    heard.add(month);
    counts.set(code, (counts.get(code) ?? 0) + Number(count));
  }
  const newest = days("last-12-months").last.slice(0, 7);
  return months.has(newest) && !heard.has(newest) ? undefined : tables && counts;
}

function unlessBroken(error) {
  if (error.status === undefined) throw error;
}
