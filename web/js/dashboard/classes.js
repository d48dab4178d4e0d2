// Classes for shading: about as many areas in each, equal numbers always in one.

const MOST = 5;

/** `[{ low, high }]`, of numbers that are there, from low to high; at most five. */
export function classesOf(numbers) {
  const sorted = numbers.toSorted((one, other) => one - other);
  const count = Math.min(MOST, new Set(sorted).size);
  const starts = [...new Set(Array.from({ length: count }, (_, index) => sorted[Math.floor((index * sorted.length) / count)]))];
  return starts.map((low, index) => ({ low, high: sorted.findLast((number) => index + 1 === starts.length || number < starts[index + 1]) }));
}

/** From 0, the lightest, to 4: few classes lie far apart. */
export function shadeOf(number, classes) {
  const place = classes.findLastIndex(({ low }) => low <= number);
  return classes.length > 1 ? Math.round((place * (MOST - 1)) / (classes.length - 1)) : 2;
}
