// Asking again and again. A page that nobody looks at does not ask; what cannot be reached is asked less and less.

const SLOWEST_MS = 30_000;
const FIRST_RETRY_MS = 2_000;

/** `ask` gives the milliseconds until it wants to be asked again. `onfail(since)`: no answer since that moment. */
export class Poll {
  #timer;
  #running = false;
  #failures = 0;
  #answered = Date.now();

  constructor(ask, { onanswer = () => {}, onfail = () => {} } = {}) {
    this.ask = ask;
    this.onanswer = onanswer;
    this.onfail = onfail;
    this.seen = () => !document.hidden && !this.paused && this.now();
    document.addEventListener("visibilitychange", this.seen);
  }

  /** Asks at once, unless it is asking already. */
  async now() {
    this.paused = false;
    if (this.#running) return;
    clearTimeout(this.#timer);
    this.#running = true;
    const wait = await this.#asked();
    this.#running = false;
    if (wait !== undefined && !document.hidden && !this.paused) this.#timer = setTimeout(() => this.now(), wait);
  }

  /** Asks no more until it is asked to. */
  pause() {
    clearTimeout(this.#timer);
    this.paused = true;
  }

  stop() {
    document.removeEventListener("visibilitychange", this.seen);
    clearTimeout(this.#timer);
    this.stopped = true;
  }

  async #asked() {
    try {
      const wait = await this.ask();
      if (this.stopped) return undefined;
      this.#failures = 0;
      this.#answered = Date.now();
      this.onanswer(this.#answered);
      return wait;
    } catch (error) {
      if (this.stopped || error.status === 401) return undefined; // who is signed out is told so elsewhere
      if (error.status === undefined) reportError(error); // a mistake of ours, which must not look like fresh figures
      this.#failures += 1;
      this.onfail(this.#answered, error);
      return Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), SLOWEST_MS);
    }
  }
}
