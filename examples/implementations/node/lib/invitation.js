'use strict';
/**
 * One record per invitation, owned by the inviter's side (the host is the authority). Nothing else holds the state:
 * the inviter's list, the recipient's list and the pop-up are observers that are told what happened, and the host's
 * session service is one too. An answer therefore has a single place where it can win or lose.
 */

const LIFETIME_MS = 120_000;

class Invitation {
  #observers = [];
  #agenda;
  #stopTimer;

  /** `terms` is {profile, permissions}: a copy of the profile as it is now, because later edits must not reach it. */
  constructor(agenda, { host, guest, terms }) {
    this.#agenda = agenda;
    this.host = host;
    this.guest = guest;
    this.terms = terms;
    this.state = 'pending';
    this.revision = 1;
    this.sentAt = agenda.now;
    this.deadline = agenda.now + LIFETIME_MS;
    this.#stopTimer = agenda.at(this.deadline, () => this.#end('expired'));
  }

  get pending() {
    return this.state === 'pending';
  }

  /** `observer(invitation, event)`, where event is `modified` or the final state. */
  observe(observer) {
    this.#observers.push(observer);
  }

  /** The deadline stays: a modified invitation is still the same invitation. */
  modify(terms) {
    if (!this.pending) return false;
    this.terms = terms;
    this.revision += 1;
    this.#tell('modified');
    return true;
  }

  cancel() {
    return this.#end('cancelled');
  }

  accept() {
    return this.#end('accepted');
  }

  reject() {
    return this.#end('rejected');
  }

  /** The only way out of `pending`, and there is no way back: all final states are absorbing by construction. */
  #end(state) {
    if (!this.pending) return false;
    this.state = state;
    this.#stopTimer();
    this.#tell(state);
    return true;
  }

  #tell(event) {
    for (const observer of this.#observers) this.#agenda.soon(() => observer(this, event));
  }
}

module.exports = { Invitation, LIFETIME_MS };
