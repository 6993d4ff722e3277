import type { GreyPicture } from '../fixtures/slip-picture.ts';
import { CAMERA } from './wear-levels.ts';
import type { Ink } from './worn-symbol.ts';

/** Looked at so many times in each direction for one pixel, so that fine modules do not flicker. */
const SAMPLES = 3;

/** Takes a picture of bowed paper, turned, unevenly lit, out of focus and noisy, by chance within {@link CAMERA}. */
export function photograph(ink: Ink, pixelsPerMm: number, random: () => number): GreyPicture {
  const between = (least: number, most: number) => least + random() * (most - least);
  const angle = (between(-CAMERA.rotationDegrees, CAMERA.rotationDegrees) * Math.PI) / 180;
  const bow = tabled(bowOf(ink.height, between(CAMERA.curl[0], CAMERA.curl[1])), ink);
  const lightAngle = between(0, 2 * Math.PI);
  const light = between(0, CAMERA.unevenLight);
  const blur = between(0, CAMERA.blurPixels);

  const scale = ink.pointsPerMm / pixelsPerMm;
  const size = Math.ceil(Math.hypot(ink.width, ink.height) / scale);
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const seen = new Float32Array(size * size);
  const [lightX, lightY] = [
    (light * 2 * Math.cos(lightAngle)) / size,
    (light * 2 * Math.sin(lightAngle)) / size,
  ];
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      let sum = 0;
      for (let sampleY = 0; sampleY < SAMPLES; sampleY += 1) {
        const v = (y + (sampleY + 0.5) / SAMPLES - size / 2) * scale;
        for (let sampleX = 0; sampleX < SAMPLES; sampleX += 1) {
          const u = (x + (sampleX + 0.5) / SAMPLES - size / 2) * scale;
          sum += inkAt(ink, u * cos + v * sin + ink.width / 2, bow(v * cos - u * sin) + ink.height / 2);
        }
      }
      const lit = 1 + lightX * (x - size / 2) + lightY * (y - size / 2);
      const level = CAMERA.paperLevel - (sum / (SAMPLES * SAMPLES)) * (CAMERA.paperLevel - CAMERA.inkLevel);
      seen[y * size + x] = level * lit;
    }
  }
  const soft = blurred(seen, size, blur);
  const grey = new Uint8ClampedArray(soft.length);
  for (let at = 0; at < grey.length; at += 1) grey[at] = (soft[at] ?? 0) + CAMERA.noise * normal(random);
  return { width: size, height: size, grey: new Uint8Array(grey.buffer) };
}

/** Nothing is on the table around the paper. */
function inkAt({ width, height, amount }: Ink, x: number, y: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  if (column < 0 || row < 0 || column >= width || row >= height) return 0;
  return amount[row * width + column] ?? 0;
}

/**
 * Paper that bows up by `curl` of its height is the arc of a circle, seen from above: where on the paper lies what is seen `v` from
 * the middle.
 */
function bowOf(height: number, curl: number): (v: number) => number {
  // Chord and sagitta give the radius; the chord is what is seen of the height.
  const half = solveHalfAngle(curl);
  const radius = height / (2 * half);
  const edge = radius * Math.sin(half);
  return (v) =>
    Math.abs(v) <= edge ? radius * Math.asin(v / radius) : Math.sign(v) * (height / 2 + Math.abs(v) - edge);
}

/** The same for every quarter of a point that can be seen, looked up: it is asked for millions of times. */
function tabled(bow: (v: number) => number, { width, height }: Ink): (v: number) => number {
  const reach = Math.ceil(Math.hypot(width, height));
  const table = Float32Array.from({ length: 8 * reach + 1 }, (_, at) => bow(at / 4 - reach));
  return (v) => table[Math.round((v + reach) * 4)] ?? bow(v);
}

/** Half the angle of an arc whose sagitta is `curl` of its length: (1 − cos a) / 2a = curl. */
function solveHalfAngle(curl: number): number {
  let [least, most] = [1e-3, Math.PI / 2];
  for (let step = 0; step < 40; step += 1) {
    const middle = (least + most) / 2;
    if ((1 - Math.cos(middle)) / (2 * middle) < curl) least = middle;
    else most = middle;
  }
  return (least + most) / 2;
}

/** A Gaussian, one direction after the other. */
function blurred(picture: Float32Array, size: number, sigma: number): Float32Array {
  if (sigma < 0.1) return picture;
  const reach = Math.ceil(3 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, at) =>
    Math.exp(-((at - reach) ** 2) / (2 * sigma * sigma)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const row = new Float32Array(size + 2 * reach);
  // Beyond its edge the picture goes on as it ends.
  const along = (source: Float32Array, step: number, next: number): Float32Array => {
    const soft = new Float32Array(source.length);
    for (let line = 0; line < size; line += 1) {
      for (let place = -reach; place < size + reach; place += 1)
        row[place + reach] = source[line * next + Math.min(Math.max(place, 0), size - 1) * step] ?? 0;
      for (let place = 0; place < size; place += 1) {
        let sum = 0;
        for (let at = 0; at < weights.length; at += 1) sum += (row[place + at] ?? 0) * (weights[at] ?? 0);
        soft[line * next + place * step] = sum / total;
      }
    }
    return soft;
  };
  return along(along(picture, 1, size), size, 1);
}

/** One of a standard normal distribution (Box and Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
