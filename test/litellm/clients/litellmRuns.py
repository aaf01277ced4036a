"""LiteLLM's SDK at a gateway: its page "Code Interpreter", streams, chains, runs in the background."""

import warnings
from pathlib import PurePosixPath

import litellm
from litellm import containers
from report import GIVEN, OUTPUTS, TOOLS, in_order, logs_of, picture, python, refusal

# It warns of a class of its own in each streamed answer: the usage is a dict where it expects ResponseAPIUsage.
warnings.filterwarnings("ignore", message="Pydantic serializer warnings", category=UserWarning)

MODEL = "openai/built-in"
RUN = {"model": MODEL, "tools": TOOLS, "include": OUTPUTS}
OPENAI = {"custom_llm_provider": "openai"}
DOCUMENTED = [
    *("responses", "aresponses"),
    *("create_container", "list_containers", "retrieve_container", "delete_container"),
    *("acreate_container", "alist_containers", "aretrieve_container", "adelete_container"),
    *("upload_container_file", "list_container_files", "aupload_container_file", "alist_container_files"),
    *("retrieve_container_file", "retrieve_container_file_content", "delete_container_file"),
    *("aretrieve_container_file", "aretrieve_container_file_content", "adelete_container_file"),
]


def names():
    """Functions of the pages /containers and /containers/files that `litellm` itself does not have."""
    absent = [name for name in DOCUMENTED if not hasattr(litellm, name)]
    return {"absent": absent, "in_containers": [name for name in absent if hasattr(containers, name)]}


def plain():
    """The page's "Get Generated File Content", with the names that are there."""
    response = litellm.responses(
        model=MODEL, input="Create a pie chart of market share and save as PNG", tools=TOOLS
    )
    call, message = response.output
    container_id = call.container_id
    files = litellm.list_container_files(container_id=container_id, **OPENAI)
    return {
        "classes": [type(one).__name__ for one in (response, call, message, *message.content[0].annotations)],
        "outputs": call.outputs,
        "container_id": container_id,
        "cited": [one.file_id for one in message.content[0].annotations],
        "list": [type(files).__name__, type(files.data[0]).__name__, files.has_more],
        "files": {
            PurePosixPath(file.path).name: {
                "id": file.id,
                "container_id": file.container_id,
                **picture(
                    containers.retrieve_container_file_content(container_id=container_id, file_id=file.id, **OPENAI)
                ),
            }
            for file in files.data
        },
        "filename": refusal(getattr, files.data[0], "filename")["error"],
        "id_as_container": refusal(
            litellm.responses, **{**RUN, "tools": [{"type": "code_interpreter", "container": container_id}]}, input="1"
        ),
    }


def read(stream):
    events = list(stream)
    response = events[-1].response
    return {
        "iterator": type(stream).__name__,
        "order": in_order(value_of(event.type) for event in events),
        "classes": sorted({f"{value_of(event.type)} {type(event).__name__}" for event in events}),
        "code": "".join(event.delta for event in events if event.type.endswith("_code.delta")),
        "text": "".join(event.delta for event in events if event.type == "response.output_text.delta"),
        "final": [type(response).__name__, response.output[0].code, response.output[-1].content[0].text],
        "logs": logs_of(response),
    }


def value_of(name):
    """Types of events are strings, or members of an enumeration of LiteLLM's."""
    return getattr(name, "value", name)


def streams():
    """It fakes the stream of a model that it does not know; one that is registered is streamed for real."""
    code = python("for n in range(3):\n    print(n * n)")
    faked = read(litellm.responses(**RUN, input=code, stream=True))
    entry = {"litellm_provider": "openai", "mode": "responses", "supports_native_streaming": True}
    litellm.register_model({MODEL: entry})
    return {"faked": faked, "streamed": read(litellm.responses(**RUN, input=code, stream=True))}


def chained():
    first = litellm.responses(**RUN, input=python("kept = 41"))
    second = litellm.responses(**RUN, input=python("print(kept + 1)"), previous_response_id=first.id)
    retrieved = litellm.get_responses(response_id=second.id)
    begun = litellm.responses(**RUN, input=python("while True: pass"), background=True)
    return {
        "logs": logs_of(second),
        "same_container": first.output[0].container_id == second.output[0].container_id,
        "retrieved": [retrieved.status, retrieved.output[0].code],
        "deleted": litellm.delete_responses(response_id=second.id).deleted,
        "cancelled": litellm.cancel_responses(response_id=begun.id).status,
    }


async def asynchronous():
    """`aresponses` streamed, and the files of its container."""
    stream = await litellm.aresponses(**RUN, input="Generate a bar chart of quarterly sales and save as PNG", stream=True)
    events = [event async for event in stream]
    call = events[-1].response.output[0]
    at = {"container_id": call.container_id, **OPENAI}
    files = (await litellm.alist_container_files(**at)).data
    return {
        "iterator": type(stream).__name__,
        "order": in_order(value_of(event.type) for event in events),
        "files": {
            file.path: {
                "id": file.id,
                "container_id": file.container_id,
                "retrieved": (await containers.aretrieve_container_file(file_id=file.id, **at)).path,
                **picture(await containers.aretrieve_container_file_content(file_id=file.id, **at)),
            }
            for file in files
        },
    }


def as_a_proxy():
    """The SDK's provider for a LiteLLM proxy."""
    run = {**RUN, "model": "litellm_proxy/built-in", **GIVEN["proxy"]}
    return {
        "logs": logs_of(litellm.responses(**run, input=python("print(6 * 7)"))),
        "containers": refusal(litellm.list_containers, custom_llm_provider="litellm_proxy", **GIVEN["proxy"]),
    }


SCENARIOS = [names, plain, streams, chained, asynchronous, *([as_a_proxy] if "proxy" in GIVEN else [])]
