// Says when the page can be used: what it has to show stands there. Only ./dev bench pages reads it.

const MARK = "usable";

/** The first time in a page's life: after `drawn`, a promise where it needs to wait, at the frame that shows it. */
export async function usable(drawn) {
  await drawn;
  if (!performance.getEntriesByName(MARK).length) requestAnimationFrame(() => performance.mark(MARK));
}
