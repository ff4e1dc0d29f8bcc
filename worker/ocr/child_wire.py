"""Messages between a parent and its child process: length-prefixed pickles on a socket, each with a deadline.

The channel is a socket of its own, so that whatever native code prints cannot damage a message.
"""

import pickle
import socket
import struct
import time

#: Seconds on the monotonic clock.
Deadline = float

HEADER = struct.Struct("!Q")
#: Bytes asked of the kernel at once.
CHUNK = 1 << 20


def send(channel: socket.socket, message: object, deadline: Deadline | None = None) -> None:
    """Sends one message. Raises TimeoutError, OSError when the other side is gone, or what pickling raises."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    _limit(channel, deadline)
    channel.sendall(HEADER.pack(len(body)))
    _limit(channel, deadline)
    channel.sendall(body)


def receive(channel: socket.socket, deadline: Deadline | None = None) -> object:
    """The next message. Raises EOFError when the other side is gone, TimeoutError, or what unpickling raises."""
    (length,) = HEADER.unpack(_exactly(channel, HEADER.size, deadline))
    return pickle.loads(_exactly(channel, length, deadline))


def _exactly(channel: socket.socket, count: int, deadline: Deadline | None) -> bytearray:
    body = bytearray()
    while len(body) < count:
        _limit(channel, deadline)
        part = channel.recv(min(CHUNK, count - len(body)))
        if not part:
            raise EOFError("the other side closed the channel")
        body += part
    return body


def _limit(channel: socket.socket, deadline: Deadline | None) -> None:
    if deadline is None:
        channel.settimeout(None)
        return
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the deadline has passed")
    channel.settimeout(left)
