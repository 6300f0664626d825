'use strict';

// sofa-bolt-node by itself. Class names and headers are those of SOFA-RPC and contents are plain
// bytes: what peers in other languages understand without hessian.

const net = require('net');
const Connection = require('connection');
const bolt = require('sofa-bolt-node');
const headers = require('sofa-bolt-node/lib/simple_map_serializer');
const { Decoder } = require('./decoder');
const { echo, logger } = require('./peer');

const OK = 0;
const SERVER_EXCEPTION = 2;
const NO_PROCESSOR = 6;

// The code that stands for contents which are not bolt's to understand.
const CODEC = 'protobuf';
bolt.codec[CODEC] = {
  encode(buffer, command) {
    buffer.put(Buffer.from(String(command.obj)));
  },
  decode(buffer, className, { contentLen }) {
    return { content: buffer.read(contentLen).toString() };
  },
};

const protocol = {
  name: 'Bolt',
  encoder: options => bolt.encoder({ ...options, codecType: CODEC }),
  decoder: options => new Decoder(options),
};

class Command extends bolt.BaseRpcCmd {
  serializeHeader(buffer) {
    buffer.put(headers.encode(this.obj.headers));
  }

  serializeContent(buffer) {
    buffer.put(Buffer.from(this.obj.content));
  }
}

class Request extends Command {
  get className() {
    return 'com.alipay.sofa.rpc.core.request.SofaRequest';
  }
}

class Response extends Command {
  get className() {
    return 'com.alipay.sofa.rpc.core.response.SofaResponse';
  }

  get responseStatus() {
    return this.obj.status;
  }
}

class Refused extends Error {
  constructor(status) {
    super(`status ${status}`);
    this.name = 'Refused';
    this.status = status;
  }
}

class Client {
  constructor(connection) {
    this.connection = connection;
    this.closed = false;
    connection.once('close', () => { this.closed = true; });
  }

  async call(call) {
    const response = await this.connection.writeRequest(request(call));
    if (response.status !== OK) throw new Refused(response.status);
    return { content: response.data.content, headers: response.headers };
  }

  async oneway(call) {
    this.connection.oneway(request(call));
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

function request({ service, method, timeout, content, headers }) {
  const names = {
    service,
    sofa_head_target_service: service,
    sofa_head_method_name: method,
  };
  return new Request({ timeout, content, headers: { ...names, ...headers } });
}

async function connect(target) {
  const [ host, port ] = target.split(':');
  const socket = net.connect(Number(port), host);
  socket.setNoDelay(true);
  const connection = new Connection({ socket, protocol, logger, url: target, sentReqs: new Map() });
  const client = new Client(connection);
  // A connection that fails while it is made never gets ready.
  await Promise.race([
    connection.ready(),
    new Promise((_, reject) => socket.once('error', reject)),
  ]);
  return client;
}

async function serve(port, service, seen) {
  const connections = new Set();
  const server = net.createServer(socket => {
    socket.setNoDelay(true);
    const connection = new Connection({ socket, protocol, logger, sentReqs: new Map() });
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
    connection.on('request', request => answer(connection, request, service, seen));
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

async function answer(connection, request, service, seen) {
  const method = request.headers.sofa_head_method_name;
  seen.request(method, request.headers);
  let response;
  if (request.headers.service !== service || !(method in echo)) {
    response = { status: NO_PROCESSOR, content: '' };
  } else {
    response = await echo[method](request.data.content).then(
      content => ({ status: OK, content }),
      error => ({ status: SERVER_EXCEPTION, content: error.message })
    );
  }
  if (method === 'fire') return;
  const headers = { 'served-by': 'node-bolt' };
  // Fails for callers that have gone or given up.
  await connection.writeResponse(request, new Response({ ...response, headers })).catch(logger.warn);
}

const { version } = require('sofa-bolt-node/package.json');

module.exports = { name: `sofa-bolt-node ${version}`, connect, serve };
