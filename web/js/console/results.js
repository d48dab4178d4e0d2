// The results that an alert of a kind and category can have, as the API takes them.

const MISSING = ["missing_person_found", "suspect_arrested", "other", "none"];
const NOBODY_MISSING = ["suspect_arrested", "property_recovered", "other", "none"];
const ANY = ["suspect_arrested", "missing_person_found", "property_recovered", "other", "none"];
const BY_CATEGORY = { missing_person: MISSING, missing_child: MISSING, other_urgent: ANY, other: ANY };

export function resultsOf({ kind, category }) {
  return kind === "prevention" ? ["other", "none"] : (BY_CATEGORY[category] ?? NOBODY_MISSING);
}
