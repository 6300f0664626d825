'use strict';

const BoltDecoder = require('sofa-bolt-node/lib/decoder');
const headers = require('sofa-bolt-node/lib/simple_map_serializer');

/** Tells of a frame what sofa-bolt-node reads and drops: the headers, and a response's status. */
class Decoder extends BoltDecoder {
  _decode() {
    this._start = this._buf;
    return super._decode();
  }

  emit(event, frame, ...rest) {
    if (event === 'request' || event === 'response') {
      Object.assign(frame, fields(this._start, event === 'request' ? 22 : 20));
    }
    return super.emit(event, frame, ...rest);
  }
}

/** Of a bolt v1 frame; the three lengths end its fixed part. */
function fields(frame, fixed) {
  const start = fixed + frame.readUInt16BE(fixed - 8);
  const end = start + frame.readUInt16BE(fixed - 6);
  return {
    headers: headers.decode(frame.slice(start, end)) || {},
    status: fixed === 20 ? frame.readUInt16BE(10) : undefined,
  };
}

module.exports = { Decoder };
