// The console's own texts, which no other page has to load.

import { extend } from "../i18n.js";
import en from "./messages/en.js";
import nl from "./messages/nl.js";

extend({ nl, en });
