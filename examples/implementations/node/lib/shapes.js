'use strict';
/**
 * What the parameters of each call must look like. Only form is judged here (-32602); whether a well-formed call
 * makes sense is for the scenario, whose answer to nonsense is a refusal. Hence `to`, `entry` and `profile` are just
 * strings here: a malformed address or an unknown menu entry is something a user can try. Unknown fields pass.
 */

const { ALIAS, ID, VERSION } = require('./address');
const { CONTACT_LISTS, PERMISSIONS } = require('./client');

class BadParams extends Error {}

function must(holds, what, where) {
  if (!holds) throw new BadParams(`${where} must be ${what}`);
}

const where = (parent, key) => (parent ? `${parent}.${key}` : key);
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value, at) => must(typeof value === 'string', 'a string', at);
const name = (value, at) => must(typeof value === 'string' && value.length >= 1 && value.length <= 512, 'a string of 1 to 512 characters', at);
const flag = (value, at) => must(typeof value === 'boolean', 'true or false', at);
const integer = (value, at) => must(Number.isSafeInteger(value), 'an integer', at);
const duration = (value, at) => must(Number.isSafeInteger(value) && value >= 0, 'a whole number of milliseconds, not negative', at);
const anObject = (value, at) => must(isObject(value), 'an object', at);
const matching = (pattern, what) => (value, at) => must(typeof value === 'string' && pattern.test(value), what, at);
const oneOf = (...values) => (value, at) => must(values.includes(value), `one of ${values.join(', ')}`, at);
const orNull = (shape) => (value, at) => value === null || shape(value, at);

const optional = (shape) => Object.assign((value, at) => value === undefined || shape(value, at), { optional: true });

const list = (shape) => (value, at) => {
  must(Array.isArray(value), 'a list', at);
  value.forEach((item, index) => shape(item, `${at}[${index}]`));
};

const object = (fields) => (value, at) => {
  anObject(value, at || 'params');
  for (const [key, shape] of Object.entries(fields)) {
    must(shape.optional || Object.hasOwn(value, key), 'given', where(at, key));
    shape(value[key], where(at, key));
  }
};

const distinct = (values, what) => {
  must(new Set(values).size === values.length, 'distinct', what);
};

const id = matching(ID, 'an ID of 9 or 10 digits');
const permission = oneOf(...PERMISSIONS);

const locks = (value, at) => {
  anObject(value, at);
  for (const [key, locked] of Object.entries(value)) {
    permission(key, where(at, key));
    flag(locked, where(at, key));
  }
};

const client = object({
  client: name,
  id,
  alias: optional(orNull(matching(ALIAS, 'an alias (name@namespace) or null'))),
  version: matching(VERSION, 'a version (major.minor.patch)'),
  platform: oneOf('windows', 'macos', 'linux', 'android', 'ios'),
  profiles: list(object({ name: text, permissions: list(permission), enabled: optional(flag) })),
  locked: optional(locks),
  online: optional(flag),
  contacts: optional(object(Object.fromEntries(CONTACT_LISTS.map((key) => [key, optional(list(id))])))),
});

const begin = (value, at) => {
  object({ scenario: name, clients: list(client) })(value, at);
  const { clients } = value;
  // Addresses resolve to exactly one client, or the network would have no answer to "who is this".
  distinct(clients.map((c) => c.client), 'clients[].client');
  distinct(clients.map((c) => c.id), 'clients[].id');
  distinct(clients.flatMap((c) => (c.alias ? [c.alias.toLowerCase()] : [])), 'clients[].alias');
  clients.forEach((c, i) => distinct(c.profiles.map((p) => p.name), `clients[${i}].profiles[].name`));
};

const byClient = (fields) => object({ scenario: name, client: name, ...fields });

module.exports = {
  BadParams,
  isObject,
  shapes: {
    initialize: object({ protocol: integer, harness: optional(anObject) }),
    'scenario.begin': begin,
    'scenario.end': object({ scenario: name }),
    shutdown: object({}),
    'clock.advance': object({ scenario: name, ms: duration }),
    'client.view': byClient({}),
    'client.menu': byClient({}),
    'invitation.email': byClient({ entry: text }),
    'invitation.send': byClient({ entry: text, to: text, profile: text }),
    'invitation.modify': byClient({ invitation: text, profile: text }),
    'invitation.cancel': byClient({ invitation: text }),
    'invitation.accept': byClient({ invitation: text }),
    'invitation.reject': byClient({ invitation: text }),
    'session.request': byClient({ to: text }),
    'session.permit': byClient({ session: text, permission, allowed: flag }),
    'popup.dismiss': byClient({ invitation: text }),
    'profile.edit': byClient({ profile: text, permissions: list(permission) }),
    'client.online': byClient({ online: flag }),
  },
};
