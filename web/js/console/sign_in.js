// Signing in. On one's own machine somebody is chosen from a list; elsewhere the user pool asks for name, password and
// a second factor.

import { busy } from "../busy.js";
import { element, spoken } from "../dom.js";
import { defects } from "../problem.js";
import { comeBack, goThere, whereToSignIn } from "./pool.js";
import { begin } from "./session.js";

const PEOPLE = "/local/people"; // only the local origin has it

/** Fills `host`; calls `onsignedin` once somebody sits here. `key`: of the heading; `roles`: of who has work here. */
export async function signIn(host, onsignedin, { key, roles }) {
  const heading = spoken("h1", { tabindex: "-1" }, key);
  const choices = element("div", { class: "people" });
  host.replaceChildren(heading, choices);
  heading.focus();
  const as = wanted();
  const people = (await local())?.filter((person) => person.roles.some((role) => roles.includes(role)));
  if (!people) return atThePool(choices, onsignedin);
  const asked = people.find(({ user }) => user === as);
  if (asked) return enter(asked, onsignedin);
  return choices.replaceChildren(spoken("p", {}, "console.sign_in_local"), ...people.map((person) => choice(person, onsignedin)));
}

/** Goes there at a press, and begins the session that it led to. */
async function atThePool(host, onsignedin) {
  let wrong;
  try {
    const session = await comeBack();
    if (session) {
      begin(session.token, session.pool);
      return onsignedin();
    }
  } catch (error) {
    [wrong] = defects(error);
  }
  const go = async () => {
    try {
      await goThere(await whereToSignIn());
    } catch (error) {
      say(error.code === "sign_in_elsewhere" ? "console.sign_in_elsewhere" : defects(error)[0].key);
    }
  };
  const button = spoken("button", { type: "button", class: "button", onclick: (event) => busy(event.currentTarget, go) }, "console.sign_in_go");
  const said = element("div", { role: "alert" });
  const say = (key) => said.replaceChildren(spoken("p", { class: "notice careful" }, key));
  if (wrong) say(wrong.key);
  host.replaceChildren(said, spoken("p", {}, "console.sign_in_pool"), element("p", { class: "buttons" }, button));
}

/** Whom the page of phones asks for, once: /console?as=noor. */
function wanted() {
  const user = new URLSearchParams(location.search).get("as");
  if (user) history.replaceState(null, "", location.pathname + location.hash);
  return user;
}

async function enter({ user }, onsignedin) {
  const answer = await fetch(`${PEOPLE}/${encodeURIComponent(user)}/token`, { method: "POST" });
  begin((await answer.json()).token);
  onsignedin();
}

function choice(person, onsignedin) {
  const { user, roles, tenant } = person;
  const press = (event) => busy(event.currentTarget, () => enter(person, onsignedin));
  const does = roles.flatMap((role, index) => [index ? ", " : "", spoken("span", {}, `role.${role}`)]);
  return element("button", { type: "button", class: "person", onclick: press }, element("strong", {}, user), element("span", {}, ...does), element("span", { class: "quiet" }, tenant));
}

async function local() {
  try {
    const answer = await fetch(PEOPLE, { cache: "no-store" });
    return answer.ok ? (await answer.json()).people : undefined;
  } catch {
    return undefined;
  }
}
