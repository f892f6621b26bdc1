"""A WebSocket client (websockets) for tests.

Prints what it hears, a line of JSON each: {"message": …}, {"pong": true}, {"closed": code}, {"refused": status}. Does
what it reads, a line of JSON each. Ends when its input does, and after two minutes in any case.
"""

import asyncio
import json
import signal
import sys

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus


def say(**what):
    print(json.dumps(what), flush=True)


async def listen(socket):
    try:
        while True:
            say(message=await socket.recv(decode=True))
    except ConnectionClosed:
        say(closed=socket.close_code)


async def obey(socket, commands):
    async for line in commands:
        command = json.loads(line)
        if "text" in command:
            await socket.send(command["text"])
        elif "bytes" in command:  # as they are, right or wrong
            socket.transport.write(bytes.fromhex(command["bytes"]))
        elif "ping" in command:
            await (await socket.ping())
            say(pong=True)
        elif "close" in command:
            await socket.close(command["close"])
        elif "cut" in command:
            socket.transport.abort()
        elif command["deaf"]:
            socket.transport.pause_reading()
        else:
            socket.transport.resume_reading()


async def main(url, origin, headers):
    commands = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(commands), sys.stdin
    )
    try:
        socket = await connect(url, origin=origin or None, additional_headers=headers)
    except InvalidStatus as refusal:
        say(refused=refusal.response.status_code)
        return
    listening = asyncio.create_task(listen(socket))
    await obey(socket, commands)
    listening.cancel()


signal.alarm(120)
asyncio.run(main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3])))
