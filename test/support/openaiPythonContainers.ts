import assert from 'node:assert/strict';
import { it } from 'node:test';
import { assertRefused, type Refusal } from './clientsTarget.ts';
import type { Seen } from './pythonClient.ts';

/** What it must see of containers and files: a part of `openaiPythonJob`. */
export function openaiContainers(get: () => Seen, litellm: boolean): void {
  it('creates, lists, retrieves and deletes a container', () => {
    const { gone, ...rest } = get().of('life_of_a_container');
    const name = 'My Code Interpreter Session';
    assert.deepEqual(rest, {
      class: ['ContainerCreateResponse', 'ContainerListResponse', 'ContainerRetrieveResponse'],
      name: [name, name, name],
      status: ['running', 'running', 'running'],
      life: { anchor: 'last_active_at', minutes: 20 },
      times: true,
      deleted: null,
    });
    assertRefused({ gone }, { gone: ['NotFoundError', 404, litellm ? '404' : null, /not found/] });
  });

  it('goes over pages of containers', () => {
    assert.deepEqual(get().of('pages_of_containers'), {
      class: 'SyncCursorPage[ContainerListResponse]',
      first_pages: true,
      has_more: true,
      rising: true,
      falling: true,
    });
  });

  it('uploads, lists, reads and deletes files of a container', () => {
    const {
      gone,
      gone_content: goneContent,
      container_id: _,
      made,
      disposition,
      ...rest
    } = get().of('files_of_a_container');
    const paths = ['/mnt/data/data.csv', '/mnt/data/raw data.bin'];
    assert.deepEqual(rest, {
      class: ['FileCreateResponse', 'FileListResponse', 'FileRetrieveResponse'],
      logs: 'a,b\n1,2 102400\n12\n',
      paths,
      each: [...paths, '/mnt/data/größe.txt'],
      page: [2, true, false],
      sources: ['user', 'assistant'],
      bytes: [8, 102_400, 12],
      same: true,
      streamed: [true, true, true],
    });
    assert.equal((made as string[])[1], 'made by code');
    // LiteLLM makes a header of its own, with the id and no ending.
    assert.equal(disposition, litellm ? disposition : "attachment; filename*=UTF-8''gr%C3%B6%C3%9Fe.txt");
    const refused: Refusal = ['NotFoundError', 404, litellm ? '404' : null, /not found/];
    assertRefused({ gone, goneContent }, { gone: refused, goneContent: refused });
  });

  it('lacks what the page prints of it: calling `files.content`, `filename`, a tool without a container', () => {
    const { no_container: noContainer, ...rest } = get().of('page_as_printed');
    assert.deepEqual(rest, { content: 'TypeError', filename: 'AttributeError', path: '/mnt/data/upload' });
    assertRefused(
      { noContainer },
      {
        noContainer: [
          'BadRequestError',
          400,
          litellm ? '400' : 'missing_required_parameter',
          /Missing required parameter: \\?'tools\[0\]\.container\\?'/,
        ],
      },
    );
  });

  it('uploads files of the account and uses them in runs', () => {
    const files = get().of('files_for_runs');
    if (litellm) {
      // Without `files_settings` in its configuration LiteLLM has no /v1/files.
      assertRefused({ files }, { files: ['InternalServerError', 500, '500', /files_settings is not set/] });
      return;
    }
    const { gone, ...rest } = files;
    assert.deepEqual(rest, {
      class: 'FileObject',
      file: ['amounts.csv', 32, 'user_data'],
      by_tool: '/mnt/data/amounts.csv 3\n',
      by_input: '/mnt/data/amounts.csv 3\n',
      content: 'region,amount\nnorth,10\nsouth,32\n',
      listed: true,
      deleted: true,
    });
    assertRefused({ gone }, { gone: ['NotFoundError', 404, null, /No such File object/] });
  });
}
