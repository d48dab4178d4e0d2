// What the API tells of an area over a period, and of the areas around it. Areas do not change while the page is open.

import { Refused } from "../api.js";
import { ask, member } from "../console/session.js";
import { NATION, country } from "./nation.js";
import { before, days, length, today } from "./periods.js";

const MUNICIPALITY = /^GM\d{4}$/;
const BELOW = /^(WK|BU)/; // a municipality, where neither a month nor a day is told
const DAYS = 31; // as many bars as there is room for
const known = new Map(); // what was asked -> the promise of its answer

/**
 * `place`: as `/areas/CODE` has it, or the organisation; `trail`: those above it that the member may see, from the top;
 * `whole`, `earlier`: reports of the period and of the one before, an empty one where that is too long ago; `parts`: `[{ area, told }]`, `told` undefined where nothing is;
 * `months`: by their codes, undefined where none is told, as of an organisation with less than whole municipalities.
 * `daily`: a period of a month at most day by day, undefined where none is told. `later`: of the nation, whose alerts are thousands, the
 * promise of `earlier`, and of `whole` with what they cost: `costUnknown` where that cannot be had now, for the rest is no less true.
 */
export async function look({ code: asked, period }) {
  const region = asked === NATION ? undefined : ownRegion();
  const code = asked || alone(await region);
  const report = `/reports/areas/${code || member().tenant}`;
  const span = query(days(period));
  const everything = code ? !BELOW.test(code) : (await region).every((one) => MUNICIPALITY.test(one));
  const earlier = before(period);
  const compared = () => earlier && ask("GET", report + query(earlier));
  const dashboard = ask("GET", `${report}/dashboard${span}`);
  const [whole, place, then, below, daily, own] = await Promise.all([
    dashboard,
    code && code !== NATION ? unlessEnded(`/areas/${code}`) : undefined,
    code === NATION ? undefined : compared(),
    code === NATION ? nation(dashboard, period) : code ? rightBelow(code) : ownAreas(await region),
    everything && length(days(period)) <= DAYS ? ask("GET", `${report}/days${span}`) : undefined,
    region,
  ]);
  const told = new Map(whole.parts.map((part) => [part.code, part]));
  return {
    place: place ?? whole.area,
    trail: await trail(place, own),
    whole,
    earlier: then ?? {},
    later: code === NATION ? rest(whole, compared(), ask("GET", `${report}/cost${span}`)) : undefined,
    parts: below.map((area) => ({ area, told: told.get(area.code) ?? area.known })),
    months: everything ? new Map(whole.months.map((month) => [month.code, month])) : undefined,
    daily: daily?.parts,
  };
}

async function rest(whole, compared, asked) {
  const [earlier, costs] = await Promise.all([compared, asked].map(unlessRefused));
  return { earlier: earlier ?? {}, whole: { ...whole, cost: costs?.cost, costUnknown: !costs } };
}

async function unlessRefused(answer) {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Refused && error.status !== 401) return undefined; // who is signed out signs in first
    throw error;
  }
}

function alone(region) {
  return region.length === 1 ? region[0] : "";
}

function nation(report, period) {
  return country({ areas: once("/areas"), report }, period, MUNICIPALITY.test(member().tenant));
}

/** `by`: "area" or "day", what there is a line for. */
export function tablePath({ code }, period, separator, by) {
  return `/reports/areas/${code}/figures.csv${query(days(period))}&separator=${separator}&by=${by}`;
}

/** The codes of the areas of the member's organisation. */
async function ownRegion() {
  const { tenant } = member();
  if (MUNICIPALITY.test(tenant) && (await unlessEnded(`/areas/${tenant}`))) return [tenant];
  const day = today(); // the shortest report there is
  return (await once(`/reports/areas/${tenant}${query({ first: day, last: day })}`)).area.areas;
}

/** Each of them as `/areas` lists it: read with what lies beside it. */
async function ownAreas(region) {
  const above = [...new Set(region.map(parent))];
  const lists = await Promise.all(above.map((code) => once(code ? `/areas?parent=${code}` : "/areas")));
  const listed = new Map(lists.flatMap(({ areas }) => areas.map((area) => [area.code, area])));
  return Promise.all(region.map((code) => listed.get(code) ?? once(`/areas/${code}`)));
}

/** As CBS makes codes: what is above WK034401 is GM0344. */
function parent(code) {
  if (code.startsWith("BU")) return `WK${code.slice(2, 8)}`;
  return code.startsWith("WK") ? `GM${code.slice(2, 6)}` : "";
}

/** Of an area that has ended there are figures, and nothing else; an organisation keeps its name when its area ends. */
async function unlessEnded(path) {
  try {
    return await once(path);
  } catch (error) {
    if (error.status === 404) return undefined;
    throw error;
  }
}

async function rightBelow(code) {
  return code.startsWith("BU") ? [] : ((await unlessEnded(`/areas?parent=${code}`))?.areas ?? []);
}

async function trail(place, region) {
  if (!place) return [];
  const above = [place.municipality, place.district].filter((code) => code && code !== place.code);
  const seen = above.filter((code) => region.includes(code) || above.some((other) => region.includes(other) && code.length > other.length));
  return Promise.all(seen.map((code) => once(`/areas/${code}`)));
}

/** Asks for what does not change; a failure is asked again. Each member of staff has answers of their own. */
function once(path) {
  const key = `${member().tenant} ${path}`;
  if (!known.has(key)) {
    const answer = ask("GET", path);
    known.set(key, answer);
    answer.catch(() => known.delete(key));
  }
  return known.get(key);
}

function query({ first, last }) {
  return `?first=${first}&last=${last}`;
}
