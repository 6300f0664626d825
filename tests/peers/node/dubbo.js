'use strict';

// dubbo-remoting by itself: contents in hessian.

const dubbo = require('dubbo-remoting');
const { Unsupported } = require('./peer');
const socket = require('./socket');

class Thrown extends Error {
  constructor(error) {
    super(error.message);
    this.name = error.$class || error.name;
  }
}

function request({ service, method, timeout, content, headers }) {
  return {
    serverSignature: service,
    methodName: method,
    args: [ content ],
    requestProps: headers,
    timeout,
  };
}

function answer({ data }) {
  if (data.error) throw new Thrown(data.error);
  return { content: data.appResponse };
}

function call({ data }) {
  const { serverSignature: service, methodName: method, args, requestProps: headers } = data;
  return { service, method, content: args[0], headers };
}

function response({ content, exception, missing }) {
  if (missing) return { isError: true, errorMsg: missing };
  return { appResponse: exception || content };
}

const { version } = require('dubbo-remoting/package.json');

module.exports = socket({
  name: `dubbo-remoting ${version}`,
  protocol: dubbo,
  request,
  answer,
  call,
  response,
  oneway() {
    throw new Unsupported('dubbo-remoting asks for an answer to every call');
  },
});
