import { createCanvas, loadImage } from '@napi-rs/canvas';

/** One picture of a sheet. */
export interface SheetPicture {
  readonly name: string;
  readonly png: Uint8Array;
}

const GAP_PX = 12;
const NAME_PX = 26;

/**
 * All pictures small, side by side, each under its name: a WebP.
 *
 * @param widthPx of one picture on the sheet
 * @param columns how many stand in a row
 */
export async function contactSheet(
  pictures: readonly SheetPicture[],
  { widthPx, columns }: { readonly widthPx: number; readonly columns: number },
): Promise<Uint8Array> {
  const images = await Promise.all(pictures.map(({ png }) => loadImage(png)));
  const heightPx = Math.max(0, ...images.map(({ width, height }) => Math.round((height * widthPx) / width)));
  const rows = Math.ceil(pictures.length / columns);
  const canvas = createCanvas(columns * (widthPx + GAP_PX) + GAP_PX, rows * (heightPx + NAME_PX + GAP_PX));
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#333b45';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.font = '18px "Noto Sans CJK SC"';
  pen.fillStyle = '#ffffff';
  for (const [index, image] of images.entries()) {
    const x = GAP_PX + (index % columns) * (widthPx + GAP_PX);
    const y = Math.floor(index / columns) * (heightPx + NAME_PX + GAP_PX);
    pen.fillText(pictures[index]?.name ?? '', x, y + 20);
    pen.drawImage(image, x, y + NAME_PX, widthPx, heightPx);
  }
  return canvas.toBuffer('image/webp', 82);
}
