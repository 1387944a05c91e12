"""A TCP relay that holds every byte back for a while: a slow wide-area link without netem.

usage: relay.py DELAY_MS LISTEN_ADDRESS:PORT TARGET_ADDRESS:PORT [...more pairs]

Each direction is delayed by DELAY_MS, and so is the connection itself, as on a real link. Ends
when its standard input does.
"""

import asyncio
import sys

CHUNK_BYTES_MAX = 64 * 1024


async def forward(reader, writer, delay):
    """Passes bytes on in order, each chunk `delay` seconds after it came."""
    loop = asyncio.get_running_loop()
    queue = asyncio.Queue(maxsize=1024)

    async def receive():
        while data := await reader.read(CHUNK_BYTES_MAX):
            await queue.put((loop.time() + delay, data))
        await queue.put((loop.time() + delay, b""))

    task = asyncio.create_task(receive())
    try:
        while True:
            due, data = await queue.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if not data:
                break
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        task.cancel()
        writer.close()


async def serve(listen, target, delay):
    host, port = target.rsplit(":", 1)

    async def accept(reader, writer):
        await asyncio.sleep(2 * delay)  # the handshake crosses the link twice
        try:
            far_reader, far_writer = await asyncio.open_connection(host, int(port))
        except OSError:
            writer.close()
            return
        await asyncio.gather(
            forward(reader, far_writer, delay), forward(far_reader, writer, delay)
        )

    address, listen_port = listen.rsplit(":", 1)
    await asyncio.start_server(accept, address, int(listen_port))


async def main():
    delay = float(sys.argv[1]) / 1000
    pairs = sys.argv[2:]
    for listen, target in zip(pairs[::2], pairs[1::2]):
        await serve(listen, target, delay)
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
