import { fileToWire, type StoredFile } from '../files.ts';
import { missingParameter } from '../http/apiError.ts';
import { type Exchange, type Route, sendFile, sendJson } from '../http/exchange.ts';
import { page } from '../http/paging.ts';
import { readUpload } from '../http/upload.ts';
import type { Services } from '../services.ts';

/** /v1/files (https://platform.openai.com/docs/api-reference/files). */
export function fileRoutes({ files }: Services): readonly Route[] {
  const named = ({ params }: Exchange): StoredFile => files.get(params['file'] ?? '');
  return [
    {
      method: 'POST',
      path: '/v1/files',
      handle: async ({ request, response }) => {
        const upload = await readUpload(request);
        const purpose = upload.fields.get('purpose');
        if (purpose === undefined) throw missingParameter('purpose');
        const file = await files.add(upload.file.filename ?? 'file', purpose, upload.file.bytes);
        sendJson(response, 200, fileToWire(file));
      },
    },
    {
      method: 'GET',
      path: '/v1/files',
      handle: ({ response, url }) => {
        const purpose = url.searchParams.get('purpose');
        const listed = files.list().filter((file) => purpose === null || file.purpose === purpose);
        sendJson(response, 200, page(listed.map(fileToWire), url.searchParams, 10_000));
      },
    },
    {
      method: 'GET',
      path: '/v1/files/{file}',
      handle: (exchange) => sendJson(exchange.response, 200, fileToWire(named(exchange))),
    },
    {
      method: 'DELETE',
      path: '/v1/files/{file}',
      handle: async (exchange) => {
        const file = named(exchange);
        await files.remove(file);
        sendJson(exchange.response, 200, { id: file.id, object: 'file', deleted: true });
      },
    },
    {
      method: 'GET',
      path: '/v1/files/{file}/content',
      handle: async (exchange) => {
        const file = named(exchange);
        sendFile(exchange.response, file.name, await files.bytes(file));
      },
    },
  ];
}
