import type { FileRef } from '../../core/citations.ts';
import { imageType } from '../../core/files.ts';
import { readWhole } from '../../gateway/files/content.ts';
import { imageKey } from '../../protocol.ts';
import type { StoredImage } from './imageStore.ts';
import type { Session } from './session.ts';

/** Bytes of a picture that is shown. */
export const LARGEST_IMAGE = 64 * 1024 * 1024;

/**
 * A picture that is a file of a container: kept from then on, for the container will be gone long before the session.
 *
 * @returns undefined where the file is no picture
 * @throws GatewayError
 */
export async function fileImage(session: Session, file: FileRef): Promise<StoredImage | undefined> {
  const mime = imageType(file.filename);
  if (mime === undefined) return undefined;
  const key = imageKey({ from: 'file', ...file });
  const kept = await session.images.get(key);
  if (kept) return kept;
  const { client } = await session.gateway();
  const image = { mime, bytes: await readWhole(await client.fileContent(file), LARGEST_IMAGE) };
  session.keepImage(key, image);
  return image;
}
