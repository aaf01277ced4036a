import { arrayField, isObject, type JsonObject } from '../../core/json.ts';
import type { Containers } from '../containers/containers.ts';
import { type Page, page } from '../http/paging.ts';
import type { InputItem } from './input.ts';
import type { PicturePlace, ResponseRecord } from './record.ts';
import type { Item } from './wire.ts';

/**
 * The items that a response was made from, page by page (https://platform.openai.com/docs/api-reference/responses/input-items).
 *
 * @param withImages whether the pictures that came as data URLs are shown; where their container is gone they are not
 * @throws ApiError 400 for a query that makes no sense
 */
export async function listInputItems(
  record: ResponseRecord,
  query: URLSearchParams,
  containers: Containers,
  withImages: boolean,
): Promise<Page<InputItem | Item>> {
  const asked = page(record.inputItems, query);
  if (!withImages || record.pictures.size === 0) return asked;
  const data: (InputItem | Item)[] = [];
  for (const item of asked.data) data.push(await withPictures(item, record.pictures, containers));
  return { ...asked, data };
}

async function withPictures(
  item: InputItem | Item,
  pictures: ReadonlyMap<JsonObject, PicturePlace>,
  containers: Containers,
): Promise<InputItem | Item> {
  const parts = arrayField(item, 'content');
  if (parts === undefined || !('role' in item) || item.role === 'assistant') return item;
  const content: unknown[] = [];
  for (const part of parts) {
    const place = isObject(part) ? pictures.get(part) : undefined;
    const url = place && (await dataUrl(place, containers));
    content.push(url === undefined ? part : { ...(part as JsonObject), image_url: url });
  }
  return { ...item, content };
}

async function dataUrl(
  { containerId, fileId }: PicturePlace,
  containers: Containers,
): Promise<string | undefined> {
  const container = containers.find(containerId);
  const file = container?.files.find(fileId);
  if (!container || !file || container.expired) return undefined;
  const extension = file.path.slice(file.path.lastIndexOf('.') + 1);
  const bytes = await container.files.bytes(file);
  return `data:image/${extension === 'jpg' ? 'jpeg' : extension};base64,${bytes.toString('base64')}`;
}
