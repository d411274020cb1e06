'use strict';
/** One AnyDesk client: what it is, what it remembers, and what its user sees. */

const { atLeastSeven } = require('./address');

const PERMISSIONS = ['view', 'input', 'clipboard', 'files', 'audio', 'recording', 'restart', 'block-input',
  'privacy-mode', 'tcp-tunnel'];
const CONTACT_LISTS = ['favorites', 'recent-sessions', 'discovery', 'address-book'];
const EMAIL_LINK = 'invitation-email-link';
const EMAIL_MENU = 'id-menu.invite-via-email';

/**
 * Ids as this client knows them. Ids of other clients for the same thing are not accepted, so an
 * id that leaks to a stranger is worth nothing. Names are never reused and outlive what they name: a click on a
 * notification that is just disappearing is still understood.
 */
class Names {
  #things = new Map();

  constructor(prefix) {
    this.prefix = prefix;
  }

  give(thing) {
    const name = `${this.prefix}/${this.#things.size + 1}`;
    this.#things.set(name, thing);
    return name;
  }

  get(name) {
    return this.#things.get(name);
  }

  of(thing) {
    for (const [name, named] of this.#things) if (named === thing) return name;
    return undefined;
  }
}

class Client {
  constructor(spec, defects) {
    this.id = spec.id;
    this.alias = spec.alias ?? null;
    this.platform = spec.platform;
    this.direct = atLeastSeven(spec.version); // both for sending and for being invited
    this.online = spec.online ?? true;
    this.profiles = new Map(spec.profiles.map((p) => [p.name, { enabled: p.enabled ?? true, permissions: new Set(p.permissions) }]));
    this.locked = new Map(Object.entries(spec.locked ?? {}));
    this.contacts = new Map(CONTACT_LISTS.map((list) => [list, spec.contacts?.[list] ?? []]));

    this.sentNames = new Names(`${this.id}/out`);
    this.receivedNames = new Names(`${this.id}/in`);
    this.sessionNames = new Names(`${this.id}/session`);

    this.sent = new Set(); // pending ones only: an ended invitation leaves the inviter's list
    this.received = new Set(); // the list in the client
    this.popups = new Set();
    this.dismissed = new Set(); // so that a closed pop-up is not raised again, whatever arrives later
    this.sessions = new Set();
    this.requests = new Map(); // caller's ID -> instant; a second call of the same caller is the same request

    this.defects = defects;
  }

  /* ---- what the menus offer ---- */

  menu() {
    if (this.platform !== 'windows' && !this.defects.has('menu-everywhere')) return [];
    if (!this.direct) return [{ entry: EMAIL_LINK }, { entry: EMAIL_MENU }];
    const tiles = [...this.contacts].flatMap(([list, ids]) => ids.map((contact) => ({ entry: `tile.${list}`, contact })));
    return [{ entry: 'invitation-icon' }, { entry: EMAIL_MENU }, ...tiles];
  }

  offersEmail(entry) {
    return (entry === EMAIL_LINK || entry === EMAIL_MENU) && this.menu().some((item) => item.entry === entry);
  }

  /** `contact` is the ID the address stands for, or undefined: a tile invites its own contact and no other. */
  offersDirect(entry, contact) {
    if (entry === EMAIL_LINK || entry === EMAIL_MENU) return false;
    return this.menu().some((item) => item.entry === entry && (item.contact === undefined || item.contact === contact));
  }

  /* ---- permissions of this device ---- */

  /** What a profile grants at this moment, or null if the user cannot choose it. Always a copy. */
  terms(name) {
    const profile = this.profiles.get(name);
    return profile?.enabled ? { profile: name, permissions: new Set(profile.permissions) } : null;
  }

  /** The lock belongs to the build of the host, so it has the last word over any profile, in both directions. */
  withLocks(permissions) {
    return new Set(PERMISSIONS.filter((p) => this.locked.get(p) ?? permissions.has(p)));
  }

  /* ---- as inviter ---- */

  remember(invitation) {
    this.sent.add(invitation);
    invitation.observe((which, event) => {
      if (event !== 'modified') this.sent.delete(which);
    });
    return this.sentNames.give(invitation);
  }

  /* ---- as recipient: two surfaces, each an observer of its own ---- */

  receive(invitation) {
    this.receivedNames.give(invitation);
    invitation.observe((which, event) => {
      if (event !== 'modified') this.received.delete(which);
    });
    invitation.observe((which, event) => {
      if (event === 'modified') return; // the pop-up says who invites, which a modification does not change
      this.popups.delete(which);
    });
    this.show(invitation);
  }

  show(invitation) {
    this.received.add(invitation);
    if (!this.dismissed.has(invitation)) this.popups.add(invitation);
  }

  dismiss(invitation) {
    this.dismissed.add(invitation);
    this.popups.delete(invitation);
  }

  /** Without the network there is nothing to answer, so the surfaces go; the caller shows again what is left. */
  hideAll() {
    this.received.clear();
    this.popups.clear();
  }

  /* ---- what its user sees ---- */

  view(now) {
    const notice = (invitation, surface, more) => ({
      invitation: this.receivedNames.of(invitation),
      surface,
      ...more,
      from: { id: invitation.host.id, alias: this.defects.has('alias-left-out') ? null : invitation.host.alias },
      actions: surface === 'popup' && this.defects.has('popup-only-rejects') ? ['reject'] : ['accept', 'reject'],
      remaining_ms: invitation.deadline - now,
    });
    return {
      notifications: [
        ...[...this.popups].map((invitation) => notice(invitation, 'popup', { corner: 'bottom-right' })),
        ...[...this.received].map((invitation) => notice(invitation, 'client', {})),
      ],
      invitations: [...this.sent].map((invitation) => ({
        invitation: this.sentNames.of(invitation),
        to: invitation.guest.id,
        profile: invitation.terms.profile,
        state: invitation.state,
        revision: invitation.revision,
        sent_at_ms: invitation.sentAt,
      })),
      sessions: [...this.sessions].map((session) => ({
        session: this.sessionNames.of(session),
        host: session.host.id,
        guest: session.guest.id,
        permissions: [...session.permissions],
        role: session.host === this ? 'controlled' : 'controlling',
      })),
      requests: [...this.requests].map(([from, at]) => ({ from, at_ms: at })),
      seen_at_ms: now,
    };
  }
}

module.exports = { CONTACT_LISTS, Client, PERMISSIONS };
