"""Containers and files with the official client: LiteLLM's pages /containers and /containers/files, and paging."""

import io
import tempfile
from pathlib import Path

from openai import InternalServerError, OpenAI
from report import GIVEN, KEY, MODEL, OUTPUTS, URL, described, inside, logs_of, picture, python, refusal

client = OpenAI(base_url=URL, api_key=KEY, max_retries=0)
RUN = {"model": MODEL, "include": OUTPUTS}
# LiteLLM's page sends it along to a proxy; elsewhere it is an unknown parameter.
MORE = {"extra_body": {"custom_llm_provider": "openai"}} if GIVEN.get("proxy") else {}


def life_of_a_container():
    """The page's "Complete Workflow Example"."""
    made = client.containers.create(
        name="My Code Interpreter Session",
        expires_after={"anchor": "last_active_at", "minutes": 20},
        **MORE,
    )
    listed = client.containers.list(limit=20, **MORE)
    found = [one for one in listed.data if one.id == made.id]
    retrieved = client.containers.retrieve(container_id=made.id, **MORE)
    # `delete` gives nothing back in this client, whatever the page prints of it.
    deleted = client.containers.delete(container_id=made.id, **MORE)
    return {
        "class": [type(made).__name__, type(found[0]).__name__, type(retrieved).__name__],
        "name": [made.name, found[0].name, retrieved.name],
        "status": [made.status, found[0].status, retrieved.status],
        "life": retrieved.expires_after.to_dict(),
        "times": made.created_at <= retrieved.last_active_at,
        "deleted": deleted,
        "gone": refusal(client.containers.retrieve, made.id),
    }


def pages_of_containers():
    """The iterator of the client goes over all pages, one container each."""
    made = [client.containers.create(name=f"page {number}").id for number in range(3)]
    first = client.containers.list(limit=1)
    second = first.get_next_page()
    rising = [one.id for one in client.containers.list(limit=1, order="asc") if one.id in made]
    falling = [one.id for one in client.containers.list(limit=1) if one.id in made]
    for container_id in made:
        client.containers.delete(container_id)
    return {
        "class": type(first).__name__,
        "first_pages": [[one.id for one in page.data] for page in (first, second)] == [[made[2]], [made[1]]],
        "has_more": first.has_more,
        "rising": rising == made,
        "falling": falling == made[::-1],
    }


def files_of_a_container():
    """Upload, list, retrieve, read in every way the client has, delete; code sees them and leaves its own."""
    container = client.containers.create(name="files")
    data = bytes(range(256)) * 400
    upload = client.containers.files.create
    table = upload(container.id, file=("data.csv", b"a,b\n1,2\n", "text/csv"))
    big = upload(container.id, file=("raw data.bin", io.BytesIO(data)))
    code = python(
        f'print(open({table.path!r}).read().strip(), len(open({big.path!r}, "rb").read()))\n'
        'open("/mnt/data/größe.txt", "w").write("made by code")'
    )
    ran = client.responses.create(**RUN, tools=inside(container.id), input=code)
    each = [file.path for file in client.containers.files.list(container.id, limit=1, order="asc")]
    page = client.containers.files.list(container.id, limit=2)
    made = client.containers.files.list(container.id, limit=1).data[0]
    retrieved = client.containers.files.retrieve(made.id, container_id=container.id)
    content = client.containers.files.content
    raw = content.with_raw_response.retrieve(made.id, container_id=container.id)
    with content.with_streaming_response.retrieve(big.id, container_id=container.id) as response:
        pieces = list(response.iter_bytes(chunk_size=1024))
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder, "raw data.bin")
        content.retrieve(big.id, container_id=container.id).write_to_file(saved)
        on_disk = saved.read_bytes() == data
    client.containers.files.delete(table.id, container_id=container.id)
    seen = {
        "container_id": container.id,
        "class": [type(table).__name__, type(made).__name__, type(retrieved).__name__],
        "logs": logs_of(ran),
        "paths": [table.path, big.path],
        "each": each,
        "page": [len(page.data), page.has_more, page.get_next_page().has_more],
        "sources": [table.source, retrieved.source],
        "bytes": [table.bytes, big.bytes, retrieved.bytes],
        "same": retrieved.to_dict() == made.to_dict(),
        "made": [made.id, raw.parse().read().decode()],
        "disposition": raw.headers.get("content-disposition"),
        "streamed": [picture(b"".join(pieces)) == picture(data), len(pieces) > 1, on_disk],
        "gone": refusal(client.containers.files.retrieve, table.id, container_id=container.id),
        "gone_content": refusal(content.retrieve, table.id, container_id=container.id),
    }
    client.containers.delete(container.id)
    return seen


def page_as_printed():
    """What the page prints that this client does not have."""
    container = client.containers.create(name="as printed")
    file = client.containers.files.create(container.id, file=b"a,b\n")
    return {
        "content": refusal(client.containers.files.content, container_id=container.id, file_id=file.id)["error"],
        "filename": refusal(getattr, file, "filename")["error"],
        "path": file.path,
        "no_container": refusal(
            client.responses.create, model=MODEL, tools=[{"type": "code_interpreter"}], input="print(1)"
        ),
    }


def files_for_runs():
    """Files of the account: upload, use in a run by id in both ways, read back, list, delete."""
    try:
        file = client.files.create(file=("amounts.csv", b"region,amount\nnorth,10\nsouth,32\n"), purpose="user_data")
    except InternalServerError as error:
        return described(error)
    code = python("import glob\nfor name in glob.glob('/mnt/data/*'): print(name, open(name).read().count(','))")
    auto = {"type": "auto", "file_ids": [file.id]}
    by_tool = client.responses.create(**RUN, tools=[{"type": "code_interpreter", "container": auto}], input=code)
    parts = [{"type": "input_file", "file_id": file.id}, {"type": "input_text", "text": code}]
    tools = [{"type": "code_interpreter", "container": {"type": "auto"}}]
    by_input = client.responses.create(**RUN, tools=tools, input=[{"role": "user", "content": parts}])
    return {
        "class": type(file).__name__,
        "file": [file.filename, file.bytes, file.purpose],
        "by_tool": logs_of(by_tool),
        "by_input": logs_of(by_input),
        "content": client.files.content(file.id).read().decode(),
        "listed": [one.id for one in client.files.list(purpose="user_data")] == [file.id],
        "deleted": client.files.delete(file.id).deleted,
        "gone": refusal(client.files.retrieve, file.id),
    }


SCENARIOS = [life_of_a_container, pages_of_containers, files_of_a_container, page_as_printed, files_for_runs]
