// The front page: on one's own machine it also says what runs here.

import "./frame.js";
import { byId, visible } from "./dom.js";
import { usable } from "./usable.js";

visible(byId("local"), ["127.0.0.1", "localhost"].includes(location.hostname));
usable();
