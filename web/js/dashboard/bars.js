// Bars beside each other, as months and days are drawn. All of it stands in a table too.

import { label, language, t } from "../i18n.js";
import { made } from "../svg.js";

const [HIGH, UNDER, OVER, ASIDE] = [140, 34, 20, 12]; // in the picture's own units

/**
 * `columns`: `[{ value, above, below, under }]`, texts where there are any; `value` undefined where nothing is told.
 * `named`: the text that says what the picture is, with `{measure}` in it. `bar`, `gap`: how wide.
 */
export function bars(columns, measure, { named, bar, gap }) {
  const [each, most] = [bar + gap, Math.max(...columns.map(({ value }) => value ?? 0), 1)];
  const picture = made("svg", { viewBox: `${-ASIDE} 0 ${columns.length * each + 2 * ASIDE} ${HIGH + UNDER}`, class: "bars", role: "img" });
  label(picture, named, { measure: t(`dashboard.measure.${measure}`) });
  columns.forEach(({ value, above, below, under }, index) => {
    const height = ((value ?? 0) / most) * (HIGH - OVER);
    const middle = index * each + each / 2;
    picture.append(made("rect", { x: middle - bar / 2, y: HIGH - height, width: bar, height }));
    if (above) picture.append(text(middle, HIGH - height - 5, above));
    if (below) picture.append(text(middle, HIGH + 14, below));
    if (under) picture.append(text(middle, HIGH + 28, under));
  });
  picture.append(made("path", { d: `M0 ${HIGH}H${columns.length * each}`, class: "ground" }));
  return picture;
}

/** 12.3K: for a narrow bar; the table has it in full. */
export function short(value) {
  return new Intl.NumberFormat(language(), { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

function text(x, y, content) {
  const shown = made("text", { x, y, "text-anchor": "middle" });
  shown.textContent = content;
  return shown;
}
