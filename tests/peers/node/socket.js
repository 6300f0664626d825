'use strict';

// Clients and servers for libraries that are no more than an encoder and a decoder: sockets of the
// npm package `connection`, which matches answers to requests.

const net = require('net');
const Connection = require('connection');
const { echo, logger } = require('./peer');

/**
 * A library by its wire:
 * - `name`: name and version
 * - `protocol`: encoder and decoder, as `connection` wants them
 * - `request(call)`: what the encoder wants for a call
 * - `answer(response)`: content and headers of what the decoder gives; throws what is an error
 * - `call(request)`: service, method, content and headers of what the decoder gives
 * - `response(outcome)`: what the encoder wants for a content, an exception or an unknown method
 */
module.exports = wire => ({
  name: wire.name,
  connect: target => connect(wire, target),
  serve: (port, service, seen) => serve(wire, port, service, seen),
});

class Client {
  constructor(wire, connection) {
    this.wire = wire;
    this.connection = connection;
    this.closed = false;
    connection.once('close', () => { this.closed = true; });
  }

  async call(call) {
    return this.wire.answer(await this.connection.writeRequest(this.wire.request(call)));
  }

  async oneway(call) {
    if (this.wire.oneway) this.wire.oneway();
    this.connection.oneway(this.wire.request(call));
  }

  async heartbeat(timeout) {
    await this.connection.writeHeartbeat({ timeout });
  }

  broken() {
    return this.closed;
  }

  close() {
    this.connection.socket.destroy();
  }
}

async function connect(wire, target) {
  const [ host, port ] = target.split(':');
  const socket = net.connect(Number(port), host);
  socket.setNoDelay(true);
  const { protocol } = wire;
  const connection = new Connection({ socket, protocol, logger, url: target, sentReqs: new Map() });
  const client = new Client(wire, connection);
  // A connection that fails while it is made never gets ready.
  await Promise.race([
    connection.ready(),
    new Promise((_, reject) => socket.once('error', reject)),
  ]);
  return client;
}

async function serve(wire, port, service, seen) {
  const connections = new Set();
  const server = net.createServer(socket => {
    socket.setNoDelay(true);
    const { protocol } = wire;
    const connection = new Connection({ socket, protocol, logger, sentReqs: new Map() });
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
    connection.on('request', request => answer(wire, connection, request, service, seen));
    connection.on('heartbeat', heartbeat => {
      seen.heartbeat();
      connection.writeHeartbeatAck(heartbeat).catch(logger.error);
    });
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    address: `127.0.0.1:${server.address().port}`,
    seen,
    close() {
      server.close();
      connections.forEach(connection => connection.socket.destroy());
    },
  };
}

async function answer(wire, connection, request, service, seen) {
  const call = wire.call(request);
  seen.request(call.method, call.headers, request.packetId);
  let outcome = { missing: `${call.service} has no ${call.method}` };
  if (call.service === service && call.method in echo) {
    outcome = await echo[call.method](call.content).then(
      content => ({ content }),
      exception => ({ exception })
    );
  }
  if (call.method === 'fire') return;
  // Fails for callers that have gone or given up.
  await connection.writeResponse(request, wire.response(outcome)).catch(logger.warn);
}
