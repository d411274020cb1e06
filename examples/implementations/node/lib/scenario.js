'use strict';
/**
 * One closed world: its clock, its clients, and what their users can do. The operations are named as in the adapter
 * protocol and take parameters that have already been checked for their form.
 *
 * A refusal is thrown. All checks come before the first effect, so "refused" means "nothing happened" without
 * anything having to be undone.
 */

const { Agenda } = require('./agenda');
const { grouped, parseAddress } = require('./address');
const { Client } = require('./client');
const { Invitation, LIFETIME_MS } = require('./invitation');

class Refusal extends Error {
  constructor(reason, message) {
    super(message);
    this.reason = reason;
  }
}

function refuseIf(condition, reason, message) {
  if (condition) throw new Refusal(reason, message);
}

class Scenario {
  #byId = new Map();
  #byAlias = new Map();

  /** `stale` says how a click that comes too late is answered: `ok` (and nothing happens) or `refused`. */
  constructor(specs, { defects = new Set(), stale = 'ok' } = {}) {
    this.agenda = new Agenda();
    this.clients = new Map();
    this.defects = defects;
    this.stale = stale;
    for (const spec of specs) {
      const client = new Client(spec, defects);
      this.clients.set(spec.client, client);
      this.#byId.set(client.id, client);
      if (client.alias !== null) this.#byAlias.set(client.alias.toLowerCase(), client);
    }
  }

  /** Runs one operation and lets its deliveries happen, so that every client can see the outcome when it answers. */
  perform(operation, client, params) {
    try {
      return { ok: this[operation](client, params) ?? {} };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { refused: { reason: error.reason, message: error.message } };
    } finally {
      this.agenda.settle();
    }
  }

  view(client) {
    return client.view(this.agenda.now);
  }

  /* ---- menus and email ---- */

  'client.menu'(client) {
    return { entries: client.menu() };
  }

  /** A template in the browser and nothing else: no invitation exists, so there is nothing to wait for or to expire. */
  'invitation.email'(client, { entry }) {
    refuseIf(!client.offersEmail(entry), 'not-offered', `this client does not offer ${entry} for email`);
    const address = client.alias ?? grouped(client.id);
    const text = ['Hello,', '', 'please connect to my device with AnyDesk.', `My AnyDesk address: ${address}`,
      'If you do not have AnyDesk yet: https://anydesk.com/', ''].join('\n');
    return { opened_with: 'default-browser', text };
  }

  /* ---- the inviter ---- */

  'invitation.send'(host, { entry, to, profile }) {
    refuseIf(!host.online, 'client-offline', 'you are not connected to the network');
    const address = parseAddress(to);
    const guest = this.#resolve(address);
    // A contact need not be reachable, or even exist any more, to have a tile; its ID alone has to match then.
    refuseIf(!host.offersDirect(entry, guest?.id ?? address?.id), 'not-offered', `${entry} does not invite ${to} here`);
    refuseIf(!address, 'invalid-address', `"${to}" is neither an ID nor an alias`);
    refuseIf(!guest, 'unknown-recipient', `nobody has the address ${to}`);
    refuseIf(guest === host, 'self-invitation', 'this is your own address');
    refuseIf(!guest.direct, 'recipient-unsupported', 'the recipient needs AnyDesk 7 or later');
    refuseIf(!guest.online, 'recipient-offline', 'the recipient is offline');
    const terms = this.#chosenTerms(host, profile);
    refuseIf([...host.sent].some((other) => other.guest === guest), 'already-pending', 'this recipient is already invited');

    const invitation = new Invitation(this.agenda, { host, guest, terms });
    invitation.observe((which, event) => {
      if (event === 'accepted') this.#startSession(which);
    });
    this.agenda.soon(() => guest.receive(invitation));
    return { invitation: host.remember(invitation) };
  }

  'invitation.modify'(client, { invitation: name, profile }) {
    const invitation = this.#sentBy(client, name);
    if (!invitation.pending) return this.#tooLate(invitation);
    invitation.modify(this.#chosenTerms(client, profile));
  }

  'invitation.cancel'(client, { invitation: name }) {
    const invitation = this.#sentBy(client, name);
    if (!invitation.cancel()) return this.#tooLate(invitation);
  }

  /* ---- the recipient ---- */

  'invitation.accept'(client, { invitation: name }) {
    const invitation = this.#receivedBy(client, name);
    if (!invitation.accept()) return this.#tooLate(invitation);
  }

  'invitation.reject'(client, { invitation: name }) {
    const invitation = this.#receivedBy(client, name);
    if (!invitation.reject()) return this.#tooLate(invitation);
  }

  'popup.dismiss'(client, { invitation: name }) {
    // Not through #receivedBy: closing a window needs no network.
    const invitation = client.receivedNames.get(name);
    refuseIf(!invitation, 'unknown-invitation', 'there is no such pop-up');
    client.dismiss(invitation);
  }

  /* ---- sessions ---- */

  /** The ordinary Connect: it only rings at the other side, even where an invitation is pending between the two. */
  'session.request'(client, { to }) {
    refuseIf(!client.online, 'client-offline', 'you are not connected to the network');
    const address = parseAddress(to);
    refuseIf(!address, 'invalid-address', `"${to}" is neither an ID nor an alias`);
    const host = this.#resolve(address);
    refuseIf(!host, 'unknown-recipient', `nobody has the address ${to}`);
    refuseIf(host === client, 'self-invitation', 'this is your own address');
    refuseIf(!host.online, 'recipient-offline', 'the other side is offline');
    const at = this.agenda.now;
    this.agenda.soon(() => {
      if (!host.requests.has(client.id)) host.requests.set(client.id, at);
    });
  }

  'session.permit'(client, { session: name, permission, allowed }) {
    const session = client.sessionNames.get(name);
    refuseIf(!session || !client.sessions.has(session), 'unknown-session', 'there is no such session');
    refuseIf(session.host !== client, 'not-host', 'only the controlled side sets permissions');
    if (client.locked.has(permission)) {
      refuseIf(this.stale === 'refused', 'permission-locked', `${permission} is locked by this client's build`);
      return { note: 'locked by this client\'s build' }; // a greyed-out switch: clicking it is no error
    }
    if (allowed) session.permissions.add(permission);
    else session.permissions.delete(permission);
  }

  /* ---- the client itself ---- */

  /** Only the stored profile: invitations and sessions hold copies. */
  'profile.edit'(client, { profile: name, permissions }) {
    const profile = client.profiles.get(name);
    refuseIf(!profile, 'profile-unavailable', `there is no profile "${name}"`);
    profile.permissions = new Set(permissions);
  }

  'client.online'(client, { online }) {
    if (online === client.online) return;
    client.online = online;
    if (online) {
      for (const other of this.clients.values()) {
        for (const invitation of other.sent) if (invitation.guest === client) client.show(invitation);
      }
      return;
    }
    client.hideAll();
    // While the inviter is offline no answer can be confirmed, so the invitation is withdrawn.
    for (const invitation of [...client.sent]) invitation.cancel();
    for (const session of [...client.sessions]) {
      session.host.sessions.delete(session);
      session.guest.sessions.delete(session);
    }
  }

  /* ---- small things ---- */

  #resolve(address) {
    return address?.id !== undefined ? this.#byId.get(address.id) : this.#byAlias.get(address?.alias);
  }

  #chosenTerms(host, profile) {
    const terms = host.terms(profile);
    refuseIf(!terms, 'profile-unavailable', `there is no profile "${profile}", or it is disabled`);
    return terms;
  }

  #sentBy(client, name) {
    refuseIf(!client.online, 'client-offline', 'you are not connected to the network');
    refuseIf(client.receivedNames.get(name), 'not-inviter', 'only the inviter can change an invitation');
    const invitation = client.sentNames.get(name);
    refuseIf(!invitation, 'unknown-invitation', 'this client knows no such invitation');
    return invitation;
  }

  #receivedBy(client, name) {
    refuseIf(!client.online, 'client-offline', 'you are not connected to the network');
    refuseIf(client.sentNames.get(name), 'not-recipient', 'only the addressee can answer an invitation');
    const invitation = client.receivedNames.get(name);
    refuseIf(!invitation, 'unknown-invitation', 'this client knows no such invitation');
    return invitation;
  }

  #tooLate(invitation) {
    refuseIf(this.stale === 'refused', 'not-pending', `the invitation is ${invitation.state}`);
    return { note: `nothing to do: the invitation is ${invitation.state}` };
  }

  /** Called once per invitation, since a record is accepted at most once. The guest has no say in the permissions. */
  #startSession(invitation) {
    const { host, guest } = invitation;
    const session = { host, guest, permissions: host.withLocks(invitation.terms.permissions) };
    for (const side of [host, guest]) {
      side.sessionNames.give(session);
      side.sessions.add(session);
    }
  }
}

module.exports = { Scenario };
