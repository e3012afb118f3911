"""WebSocket frames over a bare socket, for what no client library would send."""
import base64, hashlib, os, socket, struct
from harness.raw import Connection

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(opcode, payload=b"", final=True, masked=True, reserved=0):
    """A frame as a client sends it."""
    head = bytes([(0x80 if final else 0) | reserved << 4 | opcode])
    mask, length = 0x80 if masked else 0, len(payload)
    if length < 126:
        head += bytes([mask | length])
    elif length < 65536:
        head += bytes([mask | 126]) + struct.pack(">H", length)
    else:
        head += bytes([mask | 127]) + struct.pack(">Q", length)
    if not masked:
        return head + payload
    key = os.urandom(4)
    return head + key + bytes(byte ^ key[index & 3] for index, byte in enumerate(payload))


class RawWebSocket(Connection):
    """`status` is the answer to the handshake; 101 when the rest is frames."""

    def __init__(self, server, path, *headers, seconds=60, receive_buffer=None):
        super().__init__(server.port, seconds)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        key = base64.b64encode(os.urandom(16))
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                 f"Sec-WebSocket-Key: {key.decode()}", *headers, "", ""]
        self.send("\r\n".join(lines).encode())
        head = self.head().decode("latin-1")
        self.status = int(head.split()[1])
        if self.status == 101:
            accept = base64.b64encode(hashlib.sha1(key + MAGIC).digest()).decode()
            assert f"sec-websocket-accept: {accept}".lower() in head.lower(), head

    def _read(self, count):
        while len(self.buffer) < count:
            self._receive()
        piece, self.buffer = self.buffer[:count], self.buffer[count:]
        return piece

    def receive(self):
        """(opcode, payload) of the next frame."""
        first, second = self._read(2)
        assert first & 0xf0 == 0x80 and second < 128, "frames of servers are whole and not masked"
        length = second
        if length == 126:
            length, = struct.unpack(">H", self._read(2))
        elif length == 127:
            length, = struct.unpack(">Q", self._read(8))
        return first & 15, self._read(length)

    def close_code(self):
        """Reads to the close frame and answers its code and reason."""
        while True:
            opcode, payload = self.receive()
            if opcode == CLOSE:
                return struct.unpack(">H", payload[:2])[0], payload[2:].decode()
