"""Calls of gRPC as bytes on an HTTP/2 connection in the clear: what no gRPC client would send can be sent."""
import base64, dataclasses, socket, struct, urllib.parse
import h2.config, h2.connection, h2.events
from google.rpc.status_pb2 import Status

EXPORT_TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
EXPORT_LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
EXPORT_METRICS = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"
SECONDS = 60


def frame(message, is_compressed=False):
    return struct.pack(">BI", is_compressed, len(message)) + message


@dataclasses.dataclass
class Answer:
    # HTTP's, and of the trailers gRPC's.
    http_status: int
    status: int | None
    message: str
    # Fields of the head and the trailers.
    fields: dict
    # The answer's message out of its frame; None without one.
    body: bytes | None

    @property
    def details(self):
        text = self.fields["grpc-status-details-bin"]
        return Status.FromString(base64.b64decode(text + "=" * (-len(text) % 4)))


def call(port, body, *headers, key=None, path=EXPORT_TRACES, content_type="application/grpc"):
    """One call; `body` are all its bytes, framed by whoever sends them. `headers` are lines."""
    lines = [f"content-type: {content_type}", "te: trailers", *headers, *([f"authorization: Bearer {key}"] if key else [])]
    sent = [(":method", "POST"), (":path", path), (":scheme", "http"), (":authority", "localhost"), *(tuple(line.split(": ", 1)) for line in lines)]
    fields, answer = exchange(port, sent, body)
    status = fields.get("grpc-status")
    if status is not None and answer:
        assert answer[:5] == struct.pack(">BI", 0, len(answer) - 5), "exactly one message, not compressed"
    return Answer(
        int(fields[":status"]), None if status is None else int(status), urllib.parse.unquote(fields.get("grpc-message", "")), fields,
        answer[5:] if status is not None and answer else answer or None)


def exchange(port, headers, body):
    """(fields of head and trailers, body) of the answer, which may come before all is sent."""
    connection = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as stream:
        connection.initiate_connection()
        connection.send_headers(1, headers)
        fields, answer, sent = {}, b"", 0
        while True:
            while sent is not None and (room := min(connection.local_flow_control_window(1), connection.max_outbound_frame_size)) > 0:
                piece = body[sent:sent + room]
                sent += len(piece)
                connection.send_data(1, piece, end_stream=sent == len(body))
                stream.sendall(connection.data_to_send())
                if sent == len(body):
                    sent = None
            stream.sendall(connection.data_to_send())
            data = stream.recv(1 << 16)
            if not data:
                raise EOFError("the server closed the connection")
            for event in connection.receive_data(data):
                match event:
                    case h2.events.ResponseReceived() | h2.events.TrailersReceived():
                        fields.update(event.headers)
                    case h2.events.DataReceived():
                        answer += event.data
                        connection.acknowledge_received_data(event.flow_controlled_length, 1)
                    case h2.events.StreamEnded():
                        return fields, answer
                    case h2.events.StreamReset() | h2.events.ConnectionTerminated():
                        raise ConnectionResetError(str(event))
