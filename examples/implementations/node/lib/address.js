'use strict';
/** IDs, aliases and versions: the three notations that are compared by meaning and not letter by letter. */

const ID = /^[0-9]{9,10}$/;
// Ten digits do not divide by three. The documents do not say which end keeps the odd digit, so both are understood.
const GROUPED_ID = /^([0-9]{3}( [0-9]{3}){2}( [0-9])?|[0-9]( [0-9]{3}){3})$/;
const ALIAS = /^[0-9a-zA-Z._-]{1,25}@[0-9a-zA-Z.-]{1,63}$/;
const VERSION = /^[0-9]+\.[0-9]+\.[0-9]+$/;

/** Returns {id} or {alias} in the form used for comparing, or null if the text is no address at all. */
function parseAddress(text) {
  if (ID.test(text)) return { id: text };
  if (GROUPED_ID.test(text)) return { id: text.replaceAll(' ', '') };
  if (ALIAS.test(text)) return { alias: text.toLowerCase() };
  return null;
}

/** As people read it: groups of three, the odd digit in front. */
function grouped(id) {
  return id.replace(/\B(?=([0-9]{3})+$)/g, ' ');
}

/** Seven is the only threshold in the flow, so the major number decides; as a number, since "10" < "7" as text. */
function atLeastSeven(version) {
  return Number(version.split('.')[0]) >= 7;
}

module.exports = { ALIAS, ID, VERSION, atLeastSeven, grouped, parseAddress };
