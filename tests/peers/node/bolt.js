'use strict';

// sofa-bolt-node by itself. Class names and headers are those of SOFA-RPC and contents are plain
// bytes: what peers in other languages understand without hessian.

const bolt = require('sofa-bolt-node');
const headers = require('sofa-bolt-node/lib/simple_map_serializer');
const { Decoder } = require('./decoder');
const socket = require('./socket');

const OK = 0;
const SERVER_EXCEPTION = 2;
const NO_PROCESSOR = 6;

// The code for contents which are not bolt's to understand.
const CODEC = 'protobuf';
bolt.codec[CODEC] = {
  encode(buffer, command) {
    buffer.put(Buffer.from(String(command.obj)));
  },
  decode(buffer, className, { contentLen }) {
    return { content: buffer.read(contentLen).toString() };
  },
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

function request({ service, method, timeout, content, headers }) {
  const names = {
    service,
    sofa_head_target_service: service,
    sofa_head_method_name: method,
  };
  return new Request({ timeout, content, headers: { ...names, ...headers } });
}

function answer({ status, data, headers, options }, settings) {
  if (status !== OK) throw new Refused(status);
  insist(options, settings);
  return { content: data.content, headers };
}

function call({ headers, data, options }, settings) {
  insist(options, settings);
  const { service, sofa_head_method_name: method } = headers;
  return { service, method, content: data.content, headers };
}

/** The library checks a CRC that is there, and is content without. */
function insist({ crcEnable }, settings) {
  if (settings.crcEnable && !crcEnable) throw new Error('a frame without CRC');
}

function response({ content, exception }) {
  const headers = { 'served-by': 'node-bolt' };
  if (content !== undefined) return new Response({ status: OK, content, headers });
  const status = exception ? SERVER_EXCEPTION : NO_PROCESSOR;
  return new Response({ status, content: exception ? exception.message : '', headers });
}

const { version } = require('sofa-bolt-node/package.json');

/** The library with these settings of its encoder; a server answers as it is asked. */
module.exports = (about, settings) => socket({
  name: `sofa-bolt-node ${version}${about}`,
  protocol: {
    name: 'Bolt',
    encoder: options => Object.assign(bolt.encoder({ ...options, codecType: CODEC }), settings),
    decoder: options => new Decoder(options),
  },
  request,
  answer: frame => answer(frame, settings),
  call: frame => call(frame, settings),
  response,
});
