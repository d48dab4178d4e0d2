// Proving contacts by the codes that were sent: one small form per contact.

import { call, Once } from "./api.js";
import { busy } from "./busy.js";
import { byId, element, spoken, visible } from "./dom.js";
import { say } from "./i18n.js";
import { defect, defects, showProblem } from "./problem.js";
import { PushSwitch } from "./push.js";
import * as waiting from "./waiting.js";

export class Codes {
  #request = new Once(); // a code works once: a lost answer comes again by its key

  /** `contacts`: "phone" and "email", as far as codes were sent. `onproved()`: somebody takes part. */
  constructor(signUp, contacts, onproved) {
    this.signUp = signUp;
    this.contacts = contacts;
    this.onproved = onproved;
  }

  show() {
    byId("codes").replaceChildren(...this.contacts.map((contact) => this.#form(contact)));
  }

  #form(contact) {
    const id = `code-${contact}`;
    const input = element("input", {
      type: "text",
      id,
      class: "code",
      inputmode: "numeric",
      autocomplete: "one-time-code",
      maxlength: "12", // a pasted code may have spaces
      "aria-describedby": `${id}-hint`,
    });
    const problem = element("div");
    const send = spoken("button", { class: "button" }, "codes.send");
    const submit = (event) => {
      event.preventDefault();
      busy(send, () => this.#prove(contact, input, problem));
    };
    return element(
      "form",
      { class: "card", id: `form-${contact}`, novalidate: true, onsubmit: submit },
      problem,
      element(
        "div",
        { class: "field" },
        spoken("label", { for: id }, `codes.${contact}`),
        spoken("span", { class: "hint", id: `${id}-hint` }, "codes.hint"),
        input,
      ),
      send,
    );
  }

  async #prove(contact, input, problem) {
    const code = input.value.replace(/[\s-]/g, "");
    if (!/^\d{6}$/.test(code)) return showProblem(problem, [defect(input.id, "error.code_format")]);
    try {
      const proved = await this.#request.post(`/sign-ups/${this.signUp}/verification`, { contact, code });
      showProblem(problem, []);
      this.#proved(proved);
    } catch (error) {
      showProblem(problem, defects(error, { code: [input.id, "error.code_format"] }));
    }
  }

  #proved({ verified, pending, manage_token: token }) {
    verified.forEach((contact) => byId(`form-${contact}`)?.remove());
    visible(byId("joined"), true);
    this.onproved();
    say(byId("joined-what"), pending.length ? "codes.joined_pending" : "codes.joined_all");
    byId("manage-link").href = `/manage#${token}`;
    this.#offerPush(token);
    if (pending.length) {
      waiting.keep({ id: this.signUp, verify: pending });
      return byId(`code-${pending[0]}`)?.focus();
    }
    this.#done();
  }

  #offerPush(token) {
    const show = async () => push.show(token, (await call("GET", "/me", { token })).devices);
    const push = new PushSwitch(byId("push"), show);
    push.show(token, []);
    visible(byId("joined-push"), true);
  }

  /** Nothing is asked any more: the page says what the notice said. */
  #done() {
    waiting.forget();
    say(byId("prove-heading"), "codes.joined");
    for (const id of ["prove-what", "joined-heading", "start-over-row"]) visible(byId(id), false);
    visible(byId("joined-next"), true);
    byId("manage-link").focus();
  }
}
