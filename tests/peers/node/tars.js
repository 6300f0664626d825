'use strict';

// @tars/rpc, with stubs that do what those of its generator do.

const tars = require('@tars/rpc');
const { TarsInputStream, TarsOutputStream } = require('@tars/stream');
const { echo } = require('./peer');

const { SUCCESS } = tars.error;
const { FUNC_NOT_FOUND, SERVANT_NOT_FOUND } = tars.error.SERVER;
/** Of the protocol; the library has no name for it. */
const UNKNOWN_ERROR = -99;

const ONE_WAY = 1;
const PING = 'tars_ping';

/** Tags of a result and of the only parameter. */
const RESULT = 0;
const PARAMETER = 1;

class Refused extends Error {
  constructor({ code, message }) {
    super(message);
    this.name = `Refused ${code}`;
  }
}

class Client {
  constructor(target) {
    // The module's own is everybody's: clients are to have connections of their own.
    this.communicator = tars.Communicator.New();
    this.target = target;
    this.proxies = new Map();
  }

  async call({ service, method, timeout, content, headers }) {
    const { sBuffer, context } = await this.invoke(service, timeout, method, text(PARAMETER, content), headers);
    return {
      content: new TarsInputStream(sBuffer).readString(RESULT, true),
      headers: context.toObject(),
    };
  }

  async oneway({ service, method, content, headers }) {
    const property = { context: headers, packetType: ONE_WAY };
    const { _worker: worker } = this.proxy(service);
    // The library rejects all of them, with a code if one could not be sent.
    await worker.tars_invoke(method, text(PARAMETER, content), property).catch(({ error }) => {
      if (error.code !== undefined) throw new Refused(error);
    });
  }

  async heartbeat(timeout) {
    const { sBuffer } = await this.invoke(PING, timeout, PING, new TarsOutputStream().getBinBuffer());
    const result = new TarsInputStream(sBuffer).readInt32(RESULT, true);
    if (result !== 0) throw new Error(`${PING} returned ${result}`);
  }

  async invoke(service, timeout, method, parameters, context) {
    const proxy = this.proxy(service);
    proxy.setTimeout(timeout);
    try {
      return (await proxy._worker.tars_invoke(method, parameters, { context })).response;
    } catch ({ error }) {
      throw new Refused(error);
    }
  }

  broken() {
    return false;
  }

  close() {
    // The library's own `destroy` leaves the connections open for a while.
    for (const { _worker: worker } of this.proxies.values()) {
      worker._manager._adapters.forEach(adapter => adapter._vTrans.forEach(trans => trans.close()));
    }
  }

  proxy(service) {
    let proxy = this.proxies.get(service);
    if (!proxy) {
      const [ host, port ] = this.target.split(':');
      const name = `${service}@tcp -h ${host} -p ${port} -t 60000`;
      proxy = this.communicator.stringToProxy(tars.ServantProxy, name);
      // Calls that fail on purpose must not keep the next ones from being sent.
      proxy._worker.setCheckTimeoutInfo({ frequenceFailInvoke: Infinity, minTimeoutInvoke: Infinity });
      this.proxies.set(service, proxy);
    }
    return proxy;
  }
}

function text(tag, content) {
  const out = new TarsOutputStream();
  out.writeString(tag, content);
  return out.getBinBuffer();
}

async function connect(target) {
  return new Client(target);
}

/** The class of the servants that answer on one port. */
function servant(service, seen) {
  return class {
    initialize() {}

    onDispatch(current, method, parameters) {
      if (method === PING) {
        seen.heartbeat();
        const out = new TarsOutputStream();
        out.writeInt32(RESULT, 0);
        current.doResponse(out.getBinBuffer());
        return SUCCESS;
      }
      const { sServantName: name } = current.getRequest();
      seen.request(method, current.getContext().toObject(), current.getRequestId());
      if (name !== service) return SERVANT_NOT_FOUND;
      if (!(method in echo)) return FUNC_NOT_FOUND;
      current.setResponseContext({ 'served-by': 'node-tars' });
      echo[method](new TarsInputStream(parameters).readString(PARAMETER, true)).then(
        content => current.doResponse(text(RESULT, content || '')),
        error => current.sendErrorResponse(UNKNOWN_ERROR, error.message)
      );
      return SUCCESS;
    }
  };
}

async function serve(port, service, seen) {
  const server = tars.server.createServer(servant(service, seen));
  server.start({
    name: service,
    servant: service,
    endpoint: `tcp -h 127.0.0.1 -p ${port} -t 60000`,
    protocol: 'tars',
  });
  const { _listener: listener } = server._server._adapters[0]._netthread;
  await new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.once('listening', resolve);
  });
  return {
    address: `127.0.0.1:${listener.address().port}`,
    seen,
    close: () => server.stop(),
  };
}

const { version } = require('@tars/rpc/package.json');

module.exports = { name: `@tars/rpc ${version}`, connect, serve };
