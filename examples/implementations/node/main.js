#!/usr/bin/env node
'use strict';
/** The command: options, and lines in and out. Standard output carries the protocol only; all else goes to stderr. */

const { parseArgs } = require('node:util');
const { Adapter } = require('./lib/adapter');

const DEFECTS = ['alias-left-out', 'menu-everywhere', 'popup-only-rejects'];

function options() {
  try {
    const { values } = parseArgs({
      options: { break: { type: 'string', multiple: true, default: [] }, stale: { type: 'string', default: 'ok' } },
    });
    const unknown = values.break.find((name) => !DEFECTS.includes(name));
    if (unknown !== undefined) throw new Error(`--break knows ${DEFECTS.join(', ')}, not "${unknown}"`);
    if (!['ok', 'refused'].includes(values.stale)) throw new Error('--stale is ok or refused');
    return { defects: new Set(values.break), stale: values.stale };
  } catch (error) {
    console.error(error.message);
    return process.exit(2); // not started at all: better than running as something one was not asked to be
  }
}

const adapter = new Adapter(options());
const utf8 = new TextDecoder('utf-8', { fatal: true });

function say(answer) {
  if (answer !== null) process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function take(line) {
  let decoded;
  try {
    decoded = utf8.decode(line);
  } catch {
    say(adapter.unreadable('not UTF-8'));
    return;
  }
  // A carriage return before the line feed is blank to JSON.parse as well, so only emptiness has to be looked at.
  if (decoded.trim() !== '') say(adapter.answerTo(decoded));
}

// Split as bytes: a chunk may end in the middle of a character, but 0x0A is never a part of one.
let rest = Buffer.alloc(0);
process.stdin.on('data', (chunk) => {
  let data = Buffer.concat([rest, chunk]);
  for (let end = data.indexOf(0x0a); end >= 0; end = data.indexOf(0x0a)) {
    take(data.subarray(0, end));
    data = data.subarray(end + 1);
  }
  rest = data;
});
process.stdin.on('end', () => take(rest));
// The harness may be gone before the last answer is written; that is its right and no reason for a stack trace.
process.stdout.on('error', () => process.exit(0));
