// The figures that everybody asks for first: each with what it means, and with what it was in the period before.

import { element, spoken } from "../dom.js";
import { label, money, number, percent, t } from "../i18n.js";

/** `element`; and `complete(told)`, once what was to come `later` is there: figures change, and whoever is in an explanation stays. */
export function headline(told) {
  const cards = cardsOf(told);
  const complete = (more) => cardsOf(more).forEach((card, index) => fill(cards[index], card));
  return { element: element("section", { class: "figures" }, spoken("h2", {}, "dashboard.headline"), element("div", { class: "cards" }, ...cards)), complete };
}

function cardsOf({ whole, earlier = {}, later }) {
  const cards = [participants(whole), alerts(whole, earlier), reached(whole, earlier), tips(whole, earlier), successes(whole, earlier), share(whole), later ? empty("cost", "page.loading") : cost(whole, earlier)];
  return cards.filter(Boolean);
}

function fill(card, { children }) {
  const [heading, ...rest] = card.children;
  for (const one of rest.slice(0, -1)) one.remove();
  heading.after(...[...children].slice(1, -1));
}

function participants({ participants: { participants: count, paused, per_thousand: rate, growth } }) {
  if (count === undefined || count === null) return card("participants", undefined);
  const notes = [rate !== undefined && rate !== null && note("dashboard.per_thousand", { rate: number(rate) })];
  if (growth) notes.push(note(`dashboard.growth.${way(growth.net)}`, { count: number(Math.abs(growth.net)), then: number(growth.before) }));
  if (paused) notes.push(note("dashboard.paused", { count: number(paused) }));
  return card("participants", number(count), ...notes);
}

function alerts({ alerts: now }, { alerts: then }) {
  if (!now) return card("alerts", undefined);
  const kinds = Object.entries(now.by_kind).map(([kind, count]) => `${t(`kind.${kind}`)}: ${number(count)}`);
  const notes = [kinds.length && element("p", {}, kinds.join(", ")), compared(now.total, then?.total)];
  if (now.open) notes.push(note("dashboard.open", { count: number(now.open) }));
  if (now.break_glass) notes.push(note("dashboard.break_glass", { count: number(now.break_glass) }));
  return card("alerts", number(now.total), ...notes);
}

function reached({ people: now }, { people: then }) {
  if (!now) return card("reached", undefined);
  return card("reached", number(now.reached), note("dashboard.asked", { count: number(now.asked) }), compared(now.reached, then?.reached));
}

function tips({ tips: now }, { tips: then }) {
  return card("tips", now === undefined ? undefined : number(now), compared(now, then));
}

function successes({ success: now, contributions }, { success: then }) {
  if (!now) return card("successes", undefined);
  return card("successes", number(now.successes), note("dashboard.by_participants", byParticipants(contributions)), compared(now.successes, then?.successes));
}

/** Alerts in whose outcome participants had a part, as texts. */
function byParticipants({ direct = 0, indirect = 0 }) {
  return { direct: number(direct), indirect: number(indirect) };
}

function share({ success }) {
  if (!success) return card("share", undefined);
  const { closed, successes: count, share: value, low, high, too_few: few } = success;
  const of = note("dashboard.share_of", { count: number(count), closed: number(closed) });
  if (few) return card("share", t("dashboard.too_few"), of);
  return card("share", percent(value), note("dashboard.interval", { low: percent(low), high: percent(high) }), of);
}

/** Of a municipality and an organisation; others have none. */
function cost({ cost: now, costUnknown }, { cost: then }) {
  if (costUnknown) return empty("cost", "dashboard.not_now");
  if (!now) return undefined;
  const { cents, exercises_cents: exercises, currency, budget } = now;
  const notes = [then && changed(cents, then.cents, (some) => money(some, currency))];
  if (exercises) notes.push(note("dashboard.exercises", { cost: money(exercises, currency) }));
  if (budget?.cents) notes.push(note("dashboard.budget", { spent: money(budget.spent_cents, currency), budget: money(budget.cents, currency), year: budget.year }));
  return card("cost", money(cents, currency), ...notes);
}

/** `value`: undefined where it is not told. */
function card(name, value, ...notes) {
  if (value === undefined) return empty(name, "dashboard.untold", ...notes);
  return framed(name, element("p", { class: "figure" }, value), ...notes);
}

/** `key`: of a text that says why there is no figure. */
function empty(name, key, ...notes) {
  return framed(name, spoken("p", { class: "figure untold" }, key), ...notes);
}

function framed(name, shown, ...notes) {
  const what = spoken("summary", {}, "dashboard.what");
  label(what, "dashboard.what_of", { name: t(`dashboard.figure.${name}`) });
  const heading = spoken("h3", {}, `dashboard.figure.${name}`);
  return element("section", { class: "card", "data-figure": name }, heading, shown, ...notes.filter(Boolean), element("details", {}, what, spoken("p", { class: "small" }, `dashboard.meaning.${name}`)));
}

function note(key, values) {
  return spoken("p", {}, key, values);
}

function compared(now, then) {
  return now === undefined || then === undefined ? undefined : changed(now, then, number);
}

function changed(now, then, written) {
  return note(`dashboard.change.${way(now - then)}`, { count: written(Math.abs(now - then)), then: written(then) });
}

function way(difference) {
  if (!difference) return "none";
  return difference > 0 ? "more" : "less";
}
