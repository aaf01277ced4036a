"""Runs with the official client, plain and streamed."""

import base64
import json
import time
from functools import cache
from pathlib import PurePosixPath

import openai
from checked import RESPONSE, STREAM_EVENT, complaints, unknown_fields
from openai import OpenAI
from report import KEY, MODEL, OUTPUTS, TOOLS, URL, described, in_order, inside, logs_of, picture, python

client = OpenAI(base_url=URL, api_key=KEY, max_retries=0)
RUN = {"model": MODEL, "tools": TOOLS, "include": OUTPUTS}
VISUALIZATION = "Generate sample sales data CSV and create a visualization"
ONE_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="


@cache
def shared_run():
    """Runs in one container, for scenarios that do not care where: to start a Python takes longest."""
    return {**RUN, "tools": inside(client.containers.create(name="shared").id)}


def versions():
    return {"openai": openai.__version__, "models": [model.id for model in client.models.list()]}


def download_all(container_id):
    """LiteLLM's page, "Get Generated File Content", with the names that are there: list, then fetch each."""
    files = client.containers.files.list(container_id=container_id)
    return {
        PurePosixPath(file.path).name: {
            "id": file.id,
            "container_id": file.container_id,
            **picture(client.containers.files.content.retrieve(file.id, container_id=container_id).read()),
        }
        for file in files.data
    }


def plain():
    """LiteLLM's page, "API (OpenAI SDK)"."""
    raw = client.responses.with_raw_response.create(
        model=MODEL, tools=TOOLS, input="Calculate the first 20 fibonacci numbers and plot them"
    )
    response = raw.parse()
    call, message = response.output
    return {
        "id": response.id,
        "classes": [type(call).__name__, type(message).__name__, type(message.content[0]).__name__],
        "outputs": call.outputs,
        "text": response.output_text,
        "container_id": call.container_id,
        "annotations": [[type(one).__name__, one.to_dict()] for one in message.content[0].annotations],
        "files": download_all(call.container_id),
        "same": json.loads(raw.http_response.text) == response.to_dict(),
        "complaints": complaints(RESPONSE, response),
        "unknown": sorted(unknown_fields(response)),
        "request_id": [response._request_id, raw.headers.get("x-request-id")],
    }


def streamed():
    """LiteLLM's page, "Streaming", looked at event by event."""
    events = list(client.responses.create(**RUN, input=VISUALIZATION, stream=True))
    response = events[-1].response
    call, message = response.output
    of = {}
    for event in events:
        of.setdefault(event.type, []).append(event)
    added = of["response.output_text.annotation.added"]
    image = next(output for output in call.outputs if output.type == "image")
    return {
        "order": in_order(event.type for event in events),
        "classes": sorted({f"{event.type} {type(event).__name__}" for event in events}),
        "numbers": [event.sequence_number for event in events] == list(range(len(events))),
        "complaints": sorted({one for event in events for one in complaints(STREAM_EVENT, event)}),
        "unknown": sorted({one for event in events for one in unknown_fields(event)}),
        "code": len({
            "".join(event.delta for event in of["response.code_interpreter_call_code.delta"]),
            of["response.code_interpreter_call_code.done"][0].code,
            of["response.output_item.done"][0].item.code,
            call.code,
        }),
        "text": len({
            "".join(event.delta for event in of["response.output_text.delta"]),
            of["response.output_text.done"][0].text,
            response.output_text,
        }),
        "annotations": [event.annotation for event in added]
        == [annotation.to_dict() for annotation in message.content[0].annotations],
        "items": [event.item.to_dict() for event in of["response.output_item.done"]]
        == [item.to_dict() for item in response.output],
        "status": response.status,
        "image": [type(image).__name__, picture(base64.b64decode(image.url.removeprefix("data:image/png;base64,")))],
        "cited": [annotation.file_id for annotation in message.content[0].annotations],
        "files": download_all(call.container_id),
    }


def helped():
    """`responses.stream`, which follows the events and complains of those it cannot place."""
    with client.responses.stream(**shared_run(), input=python('print("over the helper")\n6 * 7')) as stream:
        events = list(stream)
        response = stream.get_final_response()
    return {
        "order": in_order(event.type for event in events),
        "snapshot": [event.snapshot for event in events if event.type == "response.output_text.delta"][-1:],
        "class": type(response.output[0]).__name__,
        "logs": logs_of(response),
        "text": response.output_text,
    }


def chained():
    """Goes on in the container of an answer: by its id, by the container's, and by sending its items back."""
    first = client.responses.create(**RUN, input=python('kept = 41\nopen("/mnt/data/kept.txt", "w").write("kept")'))
    go_on = python('print(kept + 1, open("/mnt/data/kept.txt").read())')
    container_id = first.output[0].container_id
    by_id = client.responses.create(**RUN, input=go_on, previous_response_id=first.id)
    question = {"role": "user", "content": go_on}
    seen = {
        "container_id": container_id,
        "by_id": [logs_of(by_id), by_id.output[0].container_id == container_id],
        "retrieved": [
            logs_of(client.responses.retrieve(by_id.id, include=OUTPUTS)),
            client.responses.retrieve(by_id.id).output[0].outputs,
        ],
        "deleted": client.responses.delete(by_id.id),
    }
    try:
        by_items = client.responses.create(**RUN, input=[*first.output, question])
        seen["by_items"] = [logs_of(by_items), by_items.output[0].container_id == container_id]
    except openai.BadRequestError as error:
        seen["by_items"] = described(error)
    return seen


def attached():
    """An input of parts: a file with its bytes, a picture, words."""
    table = base64.b64encode(b"region,amount\nnorth,10\nsouth,32\n").decode()
    code = python('import csv\nprint(sum(int(row["amount"]) for row in csv.DictReader(open("/mnt/data/amounts.csv"))))')
    response = client.responses.create(
        **RUN,
        input=[
            {
                "role": "user",
                "content": [
                    {"type": "input_file", "filename": "amounts.csv", "file_data": f"data:text/csv;base64,{table}"},
                    {"type": "input_image", "image_url": f"data:image/png;base64,{ONE_PIXEL}", "detail": "auto"},
                    {"type": "input_text", "text": code},
                ],
            }
        ],
    )
    return {"logs": logs_of(response)}


def failing():
    """An exception in the code is what the code printed, not an error of the call."""
    code = python("print('before')\n1 / 0")
    response = client.responses.create(**shared_run(), input=code, tool_choice="required")
    return {"status": [response.status, response.output[0].status], "logs": logs_of(response)}


def background():
    """Begins a run and comes back for it; leaves a stream and takes it up again; cancels."""
    run = {**shared_run(), "background": True}
    begun = client.responses.create(**run, input=python("print('in the background')"))
    status = begun.status
    # For a run that never ends the test's own limit is there.
    while (polled := client.responses.retrieve(begun.id, include=OUTPUTS)).status in ("queued", "in_progress"):
        time.sleep(0.02)
    seen = []
    with client.responses.create(**run, input=python("print('taken up')"), stream=True) as stream:
        for event in stream:
            seen.append(event)
            if event.type == "response.code_interpreter_call.in_progress":
                break
    last = seen[-1].sequence_number
    rest = list(client.responses.retrieve(seen[0].response.id, stream=True, starting_after=last, include=OUTPUTS))
    endless = client.responses.create(**run, input=python("while True: pass"))
    return {
        "status": [status, polled.status],
        "logs": logs_of(polled),
        "types": in_order(event.type for event in seen),
        "gapless": [event.sequence_number for event in rest] == list(range(last + 1, last + 1 + len(rest))),
        "rest": in_order(event.type for event in rest),
        "rest_logs": logs_of(rest[-1].response) if rest else None,
        "cancelled": client.responses.cancel(endless.id).status,
    }


def left():
    """Leaving a stream ends its run, and its container goes on with what it had."""
    container = client.containers.create(name="left")
    run = {**RUN, "tools": inside(container.id)}
    client.responses.create(**run, input=python("kept = 7"))
    with client.responses.create(**run, input=python("while True: pass"), stream=True) as stream:
        for event in stream:
            if event.type == "response.code_interpreter_call.interpreting":
                break
    return {"logs": logs_of(client.responses.create(**run, input=python("print(kept)")))}


# Those in the shared container come one after the other: others would put it to sleep.
SCENARIOS = [versions, plain, streamed, helped, failing, background, chained, attached, left]
