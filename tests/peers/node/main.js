'use strict';

// Does what the lines on its standard input ask for, and answers each with a line.

const readline = require('readline');

// What libraries print goes to the log.
console.log = console.info = console.error;

const { Peer, Unsupported } = require('./peer');

const CRC = { protocolType: 'bolt2', boltVersion: 2, crcEnable: true };
const LIBRARIES = {
  'node-bolt': () => require('./bolt')('', {}),
  'node-bolt2': () => require('./bolt')(' with CRC', CRC),
  'node-dubbo': () => require('./dubbo'),
  'node-rpc': () => require('./rpc'),
  'node-smpp': () => require('./smpp'),
  'node-tars': () => require('./tars'),
};
const library = LIBRARIES[process.argv[2]]();

function answer(fields) {
  process.stdout.write(JSON.stringify(fields) + '\n');
}

async function perform(peer, op) {
  try {
    return await peer.perform(op);
  } catch (error) {
    if (error instanceof Unsupported) return { unsupported: error.message };
    console.error(error);
    return { failed: String(error) };
  }
}

// A library that throws where nothing can catch it must not take the other calls down.
process.on('uncaughtException', error => console.error('uncaught', error));
process.on('unhandledRejection', error => console.error('unhandled', error));

const peer = new Peer(library);
answer({ ready: true, library: library.name });
const lines = readline.createInterface({ input: process.stdin });
lines.on('line', async line => {
  const op = JSON.parse(line);
  answer({ ...await perform(peer, op), seq: op.seq });
});
// Servers and clients have sockets that would go on.
lines.on('close', () => process.exit(0));
