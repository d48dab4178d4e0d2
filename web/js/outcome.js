// How an alert ended, in the words of the outcome message.

import { byId, visible } from "./dom.js";
import { moment, say } from "./i18n.js";
import { written } from "./written.js";

export function showOutcome({ result, contribution, text, closed_at: closedAt }) {
  say(byId("outcome-result"), `outcome.result.${result}`);
  const helped = !["none", "unknown"].includes(contribution);
  const how = result === "none" ? "tips_without_result" : contribution;
  if (helped) say(byId("outcome-contribution"), `outcome.contribution.${how}`);
  visible(byId("outcome-contribution"), helped);
  if (text) written(byId("outcome-text"), text);
  visible(byId("outcome-text"), Boolean(text));
  say(byId("outcome-when"), "outcome.closed", { time: moment(closedAt) });
  visible(byId("outcome"), true);
  visible(byId("outcome-late"), true);
}
