import { crc32, deflateSync } from 'node:zlib';

type Colour = readonly [number, number, number];

/** A bar chart as a PNG, drawn here so that the scenes have a picture of a usual size: as a data URL. */
export function chartPng(bars: readonly number[], width = 960, height = 540): string {
  const pixels = Buffer.alloc((width * 3 + 1) * height, 255);
  const fill = (left: number, top: number, right: number, bottom: number, colour: Colour) => {
    for (let y = Math.round(top); y < Math.round(bottom); y++) {
      for (let x = Math.round(left); x < Math.round(right); x++) {
        pixels.set(colour, y * (width * 3 + 1) + 1 + x * 3);
      }
    }
  };
  // No filter for any row.
  for (let y = 0; y < height; y++) pixels[y * (width * 3 + 1)] = 0;
  const frame = { left: width * 0.08, top: height * 0.08, right: width * 0.96, bottom: height * 0.9 };
  const most = Math.max(...bars, 1);
  for (let line = 0; line <= 4; line++) {
    const y = frame.bottom - ((frame.bottom - frame.top) * line) / 4;
    fill(frame.left, y, frame.right, y + 1, [220, 224, 230]);
  }
  const room = (frame.right - frame.left) / bars.length;
  for (const [place, value] of bars.entries()) {
    const left = frame.left + room * (place + 0.2);
    const top = frame.bottom - ((frame.bottom - frame.top) * value) / most;
    fill(left, top, left + room * 0.6, frame.bottom, [68, 119, 170]);
  }
  fill(frame.left, frame.bottom, frame.right, frame.bottom + 2, [60, 60, 60]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits each of red, green and blue.
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const png = Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return `data:image/png;base64,${png.toString('base64')}`;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
