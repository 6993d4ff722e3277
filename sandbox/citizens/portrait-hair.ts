import type { SKRSContext2D } from '@napi-rs/canvas';

import type { Traits } from './portrait-traits.ts';

function hairFill(
  pen: SKRSContext2D,
  { hair, headHeight }: Traits,
): ReturnType<SKRSContext2D['createLinearGradient']> {
  const gradient = pen.createLinearGradient(0, -headHeight * 0.62, 0, 60);
  gradient.addColorStop(0, hair.light);
  gradient.addColorStop(0.45, hair.base);
  gradient.addColorStop(1, hair.dark);
  return gradient;
}

/** The hair behind head and neck. */
export function drawBackHair(pen: SKRSContext2D, traits: Traits): void {
  const { headWidth, headHeight, hairStyle, hair } = traits;
  const half = headWidth / 2;
  const top = -headHeight * 0.5;
  pen.fillStyle = hair.dark;
  switch (hairStyle) {
    case 'bob':
      pen.beginPath();
      pen.moveTo(-half - 16, 84);
      pen.bezierCurveTo(-half - 24, -20, -half - 20, top - 22, 0, top - 24);
      pen.bezierCurveTo(half + 20, top - 22, half + 24, -20, half + 16, 84);
      pen.quadraticCurveTo(0, 108, -half - 16, 84);
      pen.fill();
      return;
    case 'waves':
      for (const [x, y, r] of wavesBehind(half, top)) {
        pen.beginPath();
        pen.arc(x, y, r, 0, Math.PI * 2);
        pen.fill();
      }
      return;
    case 'bun':
      pen.beginPath();
      pen.ellipse(0, top - 22, 36, 27, 0, 0, Math.PI * 2);
      pen.fill();
      pen.fillStyle = hair.base;
      pen.beginPath();
      pen.ellipse(0, top - 25, 29, 20, 0, 0, Math.PI * 2);
      pen.fill();
      return;
    case 'short':
    case 'side-parted':
    case 'receding':
      pen.beginPath();
      pen.ellipse(0, -8, half + 7, headHeight * 0.42, 0, 0, Math.PI * 2);
      pen.fill();
  }
}

/** Circles around the head that make up permed hair: x, y, radius. */
function wavesBehind(half: number, top: number): readonly (readonly [number, number, number])[] {
  return Array.from({ length: 13 }, (_, index) => {
    const angle = Math.PI * (1.2 - (index / 12) * 1.4);
    return [Math.cos(angle) * (half + 6), -14 - Math.sin(angle) * (14 - top), 27] as const;
  });
}

/** The hair over forehead and temples. */
export function drawFrontHair(pen: SKRSContext2D, traits: Traits): void {
  pen.fillStyle = hairFill(pen, traits);
  switch (traits.hairStyle) {
    case 'short':
      return drawCap(pen, traits, { hairline: 0.55, part: 0, sideEnd: 8 });
    case 'side-parted':
      return drawCap(pen, traits, { hairline: 0.58, part: -0.45, sideEnd: 12 });
    case 'receding':
      return drawReceding(pen, traits);
    case 'bob':
      return drawCap(pen, traits, { hairline: 0.5, part: 0.35, sideEnd: 56 });
    case 'waves':
      return drawWaves(pen, traits);
    case 'bun':
      return drawCap(pen, traits, { hairline: 0.6, part: 0, sideEnd: 2 });
  }
}

interface CapShape {
  /** Height of the hairline, as a share of the distance from the eyes to the top of the head. */
  readonly hairline: number;
  /** Where the hair parts, −1 (left temple) … 1 (right temple). */
  readonly part: number;
  /** How far down the hair goes beside the face, from the line of the eyes. */
  readonly sideEnd: number;
}

function drawCap(pen: SKRSContext2D, traits: Traits, { hairline, part, sideEnd }: CapShape): void {
  const half = traits.headWidth / 2;
  const top = -traits.headHeight * 0.5;
  const line = top * hairline;
  const partX = part * half;
  pen.beginPath();
  pen.moveTo(-half - 8, sideEnd);
  pen.bezierCurveTo(-half - 16, top * 0.7, -half * 0.75, top - 21, 0, top - 21);
  pen.bezierCurveTo(half * 0.75, top - 21, half + 16, top * 0.7, half + 8, sideEnd);
  pen.quadraticCurveTo(half - 1, sideEnd - 4, half - 5, -14);
  pen.bezierCurveTo(half - 9, line * 0.9, partX + half * 0.35, line - 12, partX, line - 16);
  pen.bezierCurveTo(partX - half * 0.35, line - 12, -half + 9, line * 0.9, -half + 5, -14);
  pen.quadraticCurveTo(-half + 1, sideEnd - 4, -half - 8, sideEnd);
  pen.fill();
  drawStrands(pen, traits, partX, line);
}

function drawStrands(
  pen: SKRSContext2D,
  { hair, headWidth, headHeight }: Traits,
  partX: number,
  line: number,
): void {
  const half = headWidth / 2;
  const top = -headHeight * 0.5;
  pen.strokeStyle = hair.dark;
  pen.lineWidth = 1.6;
  pen.globalAlpha = 0.55;
  for (const reach of [-0.9, -0.6, -0.3, 0.3, 0.6, 0.9]) {
    pen.beginPath();
    pen.moveTo(partX * 0.8 + reach * 8, line - 22);
    pen.quadraticCurveTo(reach * half * 0.75, top - 4, reach * (half + 3), top * 0.52);
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

function drawReceding(pen: SKRSContext2D, { headWidth, headHeight }: Traits): void {
  const half = headWidth / 2;
  const top = -headHeight * 0.5;
  for (const side of [-1, 1]) {
    pen.beginPath();
    pen.moveTo(side * (half + 8), 12);
    pen.bezierCurveTo(
      side * (half + 13),
      top * 0.55,
      side * (half * 0.95),
      top * 0.86,
      side * half * 0.62,
      top * 0.97,
    );
    pen.bezierCurveTo(side * half * 0.8, top * 0.75, side * (half - 7), top * 0.5, side * (half - 4), -12);
    pen.quadraticCurveTo(side * (half - 1), 8, side * (half + 8), 12);
    pen.fill();
  }
}

function drawWaves(pen: SKRSContext2D, traits: Traits): void {
  const half = traits.headWidth / 2;
  const top = -traits.headHeight * 0.5;
  for (let index = 0; index <= 10; index += 1) {
    const angle = Math.PI * (1.04 - (index / 10) * 1.08);
    const x = Math.cos(angle) * (half - 1);
    const y = -16 - Math.sin(angle) * (-top - 20);
    pen.beginPath();
    pen.arc(x, y, 21, 0, Math.PI * 2);
    pen.fill();
  }
  pen.strokeStyle = traits.hair.dark;
  pen.lineWidth = 1.8;
  pen.globalAlpha = 0.5;
  for (let index = 1; index < 10; index += 1) {
    const angle = Math.PI * (1.04 - (index / 10) * 1.08);
    pen.beginPath();
    pen.arc(Math.cos(angle) * (half + 4), -18 - Math.sin(angle) * (-top - 12), 13, angle + 2, angle + 5);
    pen.stroke();
  }
  pen.globalAlpha = 1;
}
