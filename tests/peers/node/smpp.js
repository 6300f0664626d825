'use strict';

// npm smpp as client and as message centre: the digest of a message is what its answer has as message id.

const crypto = require('crypto');
const smpp = require('smpp');
const { Unsupported, echo } = require('./peer');

const BIND_MS = 5000;
/** Longer messages are optional parameters. */
const SHORT = 254;
const METHODS = { missing: 'none' };
const HEADERS = [ 'source_addr' ];
/** The alphabet of 8-bit binary. */
const BINARY = 4;
const { ESME_ROK, ESME_RSUBMITFAIL, ESME_RINVSERTYP } = smpp.errors;

class Refused extends Error {
  constructor(status) {
    super(`status ${status}`);
    this.name = 'Refused';
    this.status = status;
  }
}

function digest(content) {
  return crypto.createHash('sha256').update(content).digest('hex');
}

class Client {
  constructor(session) {
    this.session = session;
    this.waiting = new Set();
    this.closed = false;
    session.on('close', () => {
      this.closed = true;
      this.waiting.forEach(reject => reject(new Error('the connection has ended')));
    });
  }

  async call({ service, method, timeout, content, headers }) {
    if (Object.keys(headers).some(header => !HEADERS.includes(header))) {
      throw new Unsupported('SMPP has no headers of a user');
    }
    const message = Buffer.from(content);
    const { message_id: id } = await this.ask('submit_sm', timeout, {
      service_type: METHODS[method] || method,
      destination_addr: service,
      source_addr: headers.source_addr || 'peers',
      data_coding: BINARY,
      ...message.length > SHORT ? { message_payload: message } : { short_message: message },
    });
    return { content: id === digest(message) ? content : id };
  }

  async oneway() {
    throw new Unsupported('SMPP has one-way calls of a message centre only');
  }

  async heartbeat(timeout) {
    await this.ask('enquire_link', timeout, {});
  }

  ask(command, timeout, fields) {
    return new Promise((resolve, reject) => {
      const fail = error => {
        clearTimeout(timer);
        this.waiting.delete(fail);
        reject(error);
      };
      const timer = setTimeout(() => fail(new Error('no answer')), timeout);
      this.waiting.add(fail);
      const sent = this.session[command](fields, answer => {
        clearTimeout(timer);
        this.waiting.delete(fail);
        const { command_status: status } = answer;
        if (status !== ESME_ROK) reject(new Refused(status));
        else resolve(answer);
      });
      if (!sent) fail(new Error('the connection has ended'));
    });
  }

  broken() {
    return this.closed;
  }

  close() {
    this.session.destroy();
  }
}

async function connect(target) {
  const session = smpp.connect({ url: `smpp://${target}` });
  session.socket.setNoDelay(true);
  await new Promise((resolve, reject) => {
    session.once('connect', resolve);
    session.once('error', reject);
  });
  session.on('error', console.error);
  const client = new Client(session);
  try {
    await client.ask('bind_transceiver', BIND_MS, { system_id: 'peers', password: 'secret' });
  } catch (error) {
    client.close();
    throw error;
  }
  return client;
}

async function submit(session, pdu, service, seen) {
  const method = pdu.service_type;
  const { source_addr, user_message_reference } = pdu;
  seen.request(method, { source_addr, user_message_reference }, pdu.sequence_number);
  const sent = pdu.message_payload || pdu.short_message;
  const content = Buffer.from(sent.message).toString();
  let answer = { command_status: ESME_RINVSERTYP };
  if (pdu.destination_addr === service && method in echo) {
    answer = await echo[method](content).then(
      () => ({ message_id: digest(content) }),
      () => ({ command_status: ESME_RSUBMITFAIL })
    );
  }
  session.send(pdu.response(answer));
}

async function serve(port, service, seen) {
  const server = smpp.createServer(session => {
    session.socket.setNoDelay(true);
    session.on('error', console.error);
    session.on('bind_transceiver', pdu => session.send(pdu.response({ system_id: 'centre' })));
    session.on('submit_sm', pdu => submit(session, pdu, service, seen));
    session.on('enquire_link', pdu => {
      seen.heartbeat();
      session.send(pdu.response());
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
      server.sessions.forEach(session => session.destroy());
    },
  };
}

const { version } = require('smpp/package.json');

module.exports = { name: `smpp ${version}`, connect, serve };
