// The country, municipality by municipality: of the reader's own all that the API tells, of the others what everybody may know, the
// alerts of months that are over.

import { keptText } from "../api.js";
import { days, monthsOf, today } from "./periods.js";

export const NATION = "NL";
const LINE = /^(\d{4}-\d{2}),(GM\d{4}),(?:"(?:[^"]|"")*"|[^",]*),(\d+),/; // of the open data: month, code, name, alerts

/**
 * `areas`: all municipalities; `region`: codes of those that are the reader's own. The others come back `closed`, as the reader may
 * not see a page of them, and with what is `known` of them: figures as the API would tell them, or undefined.
 */
export async function country(areas, region, period) {
  const own = new Set(region);
  if (areas.every(({ code }) => own.has(code))) return areas;
  const counts = await alertsOf(days(period));
  const other = (area) => ({ ...area, closed: true, known: counts && { alerts: { total: counts.get(area.code) ?? 0 } } });
  return areas.map((area) => (own.has(area.code) ? area : other(area)));
}

/** Code -> alerts; undefined where no month of the period is over, or open data does not answer. */
async function alertsOf(period) {
  const months = new Set(monthsOf(period).filter((month) => month < today().slice(0, 7)));
  if (!months.size) return undefined;
  const years = new Set([...months].map((month) => month.slice(0, 4)));
  const tables = await Promise.all([...years].map((year) => keptText(`/open-data/${year}/alerts.csv`))).catch(unlessBroken);
  const counts = new Map();
  for (const line of tables?.join("\n").split("\n") ?? []) {
    const [, month, code, count] = LINE.exec(line) ?? [];
    if (months.has(month)) counts.set(code, (counts.get(code) ?? 0) + Number(count));
  }
  return tables && counts;
}

function unlessBroken(error) {
  if (error.status === undefined) throw error;
}
