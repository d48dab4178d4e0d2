// The names of municipalities, asked for once.

import { call } from "../api.js";

let asked;

/** Code -> name. Empty where they cannot be had now; the next one who asks tries again. */
export function names() {
  asked ??= call("GET", "/municipalities").then(
    ({ municipalities }) => new Map(municipalities.map(({ code, name }) => [code, name])),
    () => {
      asked = undefined;
      return new Map();
    },
  );
  return asked;
}
