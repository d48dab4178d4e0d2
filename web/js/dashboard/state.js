// What the page shows, as its address says it: #/GM9001?period=2026&shade=tips&sort=-alerts, #/GM9001/year?period=2026.
// NL is the country. Without a code: all areas of one's own organisation together. No personal data can be in it.

import { isPeriod } from "./periods.js";
import { MEASURES } from "./measures.js";

const PATTERN = /^#\/([\w-]+)?(\/year)?(?:\?(.*))?$/;
const CODE = /^(NL|GM\d{4}|WK\d{6}|BU\d{8})$/; // any other, as mails have for an organisation: one's own areas
const DEFAULTS = { code: "", yearly: false, period: "this-year", shade: "per_thousand", sort: "name" };

/**
 * What makes no sense is left at its default; the page says so of a `strange` period, and of a strange code, which may be that of the
 * member's organisation. `sort`: a column of the table, with "-" before it from high to low.
 */
export function read(hash) {
  const [whole, code = "", yearly, query] = PATTERN.exec(hash) ?? [];
  const said = new URLSearchParams(query);
  const { period, shade, sort } = { ...DEFAULTS, ...Object.fromEntries(said) };
  return {
    code: CODE.test(code) ? code : DEFAULTS.code,
    yearly: Boolean(yearly),
    period: isPeriod(period) ? period : DEFAULTS.period,
    shade: shade in MEASURES ? shade : DEFAULTS.shade,
    sort: /^-?[a-z_]+$/.test(sort) ? sort : DEFAULTS.sort,
    strange: { period: !isPeriod(period), code: whole === undefined && hash.length > 1 ? hash : CODE.test(code) ? "" : code },
  };
}

/** The address of a state with some changes. */
export function address(state, changes = {}) {
  const wanted = { ...state, ...changes };
  const said = ["period", "shade", "sort"].filter((name) => wanted[name] !== DEFAULTS[name]);
  const query = new URLSearchParams(said.map((name) => [name, wanted[name]]));
  return `#/${wanted.code}${wanted.yearly ? "/year" : ""}${said.length ? `?${query}` : ""}`;
}
