/** A colour as `#rrggbb`. */
export type Colour = `#${string}`;

/** Linear light of red, green and blue, 0 to 1 (IEC 61966-2-1). */
type Light = readonly [red: number, green: number, blue: number];

/** What the lens of somebody of 70 lets through of each, against somebody of 20 (elderly-ux §5.3). */
const AGED_LENS: Light = [0.96, 0.86, 0.52];
/** Light that a panel in a hall throws back over everything, share of white. */
const GLARE = 0.1;

function lightOf(colour: Colour): Light {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** Relative luminance (WCAG 2.2). */
function luminance([red, green, blue]: Light): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function ratio(one: number, other: number, flare: number): number {
  return (Math.max(one, other) + flare) / (Math.min(one, other) + flare);
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2, 1.4.3). */
export function contrast(one: Colour, other: Colour): number {
  return ratio(luminance(lightOf(one)), luminance(lightOf(other)), 0.05);
}

/** The same as somebody of 70 sees it in a lit hall: through an aged lens, under glare, against the white that is left. */
export function agedContrast(one: Colour, other: Colour): number {
  const seen = (colour: Colour) => {
    const [red, green, blue] = lightOf(colour);
    const [lensRed, lensGreen, lensBlue] = AGED_LENS;
    return luminance([(red + GLARE) * lensRed, (green + GLARE) * lensGreen, (blue + GLARE) * lensBlue]);
  };
  return ratio(seen(one), seen(other), 0.05 * luminance(AGED_LENS));
}
