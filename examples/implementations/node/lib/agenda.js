'use strict';
/**
 * The virtual time of one scenario: a queue of things to do, each with the instant at which it is due.
 *
 * Timers and deliveries between clients share this one queue. So "every timer has fired and its effects are
 * visible" needs no bookkeeping of its own: it is true exactly when nothing in the queue is due any more.
 */
class Agenda {
  #entries = []; // by due time; among equals, in the order they were entered

  now = 0;

  /** Returns a function that takes the entry off the agenda again. */
  at(due, action) {
    const entry = { due, action };
    let place = this.#entries.length;
    while (place > 0 && this.#entries[place - 1].due > due) place -= 1;
    this.#entries.splice(place, 0, entry);
    return () => {
      const found = this.#entries.indexOf(entry);
      if (found >= 0) this.#entries.splice(found, 1);
    };
  }

  /** For deliveries: they take no time, but still happen after whatever caused them is complete. */
  soon(action) {
    return this.at(this.now, action);
  }

  /** Including the target instant itself: what is due at that tick has happened when the tick is looked at. */
  advance(ms) {
    const target = this.now + ms;
    while (this.#entries.length > 0 && this.#entries[0].due <= target) {
      const { due, action } = this.#entries.shift();
      // Set before the action runs, so that what it schedules counts from its own instant, not from the target.
      this.now = due;
      action();
    }
    this.now = target;
  }

  settle() {
    this.advance(0);
  }
}

module.exports = { Agenda };
