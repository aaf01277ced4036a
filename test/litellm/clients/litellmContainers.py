"""Containers and their files with LiteLLM's SDK: the pages /containers and /containers/files."""

import litellm
from litellm import containers
from report import OUTPUTS, async_refusal, inside, logs_of, python, refusal

OPENAI = {"custom_llm_provider": "openai"}
LIFE = {"anchor": "last_active_at", "minutes": 20}
RUN = {"model": "openai/built-in", "include": OUTPUTS}


def life_of_a_container():
    made = litellm.create_container(name="My Code Interpreter Container", expires_after=LIFE, **OPENAI)
    listed = litellm.list_containers(limit=20, order="desc", **OPENAI)
    found = [one for one in listed.data if one.id == made.id]
    retrieved = litellm.retrieve_container(container_id=made.id, **OPENAI)
    deleted = litellm.delete_container(container_id=made.id, **OPENAI)
    return {
        "class": [type(one).__name__ for one in (made, listed, found[0], retrieved, deleted)],
        "name": [made.name, found[0].name, retrieved.name],
        "status": retrieved.status,
        "life": retrieved.expires_after.model_dump(),
        "deleted": [deleted.deleted, deleted.id == made.id],
        "gone": refusal(litellm.retrieve_container, container_id=made.id, **OPENAI),
    }


async def life_of_a_container_async():
    made = await litellm.acreate_container(name="My Code Interpreter Container", expires_after=LIFE, **OPENAI)
    listed = await litellm.alist_containers(limit=20, order="desc", **OPENAI)
    retrieved = await litellm.aretrieve_container(container_id=made.id, **OPENAI)
    deleted = await litellm.adelete_container(container_id=made.id, **OPENAI)
    return {
        "listed": made.id in [one.id for one in listed.data],
        "name": retrieved.name,
        "life": retrieved.expires_after.model_dump(),
        "deleted": [deleted.deleted, deleted.id == made.id],
        "gone": await async_refusal(litellm.aretrieve_container(container_id=made.id, **OPENAI)),
    }


def files_of_a_container():
    made = litellm.create_container(name="files", **OPENAI)
    at = {"container_id": made.id, **OPENAI}
    file = litellm.upload_container_file(file=("data.csv", b"a,b\n1,2\n", "text/csv"), **at)
    code = python(f"print(open({file.path!r}).read().strip())\nopen('/mnt/data/out.txt', 'w').write('made by code')")
    ran = litellm.responses(**RUN, tools=inside(made.id), input=code)
    first = litellm.list_container_files(limit=1, order="asc", **at)
    rest = litellm.list_container_files(after=first.last_id, order="asc", **at)
    content = containers.retrieve_container_file_content(file_id=rest.data[0].id, **at)
    deleted = containers.delete_container_file(file_id=file.id, **at)
    seen = {
        "logs": logs_of(ran),
        "file": [file.path, file.source, file.bytes],
        "pages": [[[one.path for one in page.data], page.has_more] for page in (first, rest)],
        "retrieved": containers.retrieve_container_file(file_id=rest.data[0].id, **at).path,
        "content": [type(content).__name__, bytes(content).decode()],
        "deleted": [type(deleted).__name__, deleted.deleted],
        "gone": refusal(containers.retrieve_container_file_content, file_id=file.id, **at),
    }
    litellm.delete_container(**at)
    return seen


async def files_of_a_container_async():
    made = await litellm.acreate_container(name="files", **OPENAI)
    at = {"container_id": made.id, **OPENAI}
    file = await litellm.aupload_container_file(file=("script.py", b"print('hello world')", "text/x-python"), **at)
    content = await containers.aretrieve_container_file_content(file_id=file.id, **at)
    deleted = await containers.adelete_container_file(file_id=file.id, **at)
    seen = {
        "file": [file.path, file.source],
        "content": bytes(content).decode(),
        "deleted": deleted.deleted,
        "left": len((await litellm.alist_container_files(**at)).data),
        "gone": await async_refusal(containers.aretrieve_container_file(file_id=file.id, **at)),
    }
    await litellm.adelete_container(**at)
    return seen


SCENARIOS = [
    life_of_a_container,
    life_of_a_container_async,
    files_of_a_container,
    files_of_a_container_async,
]
