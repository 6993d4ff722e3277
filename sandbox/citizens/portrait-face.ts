import type { SKRSContext2D } from '@napi-rs/canvas';

import type { Traits } from './portrait-traits.ts';

/** The outline of the face from the temples down and over the top, as a path ready to fill. */
function faceOutline(pen: SKRSContext2D, { headWidth, headHeight, jaw }: Traits): void {
  const half = headWidth / 2;
  const top = -headHeight * 0.5;
  const chin = headHeight * 0.54;
  pen.beginPath();
  pen.moveTo(-half, -6);
  pen.bezierCurveTo(-half - 2, top * 0.75, -half * 0.62, top, 0, top);
  pen.bezierCurveTo(half * 0.62, top, half + 2, top * 0.75, half, -6);
  pen.bezierCurveTo(half + 1, 40, half * 0.94, 66, half * jaw, chin - 18);
  pen.quadraticCurveTo(half * 0.3, chin + 1, 0, chin + 1);
  pen.quadraticCurveTo(-half * 0.3, chin + 1, -half * jaw, chin - 18);
  pen.bezierCurveTo(-half * 0.94, 66, -half - 1, 40, -half, -6);
  pen.closePath();
}

/** Ears, face, brows, eyes, nose, mouth, wrinkles, and glasses where they are worn. */
export function drawFace(pen: SKRSContext2D, traits: Traits): void {
  drawEars(pen, traits);
  drawSkin(pen, traits);
  drawWrinkles(pen, traits);
  for (const side of [-1, 1] as const) {
    drawEye(pen, traits, side);
    drawBrow(pen, traits, side);
  }
  drawNose(pen, traits);
  drawMouth(pen, traits);
  if (traits.glasses !== 'none') drawGlasses(pen, traits);
}

function drawEars(pen: SKRSContext2D, { headWidth, skin }: Traits): void {
  for (const side of [-1, 1]) {
    const x = (side * headWidth) / 2;
    pen.fillStyle = skin.base;
    pen.beginPath();
    pen.ellipse(x + side * 2, 14, 13, 25, side * 0.14, 0, Math.PI * 2);
    pen.fill();
    pen.strokeStyle = skin.shade;
    pen.lineWidth = 2.4;
    pen.beginPath();
    pen.ellipse(x + side * 4, 12, 6, 15, side * 0.14, Math.PI * 0.9, Math.PI * 1.95, side < 0);
    pen.stroke();
  }
}

function drawSkin(pen: SKRSContext2D, traits: Traits): void {
  const { skin, headWidth } = traits;
  faceOutline(pen, traits);
  const gradient = pen.createRadialGradient(-14, -20, 20, 0, 10, headWidth * 0.82);
  gradient.addColorStop(0, skin.light);
  gradient.addColorStop(0.6, skin.base);
  gradient.addColorStop(1, skin.shade);
  pen.fillStyle = gradient;
  pen.fill();
  for (const side of [-1, 1]) {
    const x = side * headWidth * 0.29;
    const blush = pen.createRadialGradient(x, 42, 2, x, 42, 25);
    blush.addColorStop(0, `${skin.warm}66`);
    blush.addColorStop(1, `${skin.warm}00`);
    pen.fillStyle = blush;
    pen.fillRect(x - 26, 16, 52, 52);
  }
}

function stroke(pen: SKRSContext2D, color: string, width: number, alpha: number, path: () => void): void {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.globalAlpha = alpha;
  pen.beginPath();
  path();
  pen.stroke();
  pen.globalAlpha = 1;
}

function drawWrinkles(pen: SKRSContext2D, { skin, age, eyeGap, mouthWidth, noseLength }: Traits): void {
  const line = (alpha: number, path: () => void) => stroke(pen, skin.shade, 2, alpha, path);
  // Forehead: one line from about 60 on, three from about 80.
  const foreheadLines = Math.round(age * 3);
  for (let index = 0; index < foreheadLines; index += 1) {
    const y = -44 - index * 10;
    line(0.45 + age * 0.25, () => {
      pen.moveTo(-34 + index * 4, y + 2);
      pen.quadraticCurveTo(0, y - 4, 34 - index * 4, y + 2);
    });
  }
  for (const side of [-1, 1]) {
    const outer = side * (eyeGap + 20);
    line(0.35 + age * 0.5, () => {
      pen.moveTo(outer, -2);
      pen.lineTo(outer + side * 8, -7);
      pen.moveTo(outer + side, 4);
      pen.lineTo(outer + side * 9, 5);
    });
    line(0.3 + age * 0.4, () => {
      pen.moveTo(side * (eyeGap - 13), 15);
      pen.quadraticCurveTo(side * eyeGap, 22, side * (eyeGap + 13), 13);
    });
    line(0.45 + age * 0.4, () => {
      pen.moveTo(side * 19, noseLength + 1);
      pen.quadraticCurveTo(
        side * (mouthWidth + 11),
        noseLength + 12,
        side * (mouthWidth + 12),
        noseLength + 30,
      );
    });
  }
}

function drawEye(pen: SKRSContext2D, { eyeGap, eyeSize, skin, age }: Traits, side: -1 | 1): void {
  const x = side * eyeGap;
  const width = eyeSize * 1.45;
  const height = eyeSize * (0.72 - age * 0.14);
  const lids = () => {
    pen.beginPath();
    pen.moveTo(x - width, 1);
    pen.quadraticCurveTo(x, -height * 2, x + width, 1);
    pen.quadraticCurveTo(x, height * 1.5, x - width, 1);
  };
  lids();
  pen.fillStyle = '#fbfaf7';
  pen.fill();
  pen.save();
  lids();
  pen.clip();
  for (const [radius, color] of [
    [eyeSize * 0.68, '#4a352a'],
    [eyeSize * 0.34, '#1d1613'],
  ] as const) {
    pen.fillStyle = color;
    pen.beginPath();
    pen.arc(x, -1, radius, 0, Math.PI * 2);
    pen.fill();
  }
  pen.fillStyle = '#ffffff';
  pen.beginPath();
  pen.arc(x - 2.6, -3.4, 1.9, 0, Math.PI * 2);
  pen.fill();
  pen.restore();
  stroke(pen, '#5b4437', 2.6, 0.9, () => {
    pen.moveTo(x - width, 1);
    pen.quadraticCurveTo(x, -height * 2, x + width, 1);
  });
  stroke(pen, skin.shade, 1.8, 0.9, () => {
    pen.moveTo(x - width, -4);
    pen.quadraticCurveTo(x, -height * 2 - 7, x + width + 1, -3);
  });
}

function drawBrow(pen: SKRSContext2D, { eyeGap, browTilt, hair, sex }: Traits, side: -1 | 1): void {
  stroke(pen, hair.dark, sex === '1' ? 6.5 : 4.2, 0.95, () => {
    pen.moveTo(side * (eyeGap - 15), -21);
    pen.quadraticCurveTo(
      side * (eyeGap + 2),
      -28 - browTilt * 0.4,
      side * (eyeGap + 18),
      -20 + browTilt * 0.4,
    );
  });
}

function drawNose(pen: SKRSContext2D, { noseLength, skin }: Traits): void {
  const shine = pen.createLinearGradient(0, 0, 0, noseLength);
  shine.addColorStop(0, `${skin.light}00`);
  shine.addColorStop(1, skin.light);
  pen.fillStyle = shine;
  pen.beginPath();
  pen.ellipse(-1, noseLength * 0.62, 7, noseLength * 0.42, 0, 0, Math.PI * 2);
  pen.fill();
  stroke(pen, skin.shade, 2.6, 1, () => {
    pen.moveTo(-16, noseLength - 4);
    pen.quadraticCurveTo(-17, noseLength + 5, -8, noseLength + 4);
    pen.quadraticCurveTo(0, noseLength + 9, 8, noseLength + 4);
    pen.quadraticCurveTo(17, noseLength + 5, 16, noseLength - 4);
  });
  stroke(pen, skin.shade, 2, 0.6, () => {
    pen.moveTo(9, 4);
    pen.quadraticCurveTo(7, noseLength * 0.5, 12, noseLength - 9);
  });
}

function drawMouth(
  pen: SKRSContext2D,
  { noseLength, mouthWidth, smile, skin, moustache, hair }: Traits,
): void {
  const y = noseLength + 29;
  if (moustache) {
    pen.fillStyle = hair.base;
    pen.beginPath();
    pen.moveTo(-27, y - 3);
    pen.quadraticCurveTo(-14, y - 18, 0, y - 13);
    pen.quadraticCurveTo(14, y - 18, 27, y - 3);
    pen.quadraticCurveTo(12, y - 8, 0, y - 6);
    pen.quadraticCurveTo(-12, y - 8, -27, y - 3);
    pen.fill();
  }
  pen.fillStyle = skin.warm;
  pen.globalAlpha = 0.85;
  pen.beginPath();
  pen.moveTo(-mouthWidth, y - smile * 0.35);
  pen.quadraticCurveTo(-8, y - 4, 0, y - 1);
  pen.quadraticCurveTo(8, y - 4, mouthWidth, y - smile * 0.35);
  pen.quadraticCurveTo(0, y + smile + 8, -mouthWidth, y - smile * 0.35);
  pen.fill();
  stroke(pen, '#8d5244', 2.4, 0.9, () => {
    pen.moveTo(-mouthWidth - 2, y - smile * 0.55);
    pen.quadraticCurveTo(0, y + smile, mouthWidth + 2, y - smile * 0.55);
  });
  stroke(pen, skin.shade, 2, 0.6, () => {
    pen.moveTo(-9, y + smile + 12);
    pen.quadraticCurveTo(0, y + smile + 15, 9, y + smile + 12);
  });
}

function drawGlasses(pen: SKRSContext2D, { glasses, eyeGap, headWidth, sex }: Traits): void {
  const color = sex === '1' ? '#3b3a3c' : '#6b3f3a';
  for (const side of [-1, 1]) {
    const x = side * (eyeGap + 1);
    pen.fillStyle = 'rgba(255, 255, 255, 0.16)';
    pen.beginPath();
    if (glasses === 'round') pen.ellipse(x, 3, 24, 22, 0, 0, Math.PI * 2);
    else pen.roundRect(x - 25, -15, 50, 35, 9);
    pen.fill();
    pen.strokeStyle = color;
    pen.lineWidth = 3.2;
    pen.stroke();
    stroke(pen, color, 3, 1, () => {
      pen.moveTo(x + side * 24, -3);
      pen.lineTo((side * headWidth) / 2, -7);
    });
  }
  stroke(pen, color, 3, 1, () => {
    pen.moveTo(-eyeGap + 23, -1);
    pen.quadraticCurveTo(0, -8, eyeGap - 23, -1);
  });
}
