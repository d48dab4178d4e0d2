// What we keep of participants, and how long: the times are those that the system goes by. And who else hears something.

import "./frame.js";
import { backdrop } from "./backdrop.js";
import { byId, element, visible } from "./dom.js";
import { say } from "./i18n.js";
import RETENTION from "./retention.js";
import { usable } from "./usable.js";

const TIMES = [
  "privacy.time_sign_up",
  "privacy.time_participant",
  "privacy.time_yearly",
  "privacy.time_messages",
  "privacy.time_tips",
  "privacy.time_descriptions",
  "privacy.time_backups",
];

for (const key of TIMES) {
  const line = element("li", {});
  say(line, key, RETENTION);
  byId("times").append(line);
}
backdrop().then(({ tiles }) => {
  if (tiles) say(byId("tiles"), "privacy.tiles", tiles);
  visible(byId("tiles"), Boolean(tiles));
});
usable();
