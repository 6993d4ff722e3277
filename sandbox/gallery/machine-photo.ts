import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';

const WIDTH = 1200;
const HEIGHT = 840;

type Draw = (photo: SKRSContext2D) => void;

/** The part, in the middle, as somebody in front of the machine sees it. */
const PARTS = new Map<string, Draw>(
  Object.entries({
    cardReader: (photo) => {
      panel(photo, 330, 290, 540, 300, '#2d3c4c');
      panel(photo, 400, 350, 400, 180, '#17212b');
    },
    scanner: (photo) => {
      panel(photo, 430, 250, 340, 340, '#20262c');
      panel(photo, 480, 300, 240, 240, '#0a0c0e');
      photo.fillStyle = '#b3202c';
      photo.fillRect(490, 414, 220, 12);
    },
    slot: (photo) => {
      panel(photo, 320, 330, 560, 180, '#5a6672');
      panel(photo, 380, 396, 440, 48, '#08090a');
    },
  } satisfies Record<string, Draw>),
);

/** What a technician's photo of a part could be: brushed metal, uneven light, a part in the middle. PNG. */
export function machinePhoto(part: string): Uint8Array | undefined {
  const draw = PARTS.get(part);
  if (draw === undefined) return undefined;
  const canvas = createCanvas(WIDTH, HEIGHT);
  const photo = canvas.getContext('2d');
  const light = photo.createLinearGradient(0, 0, WIDTH, HEIGHT);
  light.addColorStop(0, '#dfe3e7');
  light.addColorStop(0.55, '#b4bcc4');
  light.addColorStop(1, '#8b959f');
  photo.fillStyle = light;
  photo.fillRect(0, 0, WIDTH, HEIGHT);
  for (let y = 0; y < HEIGHT; y += 6) {
    photo.fillStyle = `rgb(255 255 255 / ${y % 12 === 0 ? 0.1 : 0.04})`;
    photo.fillRect(0, y, WIDTH, 3);
  }
  draw(photo);
  return canvas.toBuffer('image/png');
}

function panel(
  photo: SKRSContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: string,
): void {
  photo.fillStyle = colour;
  photo.beginPath();
  photo.roundRect(x, y, width, height, 24);
  photo.fill();
}
