// What came back: tips newest first, each with what the control room made of it, and a picture of where they were seen. Of
// thousands, an update draws only what is new.

import { busy } from "../busy.js";
import { element, spoken } from "../dom.js";
import { clock, number, whenever } from "../i18n.js";
import { TipMap } from "./tip_map.js";
import { TipPhotos } from "./tip_photos.js";
import { ask } from "./session.js";

const STATUSES = ["read", "useful", "not_useful"];
const FIRST = 100; // newest, that somebody waits for
const PAGE = 500; // at most in one answer
const AGAIN_MS = 2_000;
const LISTED = 200; // newest in sight, beside the one that was asked for; all of them are counted, and drawn

export class Tips {
  #tips = new Map();
  #photos = new Map();
  #items = new Map(); // id -> { tip, element }, of those in sight
  #first;
  #after = "";
  #catchingUp = false;
  #denied = false;
  #asked; // id of the tip whose dot was pressed last
  #quiet = false; // "not seen" answers are counted, and shown when asked for

  constructor(id) {
    this.id = id;
    this.count = element("p", { role: "status" });
    this.map = new TipMap((tip) => this.#open(tip));
    this.list = element("ul", { class: "tips" });
    const all = element("input", { type: "checkbox", onchange: () => this.#toggle(all.checked) });
    const choice = element("label", { class: "choice" }, all, spoken("span", {}, "tips.show_not_seen"));
    this.element = element("section", { class: "card", hidden: true }, spoken("h2", {}, "tips.heading"), this.count, this.map.element, choice, this.list);
    whenever(() => this.#redraw(), this.element);
  }

  /** Fetches the newest, beside what else is on its way. Where that fails, `ask` does what is left. */
  async begin(alert) {
    if (alert.activated_at) this.#first = await this.#fetch(`?limit=${FIRST}&newest=true`).catch((error) => this.#failed(error));
  }

  /** Fetches what is new; gives the milliseconds until there may be more, or undefined where none can come to this reader. */
  async ask(alert) {
    const first = this.#first;
    this.#first = undefined;
    if (!alert.activated_at || this.#denied) return undefined;
    this.element.hidden = false;
    this.map.of(alert);
    if (this.#catchingUp) return AGAIN_MS;
    if (first) return this.#begun(first);
    try {
      const { next, wait } = await this.#page(this.#after);
      if (next) this.#catchUp(next);
      return wait;
    } catch (error) {
      this.#failed(error);
      if (!this.#denied) throw error;
      return undefined;
    }
  }

  /** Another control room's alert may be read, and its tips may not. */
  #failed({ status }) {
    this.#denied = status === 403;
    if (this.#denied) this.element.hidden = true;
  }

  #begun({ tips, cursor, next_poll_ms: wait }) {
    this.#take(tips);
    if (tips.length < FIRST) this.#after = cursor ?? "";
    else this.#catchUp("");
    return wait;
  }

  /** The rest, while everything else goes on. Where that fails, the next one who asks begins where it ended. */
  async #catchUp(from) {
    this.#catchingUp = true;
    try {
      let after = from;
      do ({ next: after } = await this.#page(after));
      while (after);
    } catch (error) {
      if (error.status === undefined) reportError(error); // a mistake of ours
    } finally {
      this.#catchingUp = false;
    }
  }

  /** `next`: behind which to go on, where there is more. */
  async #page(after) {
    const { tips, cursor, next_poll_ms: wait } = await this.#fetch(`?limit=${PAGE}${after && `&after=${after}`}`);
    this.#take(tips);
    this.#after = cursor ?? this.#after; // it stays behind the last half minute, of which some may still come in
    return { next: tips.length === PAGE ? tips.at(-1).id : undefined, wait };
  }

  #fetch(query) {
    return ask("GET", `/alerts/${this.id}/tips${query}`);
  }

  #take(tips) {
    const known = this.#tips.size;
    const changed = tips.filter((tip) => isNews(tip, this.#tips.get(tip.id)));
    for (const tip of changed) this.#tips.set(tip.id, tip);
    if (changed.length || !known) this.#show();
  }

  /** Brings a tip into sight, also one that is older than those that are listed. */
  #open(tip) {
    this.#asked = tip;
    this.#show();
    const { element: item } = this.#items.get(tip);
    item.setAttribute("tabindex", "-1");
    item.focus();
    item.scrollIntoView({ block: "center" });
  }

  #toggle(all) {
    this.#quiet = all;
    this.#show();
  }

  /** Everything anew: another language. */
  #redraw() {
    this.#items.clear();
    this.#show();
  }

  #show() {
    const all = [...this.#tips.values()].sort((one, other) => (one.at < other.at ? 1 : -1));
    const seen = all.filter(({ kind }) => kind !== "not_seen");
    this.count.replaceChildren(spoken("span", {}, "tips.count", { seen: number(seen.length), not_seen: number(all.length - seen.length) }));
    this.map.show(seen);
    this.#list((this.#quiet ? all : seen).filter(({ id }, place) => place < LISTED || id === this.#asked));
  }

  /** Leaves in the list what is right there already, so that neither focus nor scrolling is lost. */
  #list(tips) {
    const drawn = new Map(tips.map((tip) => [tip.id, this.#drawn(tip)]));
    this.#items = drawn;
    for (const item of [...this.list.children]) if (drawn.get(item.dataset.tip)?.element !== item) item.remove();
    let next = this.list.firstElementChild;
    for (const { element: item } of drawn.values()) {
      if (item === next) next = next.nextElementSibling;
      else this.list.insertBefore(item, next);
    }
    for (const tip of tips) this.#photos.get(tip.id)?.look();
  }

  #drawn(tip) {
    const before = this.#items.get(tip.id);
    return before?.tip === tip ? before : { tip, element: this.#item(tip) };
  }

  #item(tip) {
    const facts = element("p", { class: "small quiet" }, clock(tip.at));
    if (tip.distance_m !== undefined) facts.append(" · ", spoken("span", {}, "tips.distance", { metres: number(tip.distance_m) }));
    if (tip.contact_me) facts.append(" · ", spoken("span", {}, "tips.contact_me"));
    const parts = [element("p", {}, spoken("strong", {}, `tip.${tip.kind}`)), facts];
    if (tip.text) parts.push(element("p", { class: "kept-lines", lang: tip.language }, tip.text));
    if (tip.photos) parts.push(this.#photosOf(tip).element);
    parts.push(element("p", { class: "buttons small-buttons" }, ...STATUSES.map((status) => this.#mark(tip, status))));
    return element("li", { id: `tip-${tip.id}`, "data-tip": tip.id, class: `tip ${tip.status}` }, ...parts);
  }

  /** The same ones each time the tip is drawn anew: a photo is not fetched twice. */
  #photosOf(tip) {
    if (!this.#photos.has(tip.id)) this.#photos.set(tip.id, new TipPhotos(`/alerts/${this.id}/tips/${tip.id}`, tip));
    return this.#photos.get(tip.id);
  }

  #mark(tip, status) {
    const act = async () => {
      this.#tips.set(tip.id, await ask("PATCH", `/alerts/${this.id}/tips/${tip.id}`, { status }));
      this.#show();
      document.querySelector(`#tip-${tip.id} [data-status="${status}"]`)?.focus();
    };
    return spoken("button", { type: "button", class: "button second", "data-status": status, "aria-pressed": String(tip.status === status), onclick: (event) => busy(event.currentTarget, act) }, `tips.${status}`);
  }
}

/** An answer that was on its way while somebody marked a tip does not undo that. */
function isNews(tip, known) {
  if ((tip.triaged_at ?? "") < (known?.triaged_at ?? "")) return false;
  return JSON.stringify(tip) !== JSON.stringify(known);
}
