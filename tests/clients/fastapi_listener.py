"""A minimal webhook listener as a course would write it: FastAPI, one path, prints what comes.

Prints one JSON line with its port, then one for each request. Ends with its standard input.
"""

import json
import os
import socket
import threading

import uvicorn
from fastapi import FastAPI, Request

app = FastAPI()


def say(line):
    print(json.dumps(line), flush=True)


@app.post("/events")
async def receive(request: Request):
    body = await request.body()
    say(
        {
            "path": request.url.path,
            "headers": dict(request.headers),
            "payload": await request.json(),
            "body": body.decode(),
        }
    )
    return {"status": "ok"}


def end_with_stdin():
    os.read(0, 1)
    os._exit(0)


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
threading.Thread(target=end_with_stdin, daemon=True).start()
say({"port": listener.getsockname()[1]})
uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])
