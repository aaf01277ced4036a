"""What LiteLLM's SDK raises: its classes are those of the official client, by inheritance."""

import litellm
import openai
from report import GIVEN, TOOLS, inside, refusal

OPENAI = {"custom_llm_provider": "openai"}
RUN = {"model": "openai/built-in", "tools": TOOLS}


def classes():
    names = ["AuthenticationError", "NotFoundError", "BadRequestError", "RateLimitError"]
    return {"names": names, "bases": [name for name in names if issubclass(getattr(litellm, name), getattr(openai, name))]}


def wrong_key():
    wrong = {"api_key": "sk-wrong"}
    return {
        "run": refusal(litellm.responses, **RUN, input="print(1)", **wrong),
        "stream": refusal(litellm.responses, **RUN, input="print(1)", stream=True, **wrong),
        "containers": refusal(litellm.list_containers, **OPENAI, **wrong),
        "files": refusal(litellm.list_container_files, container_id="cntr_none", **OPENAI, **wrong),
    }


def wrong_requests():
    return {
        "model": refusal(litellm.responses, model="openai/gpt-9", input="print(1)", tools=TOOLS),
        "no_container": refusal(litellm.responses, **{**RUN, "tools": [{"type": "code_interpreter"}]}, input="1"),
        "container": refusal(
            litellm.responses, model=f"openai/{GIVEN['aside']}", tools=inside("cntr_none"), input="print(1)"
        ),
        "files": refusal(litellm.list_container_files, container_id="cntr_none", **OPENAI),
    }


def expired():
    container_id = GIVEN["expired_container"]
    return {
        "status": litellm.retrieve_container(container_id=container_id, **OPENAI).status,
        "files": refusal(litellm.list_container_files, container_id=container_id, **OPENAI),
        "run": refusal(litellm.responses, **{**RUN, "tools": inside(container_id)}, input="print(1)"),
        "chain": refusal(litellm.responses, **RUN, input="1", previous_response_id=GIVEN["expired_response"]),
    }


def too_large():
    made = litellm.create_container(name="too large", **OPENAI)
    at = {"container_id": made.id, **OPENAI}
    seen = refusal(litellm.upload_container_file, file=("big.bin", bytes(GIVEN["too_many_bytes"])), **at)
    litellm.delete_container(**at)
    return seen


SCENARIOS = [classes, wrong_key, wrong_requests, expired, too_large]
