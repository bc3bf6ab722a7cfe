"""grpcio as a server: the Peer service of peer.proto, with reflection. One JSON line on stdout tells the port; it ends when stdin closes."""

import json
import os
import sys
import threading
import time
from concurrent import futures

import grpc
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_reflection.v1alpha import reflection
from grpc_status import rpc_status

import peer_pb2
import peer_pb2_grpc

CODES = {code.value[0]: code for code in grpc.StatusCode}


def echo_metadata(context):
    """What begins with x- comes back as header, and in the trailer with t- before it."""
    pairs = [(key, value) for key, value in context.invocation_metadata() if key.startswith("x-")]
    context.send_initial_metadata(pairs)
    context.set_trailing_metadata([("t-" + key, value) for key, value in pairs])


def echo(request):
    reply = peer_pb2.EchoReply()
    reply.ParseFromString(request.SerializeToString())
    return reply


class Peer(peer_pb2_grpc.PeerServicer):
    def __init__(self):
        self.cancelled = 0
        self.counted = 0

    def Echo(self, request, context):
        echo_metadata(context)
        return echo(request)

    def Sleep(self, request, context):
        left = context.time_remaining()
        until = time.monotonic() + request.ms / 1000
        while time.monotonic() < until:
            if not context.is_active():
                self.cancelled += 1
                return peer_pb2.SleepReply()
            time.sleep(0.005)
        return peer_pb2.SleepReply(left_ms=-1 if left is None else int(left * 1000))

    def Fail(self, request, context):
        if not request.details:
            context.abort(CODES[request.code], request.message)
        detail = any_pb2.Any()
        detail.Pack(error_details_pb2.BadRequest(field_violations=[error_details_pb2.BadRequest.FieldViolation(field="user.name", description="empty")]))
        context.abort_with_status(rpc_status.to_status(status_pb2.Status(code=request.code, message=request.message, details=[detail])))

    def Meta(self, request, context):
        echo_metadata(context)
        pairs = [peer_pb2.Pair(key=key, value=value if isinstance(value, bytes) else value.encode()) for key, value in context.invocation_metadata()]
        return peer_pb2.MetaReply(pairs=pairs)

    def Big(self, request, context):
        return peer_pb2.BigReply(data=bytes(request.bytes))

    def Sum(self, request_iterator, context):
        total = peer_pb2.Total()
        for number in request_iterator:
            if number.value < 0:
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, "a number below 0")
            total.sum += number.value
            total.count += 1
        return total

    def Count(self, request, context):
        echo_metadata(context)
        self.count_cancelled(context)
        data = bytes(request.bytes)
        for index in range(request.count):
            if 0 < request.fail_after == index:
                context.abort(grpc.StatusCode.FAILED_PRECONDITION, "enough")
            if request.every_ms > 0:
                time.sleep(request.every_ms / 1000)
            self.counted += 1
            yield peer_pb2.CountReply(index=index, data=data)
        context.kite_done = True

    def count_cancelled(self, context):
        """The generator is simply no longer asked once its client is gone; a code is set when it ended by itself."""

        def ended():
            if context.code() is None and not getattr(context, "kite_done", False):
                self.cancelled += 1

        context.add_callback(ended)

    def Chat(self, request_iterator, context):
        for request in request_iterator:
            if request.text == "end":
                return
            if request.text == "fail":
                context.abort(grpc.StatusCode.ABORTED, "asked for")
            yield echo(request)

    def State(self, request, context):
        return peer_pb2.StateReply(cancelled=self.cancelled, counted=self.counted)


def exit_when_orphaned():
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    threading.Thread(target=exit_when_orphaned, daemon=True).start()
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16), options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)])
    peer_pb2_grpc.add_PeerServicer_to_server(Peer(), server)
    names = [service.full_name for service in peer_pb2.DESCRIPTOR.services_by_name.values()] + [reflection.SERVICE_NAME]
    reflection.enable_server_reflection(names, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(json.dumps({"ports": {"grpc": port}}), flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main()
