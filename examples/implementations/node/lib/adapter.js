'use strict';
/** From one line of JSON-RPC to one answer, and the order in which calls may come. Knows nothing of invitations. */

const { Scenario } = require('./scenario');
const { BadParams, isObject, shapes } = require('./shapes');

const PROTOCOL = 1;
const CODE = { parse: -32700, request: -32600, method: -32601, params: -32602, version: 1001, fault: 1003, order: 1005, unknown: 1006 };

class RpcError extends Error {
  constructor(code, message, data) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

class Adapter {
  #phase = 'new'; // -> 'ready' -> 'done'
  #scenarios = new Map();
  #options;

  constructor(options) {
    this.#options = options;
  }

  /** Returns the answer as an object, or null where JSON-RPC wants none. */
  answerTo(line) {
    let request;
    try {
      request = JSON.parse(line);
    } catch {
      return this.failure(null, new RpcError(CODE.parse, 'not valid JSON'));
    }
    const id = isObject(request) && ['string', 'number'].includes(typeof request.id) ? request.id : null;
    try {
      if (!isObject(request) || request.jsonrpc !== '2.0' || typeof request.method !== 'string') {
        throw new RpcError(CODE.request, 'not a JSON-RPC 2.0 request');
      }
      if (!Object.hasOwn(request, 'id')) return null; // a notification: nothing in this protocol is one
      return { jsonrpc: '2.0', id, result: this.#call(request.method, request.params ?? {}) };
    } catch (error) {
      return this.failure(id, error);
    }
  }

  failure(id, error) {
    if (!(error instanceof RpcError)) console.error(error); // a bug of ours: the report should show where
    const { code = CODE.fault, message, data } = error instanceof RpcError ? error : { message: `adapter fault: ${error.message}` };
    return { jsonrpc: '2.0', id, error: data === undefined ? { code, message } : { code, message, data } };
  }

  unreadable(why) {
    return this.failure(null, new RpcError(CODE.parse, why));
  }

  #call(method, params) {
    if (!Object.hasOwn(shapes, method)) throw new RpcError(CODE.method, `there is no method ${method}`);
    try {
      shapes[method](params, '');
    } catch (error) {
      if (error instanceof BadParams) throw new RpcError(CODE.params, error.message);
      throw error;
    }
    const expected = method === 'initialize' ? 'new' : 'ready';
    if (this.#phase !== expected) throw new RpcError(CODE.order, `${method} is out of order`);

    switch (method) {
      case 'initialize': return this.#initialize(params);
      case 'scenario.begin': return this.#begin(params);
      case 'scenario.end': return this.#end(params);
      case 'shutdown':
        this.#phase = 'done';
        return {};
      default: return this.#inScenario(method, params);
    }
  }

  #initialize({ protocol }) {
    if (protocol !== PROTOCOL) throw new RpcError(CODE.version, `protocol ${protocol} is not spoken here`, { supported: [PROTOCOL] });
    this.#phase = 'ready';
    return {
      protocol: PROTOCOL,
      implementation: { name: 'node-observers', version: '1.0.0', language: 'javascript', runtime: process.version },
      clock: 'virtual',
      resolution_ms: 1,
      settle_ms: 0,
      parallel: true, // scenarios share nothing, so any number may be open
      capabilities: ['menu', 'direct', 'popup', 'tiles', 'email', 'session-permissions', 'profile-edit', 'presence'],
      declines: [],
    };
  }

  #begin({ scenario, clients }) {
    if (this.#scenarios.has(scenario)) throw new RpcError(CODE.order, `scenario ${scenario} is already open`);
    this.#scenarios.set(scenario, new Scenario(clients, this.#options));
    return {};
  }

  #end({ scenario }) {
    this.#find(scenario);
    this.#scenarios.delete(scenario);
    return {};
  }

  #inScenario(method, params) {
    const scenario = this.#find(params.scenario);
    if (method === 'clock.advance') {
      if (!Number.isSafeInteger(scenario.agenda.now + params.ms)) throw new RpcError(CODE.params, 'ms leads beyond the end of time');
      scenario.agenda.advance(params.ms);
      return { now_ms: scenario.agenda.now };
    }
    const client = scenario.clients.get(params.client);
    if (!client) throw new RpcError(CODE.unknown, `unknown client ${params.client}`);
    return method === 'client.view' ? scenario.view(client) : scenario.perform(method, client, params);
  }

  #find(name) {
    const scenario = this.#scenarios.get(name);
    if (!scenario) throw new RpcError(CODE.unknown, `unknown scenario ${name}`);
    return scenario;
  }
}

module.exports = { Adapter };
