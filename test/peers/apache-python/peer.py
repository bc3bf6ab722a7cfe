# Apache Thrift's own server and client for Python, over code that Apache's own compiler generated: `serve` prints its ports, `call` makes
# calls and prints what came. First argument: the folder of the generated code.

import json
import sys
import threading
import time

sys.path.insert(0, sys.argv[1])

from apache import Apache  # noqa: E402
from apache.ttypes import Oops  # noqa: E402
from thrift.protocol.TBinaryProtocol import TBinaryProtocolFactory  # noqa: E402
from thrift.protocol.TCompactProtocol import TCompactProtocolFactory  # noqa: E402
from thrift.server.TServer import TThreadedServer  # noqa: E402
from thrift.Thrift import TApplicationException  # noqa: E402
from thrift.transport.TSocket import TServerSocket, TSocket  # noqa: E402
from thrift.transport.TTransport import TBufferedTransport, TBufferedTransportFactory, TFramedTransport, TFramedTransportFactory  # noqa: E402

transports = {'framed': TFramedTransportFactory, 'buffered': TBufferedTransportFactory}
protocols = {'binary': TBinaryProtocolFactory, 'compact': TCompactProtocolFactory}


class Handler:
    def __init__(self):
        self.fired = []

    def Echo(self, all):
        return all

    def Add(self, a, b):
        return a + b

    def Nothing(self):
        pass

    def Throw(self, code):
        if code == 0:
            return 'nothing thrown'
        raise Oops(code, 'asked for')

    def Fail(self):
        raise TApplicationException(TApplicationException.INTERNAL_ERROR, 'plain failure')

    def Fire(self, msg):
        self.fired.append(msg)

    def Fired(self):
        return self.fired

    def Sleep(self, ms):
        time.sleep(ms / 1000)
        return ms


class Loopback(TServerSocket):
    """Listens once, before its port is told."""

    def listen(self):
        if self.handle is None:
            super().listen()


def serve():
    handler = Handler()
    ports = {}
    for transport, transport_factory in transports.items():
        for protocol, protocol_factory in protocols.items():
            socket = Loopback(host='127.0.0.1', port=0)
            socket.listen()
            ports[f'{transport} {protocol}'] = socket.handle.getsockname()[1]
            server = TThreadedServer(Apache.Processor(handler), socket, transport_factory(), protocol_factory(), daemon=True)
            threading.Thread(target=server.serve, daemon=True).start()
    print(json.dumps({'ports': ports}), flush=True)
    sys.stdin.read()


def told(work):
    try:
        return {'ok': work()}
    except Oops as oops:
        return {'error': 'Oops', 'code': oops.code, 'why': oops.why}
    except TApplicationException as error:
        return {'error': 'TApplicationException', 'type': error.type, 'message': error.message}


def call(address, transport, protocol):
    host, port = address.split(':')
    around = {'framed': TFramedTransport, 'buffered': TBufferedTransport}[transport](TSocket(host, int(port)))
    client = Apache.Client(protocols[protocol]().getProtocol(around))
    around.open()
    print(json.dumps({
        'add': told(lambda: str(client.Add(9007199254740993, 1))),
        'nothing': told(client.Nothing),
        'thrown': told(lambda: client.Throw(7)),
        'failed': told(client.Fail),
    }))
    around.close()


if sys.argv[2] == 'serve':
    serve()
else:
    call(*sys.argv[3:6])
