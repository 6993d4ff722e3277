import { createCanvas } from '@napi-rs/canvas';
import type { SKRSContext2D } from '@napi-rs/canvas';

import type { Citizen } from './citizen.ts';
import { drawFace } from './portrait-face.ts';
import { drawBackHair, drawFrontHair } from './portrait-hair.ts';
import { traitsOf } from './portrait-traits.ts';
import type { Traits } from './portrait-traits.ts';

const WIDTH = 360;
const HEIGHT = 450;

/**
 * A drawn portrait like the one on file for an ID card, 360×450 px PNG, the same bytes for the same citizen each time;
 * `undefined` for a citizen of whom there is no photo.
 */
export function portraitPng(citizen: Citizen): Uint8Array | undefined {
  if (!citizen.hasPhoto) return undefined;
  const canvas = createCanvas(WIDTH, HEIGHT);
  const pen = canvas.getContext('2d');
  const traits = traitsOf(citizen);
  pen.lineCap = 'round';
  pen.lineJoin = 'round';

  drawBackground(pen, traits);
  // From here on x = 0 is the middle of the face and y = 0 the line of the eyes.
  pen.translate(WIDTH / 2, 205);
  drawBackHair(pen, traits);
  drawNeck(pen, traits);
  drawClothes(pen, traits);
  drawFace(pen, traits);
  drawFrontHair(pen, traits);
  return canvas.toBuffer('image/png');
}

function drawBackground(pen: SKRSContext2D, { background }: Traits): void {
  const gradient = pen.createRadialGradient(WIDTH / 2, 190, 60, WIDTH / 2, 220, 330);
  gradient.addColorStop(0, background[1]);
  gradient.addColorStop(1, background[0]);
  pen.fillStyle = gradient;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
}

function drawNeck(pen: SKRSContext2D, { skin, sex }: Traits): void {
  const half = sex === '1' ? 41 : 34;
  pen.fillStyle = skin.base;
  pen.beginPath();
  pen.moveTo(-half, 50);
  pen.bezierCurveTo(-half, 130, -half - 6, 140, -half - 34, 160);
  pen.lineTo(half + 34, 160);
  pen.bezierCurveTo(half + 6, 140, half, 130, half, 50);
  pen.fill();
  // The chin's shadow lies on the neck.
  pen.fillStyle = skin.shade;
  pen.globalAlpha = 0.75;
  pen.beginPath();
  pen.ellipse(0, 100, half + 2, 26, 0, 0, Math.PI * 2);
  pen.fill();
  pen.globalAlpha = 1;
}

function drawClothes(pen: SKRSContext2D, traits: Traits): void {
  const { cloth, sex } = traits;
  const shoulder = sex === '1' ? 158 : 143;
  const gradient = pen.createLinearGradient(0, 130, 0, 245);
  gradient.addColorStop(0, cloth.light);
  gradient.addColorStop(0.5, cloth.base);
  gradient.addColorStop(1, cloth.dark);
  pen.fillStyle = gradient;
  pen.beginPath();
  pen.moveTo(-shoulder - 8, 260);
  pen.bezierCurveTo(-shoulder - 4, 190, -shoulder + 20, 172, -96, 158);
  pen.bezierCurveTo(-70, 150, -56, 140, -48, 126);
  pen.quadraticCurveTo(0, 190, 48, 126);
  pen.bezierCurveTo(56, 140, 70, 150, 96, 158);
  pen.bezierCurveTo(shoulder - 20, 172, shoulder + 4, 190, shoulder + 8, 260);
  pen.fill();
  switch (traits.clothing) {
    case 'jacket-and-shirt':
      return drawShirt(pen, traits);
    case 'cardigan':
      return drawCardigan(pen, traits);
    case 'stand-collar':
      return drawStandCollar(pen, traits);
    case 'pullover':
      return drawPullover(pen, traits);
  }
}

function polygon(pen: SKRSContext2D, color: string, points: readonly (readonly [number, number])[]): void {
  pen.fillStyle = color;
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.closePath();
  pen.fill();
}

function drawShirt(pen: SKRSContext2D, { cloth }: Traits): void {
  polygon(pen, '#f3f5f8', [
    [-50, 122],
    [0, 172],
    [50, 122],
    [56, 148],
    [26, 260],
    [-26, 260],
    [-56, 148],
  ]);
  for (const side of [-1, 1]) {
    polygon(pen, '#ffffff', [
      [side * 49, 118],
      [side * 4, 170],
      [side * 34, 186],
      [side * 60, 142],
    ]);
    polygon(pen, cloth.dark, [
      [side * 62, 142],
      [side * 92, 168],
      [side * 74, 196],
      [side * 88, 204],
      [side * 24, 262],
    ]);
    pen.strokeStyle = '#d5dbe3';
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.moveTo(side * 4, 170);
    pen.lineTo(side * 34, 186);
    pen.lineTo(side * 60, 142);
    pen.stroke();
  }
  pen.beginPath();
  pen.moveTo(0, 172);
  pen.lineTo(0, 250);
  pen.stroke();
  buttons(pen, '#c2c9d3', [192, 226]);
}

function drawCardigan(pen: SKRSContext2D, { cloth }: Traits): void {
  polygon(pen, '#f6f1ea', [
    [-48, 124],
    [-30, 150],
    [0, 162],
    [30, 150],
    [48, 124],
    [60, 150],
    [14, 250],
    [-14, 250],
    [-60, 150],
  ]);
  pen.strokeStyle = '#dccfc0';
  pen.lineWidth = 3;
  pen.beginPath();
  pen.moveTo(-47, 128);
  pen.quadraticCurveTo(0, 192, 47, 128);
  pen.stroke();
  pen.strokeStyle = cloth.dark;
  pen.lineWidth = 9;
  pen.beginPath();
  pen.moveTo(-60, 146);
  pen.quadraticCurveTo(-46, 200, -2, 250);
  pen.moveTo(60, 146);
  pen.quadraticCurveTo(46, 200, 2, 250);
  pen.stroke();
}

function drawStandCollar(pen: SKRSContext2D, { cloth }: Traits): void {
  for (const side of [-1, 1]) {
    pen.fillStyle = cloth.light;
    pen.beginPath();
    pen.moveTo(side * 50, 116);
    pen.quadraticCurveTo(side * 34, 150, side * 3, 163);
    pen.lineTo(side * 3, 186);
    pen.quadraticCurveTo(side * 46, 176, side * 62, 138);
    pen.fill();
  }
  pen.strokeStyle = cloth.dark;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(0, 164);
  pen.lineTo(0, 250);
  pen.stroke();
  buttons(pen, cloth.dark, [200, 232]);
}

function drawPullover(pen: SKRSContext2D, { cloth }: Traits): void {
  pen.fillStyle = '#e9edf2';
  for (const side of [-1, 1]) {
    polygon(pen, '#f4f6f9', [
      [side * 50, 118],
      [side * 2, 166],
      [side * 22, 188],
      [side * 58, 142],
    ]);
  }
  pen.strokeStyle = cloth.dark;
  pen.lineWidth = 10;
  pen.beginPath();
  pen.moveTo(-62, 142);
  pen.lineTo(0, 206);
  pen.lineTo(62, 142);
  pen.stroke();
}

function buttons(pen: SKRSContext2D, color: string, heights: readonly number[]): void {
  pen.fillStyle = color;
  for (const y of heights) {
    pen.beginPath();
    pen.arc(0, y, 4, 0, Math.PI * 2);
    pen.fill();
  }
}
