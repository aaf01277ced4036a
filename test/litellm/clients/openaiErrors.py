"""What the official client raises: the same classes as with the hosted service."""

from openai import APIStatusError, OpenAI
from report import GIVEN, KEY, MODEL, OUTPUTS, TOOLS, URL, described, inside, logs_of, python, refusal

client = OpenAI(base_url=URL, api_key=KEY, max_retries=0)
RUN = {"model": MODEL, "tools": TOOLS, "include": OUTPUTS}


def wrong_key():
    wrong = client.with_options(api_key="sk-wrong")
    return {
        "models": refusal(wrong.models.list),
        "run": refusal(wrong.responses.create, **RUN, input="print(1)"),
        "stream": refusal(wrong.responses.create, **RUN, input="print(1)", stream=True),
    }


def wrong_requests():
    create = client.responses.create
    return {
        "model": refusal(create, model="gpt-9", tools=TOOLS, input="print(1)"),
        "previous": refusal(create, **RUN, input="print(1)", previous_response_id="resp_none"),
        "tool": refusal(create, model=MODEL, tools=[{"type": "no_such_tool"}], input="print(1)"),
        "retrieve": refusal(client.responses.retrieve, "resp_none"),
        "files": refusal(client.containers.files.list, "cntr_none"),
        "limit": refusal(client.containers.list, limit=1000),
        "life": refusal(client.containers.create, name="x", expires_after={"anchor": "created_at", "minutes": 5}),
    }


def gone_container():
    """A run in a container that is not there, and the next run: with a model that no other scenario uses."""
    create = client.responses.create
    refused = refusal(create, model=GIVEN["aside"], tools=inside("cntr_none"), input="print(1)")
    try:
        after = logs_of(create(**{**RUN, "model": GIVEN["aside"]}, input=python("print(1)")))
    except APIStatusError as error:
        after = described(error)
    return {"refused": refused, "after": after}


def expired():
    """The test made them and let their time run out."""
    container_id = GIVEN["expired_container"]
    return {
        "status": client.containers.retrieve(container_id).status,
        "files": refusal(client.containers.files.list, container_id),
        "upload": refusal(client.containers.files.create, container_id, file=b"x"),
        "run": refusal(client.responses.create, model=MODEL, tools=inside(container_id), input="print(1)"),
        "chain": refusal(client.responses.create, **RUN, input="1", previous_response_id=GIVEN["expired_response"]),
    }


def too_large():
    container = client.containers.create(name="too large")
    seen = refusal(client.containers.files.create, container.id, file=("big.bin", bytes(GIVEN["too_many_bytes"])))
    client.containers.delete(container.id)
    return seen


def too_many():
    """Every Python that may be alive is busy."""
    containers = [client.containers.create(name="busy").id for _ in range(GIVEN["most_pythons"])]
    inside_of = [{**RUN, "tools": inside(container)} for container in containers]
    # Their Pythons have started when the endless runs begin, so that from then on there is no room left.
    for run in inside_of:
        client.responses.create(**run, input=python("1"))
    busy = [client.responses.create(**run, input=python("while True: pass"), background=True).id for run in inside_of]
    try:
        refused = refusal(client.responses.create, **RUN, input=python("print(1)"))
    finally:
        cancelled = [client.responses.cancel(one).status for one in busy]
    after = client.responses.create(**inside_of[0], input=python("print(1)"))
    return {"refused": refused, "cancelled": cancelled, "after": logs_of(after)}


SCENARIOS = [wrong_key, wrong_requests, gone_container, expired, too_large, too_many]
