"""What the client programs share: whom they talk to, and how they say what they saw.

A program is a list of scenarios. Each gives back what it saw as plain values; all of them go to stdout as one JSON
object. Nothing is judged here but that a call fails which has to: the tests compare.
"""

import asyncio
import hashlib
import inspect
import json
import os
import struct
import sys
import time
import traceback

URL = os.environ["CLIENT_URL"]
KEY = os.environ["CLIENT_KEY"]
# What the test has prepared for some scenarios; `proxy` where LiteLLM's proxy is in between.
GIVEN = json.loads(os.environ.get("CLIENT_GIVEN", "{}"))

MODEL = "built-in"
TOOLS = [{"type": "code_interpreter", "container": {"type": "auto"}}]
OUTPUTS = ["code_interpreter_call.outputs"]


def python(code):
    """A prompt that is a program: the built-in model runs it as it is."""
    return f"```python\n{code}\n```"


def inside(container_id):
    """The tools of a run in a container of one's own."""
    return [{"type": "code_interpreter", "container": container_id}]


def logs_of(response):
    """What the code of a response printed."""
    calls = [item for item in response.output if item.type == "code_interpreter_call"]
    return "".join(output.logs for call in calls for output in call.outputs or [] if output.type == "logs")


def main(*scenarios):
    """Runs them one after the other. One that fails says how, and the others are run all the same."""
    seen = {}
    for scenario in scenarios:
        started = time.monotonic()
        try:
            result = scenario()
            seen[scenario.__name__] = asyncio.run(result) if inspect.iscoroutine(result) else result
        except Exception:
            seen[scenario.__name__] = {"failed": traceback.format_exc()}
        print(f"{scenario.__name__}: {time.monotonic() - started:.2f} s", file=sys.stderr)
    # Clients print notices of their own.
    sys.stdout.write(f"\n{json.dumps(seen)}\n")


def refusal(call, *args, **kwargs):
    """What a call raises that has to fail."""
    try:
        result = call(*args, **kwargs)
    except Exception as error:
        return described(error)
    raise AssertionError(f"It was not refused: {result!r}")


async def async_refusal(pending):
    """What an awaited call raises that has to fail."""
    try:
        result = await pending
    except Exception as error:
        return described(error)
    raise AssertionError(f"It was not refused: {result!r}")


def described(error):
    return {
        "error": type(error).__name__,
        "status": getattr(error, "status_code", None),
        "code": getattr(error, "code", None),
        "message": str(error),
    }


def picture(data):
    """A downloaded file: its hash, and of a PNG its size in pixels."""
    seen = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    if data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR":
        seen["png"] = struct.unpack(">II", data[16:24])
    return seen


def in_order(names):
    """`a a b` as `a*2 b`."""
    found = []
    for name in names:
        if found and found[-1][0] == name:
            found[-1][1] += 1
        else:
            found.append([name, 1])
    return [f"{name}*{count}" if count > 1 else name for name, count in found]
