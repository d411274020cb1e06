// An adapter for invitelab: a call on each line of stdin, its answer on stdout.
'use strict';

console.log = console.error; // what you print goes to stderr, and into reports
const LATER = ['direct', 'popup', 'tiles', 'session-permissions', 'profile-edit', 'presence'];
let clients = {};
let nowMs = 0;

// Declare a capability in initialize, then write its methods here.
const methods = {
  initialize: () => ({
    protocol: 1,
    implementation: { name: 'acme', version: '0.1', language: 'javascript' },
    // virtual: time passes in clock.advance only, so that two minutes take no time.
    // real: your own timers run, the suite waits, and clock.advance is never called.
    clock: 'virtual',
    capabilities: ['menu', 'email'], // session.request is still missing
    declines: LATER.map((capability) => ({ capability, reason: 'not yet' })),
  }),

  // Start a new world, at time zero, with these clients and nothing else.
  'scenario.begin': (call) => {
    clients = Object.fromEntries(call.clients.map((client) => [client.client, client]));
    nowMs = 0;
    return {};
  },

  // End that world; no further call is about it.
  'scenario.end': () => ({}),

  shutdown: () => ({}),

  // Advance the clock, and answer once all that is due by then has happened.
  'clock.advance': ({ ms }) => {
    nowMs += ms;
    return { now_ms: nowMs };
  },

  // All that the user of a client sees.
  'client.view': () => ({ notifications: [], invitations: [], sessions: [], requests: [] }),

  // Where the user of a client can start an invitation: only on Windows.
  'client.menu': ({ client }) => {
    const windows = clients[client].platform === 'windows';
    return { ok: { entries: windows ? [{ entry: 'id-menu.invite-via-email' }] : [] } };
  },

  // The email that opens. To refuse, answer { refused: { reason: '...' } }.
  'invitation.email': ({ client }) => {
    const text = `Connect to ${clients[client].id}: https://anydesk.com`;
    return { ok: { opened_with: 'default-browser', text } };
  },
};

// Answers any line; the error code tells how far it was understood.
async function respond(line) {
  let id = null;
  let code = -32700;
  try {
    const request = JSON.parse(line);
    code = -32600;
    id = request.id ?? null;
    code = typeof request.method === 'string' ? -32601 : code;
    if (!Object.hasOwn(methods, request.method)) throw new Error(`no method ${request.method}`);
    code = 1004;
    return { jsonrpc: '2.0', id, result: await methods[request.method](request.params ?? {}) };
  } catch (error) {
    if (code === 1004) console.error(error);
    return { jsonrpc: '2.0', id, error: { code, message: String(error) } };
  }
}

let rest = '';
process.stdin.setEncoding('utf8').on('data', async (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) process.stdout.write(`${JSON.stringify(await respond(line))}\n`);
});
