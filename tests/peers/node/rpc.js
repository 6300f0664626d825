'use strict';

// sofa-rpc-node: contents in hessian.

const net = require('net');
const bolt = require('sofa-bolt-node');
const { RpcClient } = require('sofa-rpc-node').client;
const { RpcServer } = require('sofa-rpc-node').server;
const config = require('sofa-rpc-node/lib/client/dynamic_config').instance;
const RpcConnection = require('sofa-rpc-node/lib/server/connection');
const { Decoder } = require('./decoder');
const { Unsupported, echo, logger } = require('./peer');

// Calls that fail on purpose must not keep the next ones from being sent.
config.circuitBreaker.forceClosed = true;

class Client {
  constructor(target) {
    this.target = target;
    this.client = new RpcClient({ logger });
    this.consumers = new Map();
  }

  async call({ service, method, timeout, content, headers }) {
    const consumer = this.consumer(service);
    const args = [{ $class: 'java.lang.String', $: content }];
    const requestProps = { service, ...headers };
    const options = { responseTimeout: timeout, requestProps };
    return { content: await consumer.invoke(method, args, options) };
  }

  async oneway() {
    throw new Unsupported('sofa-rpc-node waits for an answer to every call');
  }

  async heartbeat() {
    throw new Unsupported('sofa-rpc-node sends heartbeats on idle connections by itself, never on demand');
  }

  broken() {
    return false;
  }

  close() {
    this.client.close().catch(logger.error);
  }

  consumer(service) {
    let consumer = this.consumers.get(service);
    if (!consumer) {
      const [ interfaceName, version ] = service.split(':');
      consumer = this.client.createConsumer({ interfaceName, version, serverHost: this.target });
      this.consumers.set(service, consumer);
    }
    return consumer;
  }
}

async function connect(target) {
  const client = new Client(target);
  client.client.on('error', logger.error);
  return client;
}

/** On the loopback interface; the library itself listens on all. */
class Server extends RpcServer {
  _startServer(port) {
    const server = net.createServer(socket => this._handleSocket(socket));
    server.once('error', error => this.emit('error', error));
    server.listen(port, '127.0.0.1', () => { this.publishPort = server.address().port; });
    return server;
  }
}

async function serve(port, service, seen) {
  class Watched extends RpcConnection {
    _handleHeartbeat(heartbeat) {
      seen.heartbeat();
      super._handleHeartbeat(heartbeat);
    }
  }
  const server = new Server({
    appName: 'peers',
    logger,
    port,
    connectionClass: Watched,
    protocol: { ...bolt, decoder: options => new Decoder(options) },
    // A proxy may share a connection among callers whose classes differ.
    disableDecodeCache: true,
  });
  const sockets = new Set();
  server.on('connection', ({ socket }) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', ({ req }) => seen.request(req.data.methodName, headersOf(req), req.packetId));
  server.on('error', logger.error);
  const [ interfaceName, version ] = service.split(':');
  server.addService({ interfaceName, version }, echo);
  await server.start();
  return {
    address: `127.0.0.1:${server.publishPort}`,
    seen,
    async close() {
      sockets.forEach(socket => socket.destroy());
      await server.close();
    },
  };
}

/** Those of the frame, and the properties of the call that only its content has. */
function headersOf(request) {
  const props = Object.entries(request.data.requestProps || {});
  const texts = props.filter(([ , value ]) => typeof value === 'string');
  return { ...Object.fromEntries(texts), ...request.headers };
}

const { version } = require('sofa-rpc-node/package.json');

module.exports = { name: `sofa-rpc-node ${version}`, connect, serve };
