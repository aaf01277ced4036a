import { fileToWire, type StoredFile } from '../files.ts';
import { ApiError, invalidType, invalidValue, missingParameter, outOfRange } from '../http/apiError.ts';
import { type Exchange, type Route, sendFile, sendJson } from '../http/exchange.ts';
import { readForm } from '../http/form.ts';
import { page } from '../http/paging.ts';
import type { Services } from '../services.ts';

const PURPOSES = ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'];

/** Seconds: one hour to thirty days, which is also how long a batch file lives where nothing is said. */
const LIFE = { least: 3_600, most: 2_592_000 };

/** /v1/files (https://platform.openai.com/docs/api-reference/files). */
export function fileRoutes({ files }: Services): readonly Route[] {
  const named = ({ params }: Exchange): StoredFile => files.get(params['file'] ?? '');
  return [
    {
      method: 'POST',
      path: '/v1/files',
      handle: async ({ body, response }) => {
        const { file, fields } = await readForm(body);
        if (file === undefined) throw missingParameter('file');
        const purpose = parsePurpose(fields);
        const lifeSeconds = parseLife(fields) ?? (purpose === 'batch' ? LIFE.most : undefined);
        const added = await files.add({ name: file.filename ?? 'file', purpose, lifeSeconds }, file.bytes);
        sendJson(response, 200, fileToWire(added));
      },
    },
    {
      method: 'GET',
      path: '/v1/files',
      handle: ({ response, query }) => {
        const purpose = query.get('purpose');
        const listed = files.list().filter((file) => purpose === null || file.purpose === purpose);
        sendJson(response, 200, page(listed.map(fileToWire), query, { most: 10_000, usual: 10_000 }));
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
        const content = await files.stream(file);
        await sendFile(exchange.response, { name: file.name, size: file.size, content });
      },
    },
  ];
}

function parsePurpose(fields: ReadonlyMap<string, string>): string {
  const purpose = fields.get('purpose');
  if (purpose === undefined) throw missingParameter('purpose');
  if (PURPOSES.includes(purpose)) return purpose;
  const list = PURPOSES.map((one) => `'${one}'`).join(', ');
  throw new ApiError(400, `'${purpose.slice(0, 100)}' is not one of [${list}] - 'purpose'`, {
    param: 'purpose',
  });
}

/** `expires_after[anchor]` and `expires_after[seconds]`, as forms spell an object. */
function parseLife(fields: ReadonlyMap<string, string>): number | undefined {
  const anchor = fields.get('expires_after[anchor]');
  const text = fields.get('expires_after[seconds]');
  if (anchor === undefined && text === undefined) return undefined;
  if (anchor === undefined) throw missingParameter('expires_after[anchor]');
  if (anchor !== 'created_at') throw invalidValue('expires_after[anchor]', anchor, ['created_at']);
  if (text === undefined) throw missingParameter('expires_after[seconds]');
  const life = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(life)) throw invalidType('expires_after[seconds]', 'an integer', text);
  if (life >= LIFE.least && life <= LIFE.most) return life;
  throw outOfRange('expires_after[seconds]', 'integer', life, LIFE);
}
