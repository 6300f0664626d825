'use strict';

const BoltDecoder = require('sofa-bolt-node/lib/decoder');
const headers = require('sofa-bolt-node/lib/simple_map_serializer');

/** Reports of a frame what sofa-bolt-node reads and drops: the headers, and a response's status. */
class Decoder extends BoltDecoder {
  _decode() {
    this._start = this._buf;
    return super._decode();
  }

  emit(event, frame, ...rest) {
    if (event === 'request' || event === 'response') {
      Object.assign(frame, fields(this._start, event));
    }
    return super.emit(event, frame, ...rest);
  }
}

/** Of a frame; the three lengths end its fixed part, which has two bytes more in version 2. */
function fields(frame, event) {
  const more = frame[0] === 2 ? 2 : 0;
  const fixed = more + (event === 'request' ? 22 : 20);
  const start = fixed + frame.readUInt16BE(fixed - 8);
  const end = start + frame.readUInt16BE(fixed - 6);
  return {
    headers: headers.decode(frame.slice(start, end)) || {},
    status: event === 'response' ? frame.readUInt16BE(more + 10) : undefined,
  };
}

module.exports = { Decoder };
