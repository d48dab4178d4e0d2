// The dashboard's own texts, beside those of the console, whose words for categories, results and roles it shares.

import { extend } from "../i18n.js";
import "../console/texts.js";
import en from "./messages/en.js";
import nl from "./messages/nl.js";

extend({ nl, en });
