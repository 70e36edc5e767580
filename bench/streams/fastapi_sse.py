"""FastAPI with sse-starlette's EventSourceResponse, as its documentation has it."""

import asyncio
import json
import time

from fastapi import FastAPI
from sse_starlette.sse import EventSourceResponse

app = FastAPI()


def told(i: int) -> str:
    event = {"i": i, "t": time.monotonic_ns(), "op": "append", "v": "流式 tok"}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


@app.get("/sse")
async def sse(n: int = 200, ms: int = 0, y: int = 0):
    async def events():
        for i in range(n):
            if ms and i:
                await asyncio.sleep(ms / 1000)
            elif y and not ms:
                await asyncio.sleep(0)
            yield {"data": told(i)}

    return EventSourceResponse(events())
