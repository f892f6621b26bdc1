"""Opens streams of /api/v1/live and takes what comes: port, how many, service token, `sse` or `websocket`.

Prints "READY" when all have begun, and ends when its input does.
"""

import asyncio
import os
import sys

PORT, COUNT, TOKEN, KIND = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
UPGRADE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)
REQUEST = (
    "GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\n"
    f"Authorization: Bearer {TOKEN}\r\n{UPGRADE if KIND == 'websocket' else ''}\r\n"
).encode()
PING, PONG = b"\x89\x00", b"\x8a\x80\0\0\0\0"


class Listener(asyncio.Protocol):
    begun = 0
    all_begun = None

    def connection_made(self, transport):
        self.transport, self.has_begun = transport, False
        transport.write(REQUEST)

    def data_received(self, data):
        if not self.has_begun and b"ready" in data:
            self.has_begun = True
            Listener.begun += 1
            if Listener.begun == COUNT:
                Listener.all_begun.set_result(None)
        if KIND == "websocket" and PING in data:
            self.transport.write(PONG)

    def connection_lost(self, error):
        print("LOST", flush=True)


async def main():
    loop = asyncio.get_running_loop()
    Listener.all_begun = loop.create_future()
    for _ in range(COUNT):
        await loop.create_connection(Listener, "127.0.0.1", PORT)
    await Listener.all_begun
    print("READY", flush=True)
    await loop.run_in_executor(None, sys.stdin.readline)
    os._exit(0)


asyncio.run(main())
