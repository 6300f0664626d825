'use strict';

const SERVICE = 'test.EchoService:1.0';
const ERRORS_TOLD = 5;
/** More than the calls of a load. */
const LAST_IDS = 4096;

/** The library cannot do this. */
class Unsupported extends Error {}

/** A library as server and as client. */
class Peer {
  constructor(library) {
    this.library = library;
    this.servers = new Map();
    this.clients = new Map();
  }

  async perform(op) {
    switch (op.op) {
      case 'serve': return this.serve(op);
      case 'stop': return this.stop(op);
      case 'seen': return this.servers.get(op.address).seen.take();
      case 'load': return this.load(op);
      case 'call': return this.call(op);
      case 'oneway':
        await (await this.client(op)).oneway({ ...callOf(op), method: 'fire' });
        return { outcome: 'ok' };
      case 'heartbeat': return this.heartbeat(op);
      case 'disconnect':
        this.drop(op.target);
        return {};
      default: throw new Unsupported('no such operation');
    }
  }

  async serve({ address = '127.0.0.1:0' }) {
    const port = Number(address.split(':')[1]);
    const server = await this.library.serve(port, SERVICE, new Seen());
    this.servers.set(server.address, server);
    return { address: server.address };
  }

  async stop(op) {
    const server = this.servers.get(op.address);
    this.servers.delete(op.address);
    await server.close();
    return {};
  }

  async load(op) {
    // Clients of its own: the number of connections is part of the test.
    const clients = [];
    const summary = { ok: 0, wrong: 0, failed: 0, errors: [] };
    const { calls = 1, callers = 1, connections = 1 } = op;
    let next = 0;
    const caller = async () => {
      while (next < calls) {
        const n = next++;
        const call = { ...callOf(op), content: content(n, op.size) };
        try {
          const got = await clients[n % clients.length].call(call);
          summary[got.content === call.content ? 'ok' : 'wrong']++;
        } catch (error) {
          summary.failed++;
          if (summary.errors.length < ERRORS_TOLD) summary.errors.push(shortened(error));
        }
      }
    };
    try {
      while (clients.length < connections) clients.push(await this.library.connect(op.target));
      await Promise.all(Array.from({ length: callers }, caller));
    } finally {
      clients.forEach(client => client.close());
    }
    return summary;
  }

  async call(op) {
    const call = callOf(op);
    try {
      const client = await this.client(op);
      const { content, headers } = await client.call(call);
      return content === call.content
        ? { outcome: 'ok', headers }
        : { outcome: 'wrong', headers, text: shortened(content) };
    } catch (error) {
      if (error instanceof Unsupported) throw error;
      const text = shortened(error.message);
      return { outcome: 'error', error: error.name, text, status: error.status };
    }
  }

  async heartbeat(op) {
    const client = await this.client(op);
    try {
      await client.heartbeat(op.timeout);
      return { outcome: 'ok' };
    } catch (error) {
      if (error instanceof Unsupported) throw error;
      return { outcome: 'error', error: error.name, text: shortened(error.message) };
    }
  }

  /** The one that stays connected from call to call. */
  async client({ target }) {
    const known = this.clients.get(target);
    if (known && !(await known).broken()) return known;
    this.drop(target);
    // Stored before it is there: calls at the same time are to share it.
    const client = this.library.connect(target);
    this.clients.set(target, client);
    client.catch(() => this.clients.delete(target));
    return client;
  }

  drop(target) {
    const client = this.clients.get(target);
    this.clients.delete(target);
    if (client) client.then(client => client.close(), () => {});
  }
}

/** What a server has received since it was last asked. */
class Seen {
  constructor() {
    this.reset();
  }

  reset() {
    Object.assign(this, { calls: 0, oneways: 0, heartbeats: 0, headers: [], ids: [] });
  }

  request(method, headers, id) {
    this[method === 'fire' ? 'oneways' : 'calls']++;
    this.headers = [ ...this.headers, headers ].slice(-16);
    this.ids = [ ...this.ids, id ].slice(-LAST_IDS);
  }

  heartbeat() {
    this.heartbeats++;
  }

  take() {
    const { calls, oneways, heartbeats, headers, ids } = this;
    this.reset();
    return { calls, oneways, heartbeats, headers, ids };
  }
}

function callOf(op) {
  const { method = 'echo', service = SERVICE, delay = 0, timeout = 3000, headers = {} } = op;
  const own = content(op.seq, op.size);
  return { method, service, timeout, headers, content: method === 'slow' ? `${delay}:${own}` : own };
}

/** A text of so many bytes that no other call has, if there is room for it. */
function content(n, size = 64) {
  // Spreads small numbers over all digits.
  const mark = (Math.imul(n, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return mark.repeat(size / mark.length + 1).slice(0, size);
}

function shortened(text) {
  return String(text).replace(/\n/g, ' ').slice(0, 200);
}

/** The service; the content of `slow` starts with the milliseconds that it is to take. */
const echo = {
  async echo(content) {
    return content;
  },
  async fail() {
    throw new Error('this method fails');
  },
  async slow(content) {
    await new Promise(resolve => setTimeout(resolve, parseInt(content)));
    return content;
  },
  async fire() {
    return null;
  },
};

const logger = { info() {}, debug() {}, warn: console.error, error: console.error };

module.exports = { Peer, Unsupported, echo, logger };
