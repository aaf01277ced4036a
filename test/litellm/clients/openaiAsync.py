"""The asynchronous official client."""

import asyncio

from openai import AsyncOpenAI
from report import KEY, MODEL, OUTPUTS, TOOLS, URL, async_refusal, in_order, inside, logs_of, picture, python

RUN = {"model": MODEL, "tools": TOOLS, "include": OUTPUTS}


async def at_once():
    """Two runs at the same time, each in a container of its own."""
    async with AsyncOpenAI(base_url=URL, api_key=KEY, max_retries=0) as client:
        create = client.responses.create
        pair = [create(**RUN, input=python(f"import time\nmine = {n}\ntime.sleep(0.2)\nprint(mine)")) for n in (1, 2)]
        first, second = await asyncio.gather(*pair)
        return {
            "logs": [logs_of(first), logs_of(second)],
            "apart": first.output[0].container_id != second.output[0].container_id,
        }


async def streamed_and_downloaded():
    async with AsyncOpenAI(base_url=URL, api_key=KEY, max_retries=0) as client:
        async with client.responses.stream(**RUN, input="Create a pie chart of market share and save as PNG") as stream:
            order = in_order([event.type async for event in stream])
            response = await stream.get_final_response()
        container_id = response.output[0].container_id
        files = {}
        async for file in client.containers.files.list(container_id, limit=1):
            content = client.containers.files.content.with_streaming_response
            async with content.retrieve(file.id, container_id=container_id) as download:
                files[file.path] = {
                    "id": file.id,
                    "container_id": file.container_id,
                    **picture(await download.read()),
                }
        return {"order": order, "files": files}


async def given_up():
    """A task that is cancelled closes its request, which ends the run."""
    async with AsyncOpenAI(base_url=URL, api_key=KEY, max_retries=0) as client:
        container = await client.containers.create(name="given up")
        run = {**RUN, "tools": inside(container.id)}
        await client.responses.create(**run, input=python("kept = 1"))
        running = asyncio.Event()

        async def follow():
            async for event in await client.responses.create(**run, input=python("while True: pass"), stream=True):
                if event.type == "response.code_interpreter_call.interpreting":
                    running.set()

        endless = asyncio.create_task(follow())
        await running.wait()
        endless.cancel()
        await asyncio.wait([endless])
        after = await client.responses.create(**run, input=python("print(kept)"))
        await client.containers.delete(container.id)
        return {
            "cancelled": endless.cancelled(),
            "logs": logs_of(after),
            "gone": await async_refusal(client.containers.retrieve(container.id)),
        }


SCENARIOS = [at_once, streamed_and_downloaded, given_up]
