// What areas and months can be compared by. `of(told, area)`: a number, or undefined where it is not told.
// `told`: figures as the API gives them of the area, or of a month of it. `monthly`: whether months have it too.

export const MEASURES = {
  per_thousand: { of: perThousand, monthly: false },
  participants: { of: (told) => told?.participants?.participants ?? undefined, monthly: false },
  alerts: counted((told) => told?.alerts?.total),
  reached: counted((told) => told?.people?.reached),
  tips: counted((told) => told?.tips),
  successes: counted((told) => told?.success?.successes),
};

/** Of a municipality of one's own everything is told: where there is nothing, there was nothing. */
function counted(read) {
  return { of: (told, { level, closed }) => read(told) ?? (level === "municipality" && !closed ? 0 : undefined), monthly: true };
}

function perThousand(told, { inhabitants }) {
  const count = MEASURES.participants.of(told);
  return count === undefined || !inhabitants ? undefined : Math.round((10_000 * count) / inhabitants) / 10;
}
