/**
 * Whether a recording holds a prompt. Both are mono PCM at one rate. For a lag of `l` samples
 *
 *     r(l) = Σ x[l+n]·p[n] / √( Σ x[l+n]² · Σ p[n]² ),   n = 0 … |p|−1
 *
 * with x the recording and p the prompt, each without its mean. r is 1 where the recording is the prompt, however loud; 0 where it
 * has nothing to do with it. Only lags at which the whole prompt lies within the recording count, and no place at
 * which the recording is far softer than at its loudest: a vowel's end in a silence resembles many a vowel.
 */

/** Where the prompt fits best. */
export interface Fit {
  /** r at that lag, −1 to 1. */
  readonly correlation: number;
  /** Samples of the recording before the prompt begins. */
  readonly lag: number;
  /** How loud it is there: Σ x·p / Σ p². */
  readonly gain: number;
}

/** Of the energy of the loudest place: what has less is as good as silent. */
const SILENT_PART = 0.1;

export function bestFit(recording: Float64Array, prompt: Float64Array): Fit {
  const x = withoutMean(recording);
  const p = withoutMean(prompt);
  const promptEnergy = energyOf(p);
  let best: Fit = { correlation: 0, lag: 0, gain: 0 };
  if (x.length < p.length || promptEnergy === 0) return best;
  const products = crossCorrelation(x, p);
  const energies = energiesOf(x, p.length);
  const least = SILENT_PART * energies.reduce((most, energy) => Math.max(most, energy), 0);
  for (const [lag, energy] of energies.entries()) {
    if (energy <= least) continue;
    const product = products[lag] ?? 0;
    const correlation = product / Math.sqrt(energy * promptEnergy);
    if (correlation > best.correlation) best = { correlation, lag, gain: product / promptEnergy };
  }
  return best;
}

function withoutMean(samples: Float64Array): Float64Array {
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / Math.max(1, samples.length);
  return samples.map((sample) => sample - mean);
}

function energyOf(samples: Float64Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0);
}

/** Σ x[l+n]² of the `length` samples from each lag on. */
function energiesOf(x: Float64Array, length: number): Float64Array {
  const energies = new Float64Array(x.length - length + 1);
  let energy = energyOf(x.subarray(0, length));
  for (let lag = 0; lag < energies.length; lag += 1) {
    energies[lag] = energy;
    energy = Math.max(0, energy + (x[lag + length] ?? 0) ** 2 - (x[lag] ?? 0) ** 2);
  }
  return energies;
}

/** Σ x[l+n]·p[n] for every lag l ≥ 0, by way of the spectra: X · conj(P), and back. */
function crossCorrelation(x: Float64Array, p: Float64Array): Float64Array {
  const size = 2 ** Math.ceil(Math.log2(x.length + p.length));
  const padded = (samples: Float64Array) => {
    const re = new Float64Array(size);
    re.set(samples);
    return { re, im: new Float64Array(size) };
  };
  const a = padded(x);
  const b = padded(p);
  transform(a.re, a.im);
  transform(b.re, b.im);
  for (let k = 0; k < size; k += 1) {
    const [ar = 0, ai = 0, br = 0, bi = 0] = [a.re[k], a.im[k], b.re[k], b.im[k]];
    // Conjugated, so that the same transform leads back.
    a.re[k] = ar * br + ai * bi;
    a.im[k] = -(ai * br - ar * bi);
  }
  transform(a.re, a.im);
  return a.re.map((value) => value / size);
}

/** Discrete Fourier transform in place (Cooley and Tukey, radix 2); the length is a power of two. */
function transform(re: Float64Array, im: Float64Array): void {
  const size = re.length;
  const swap = (one: number, other: number) => {
    [re[one], re[other]] = [re[other] ?? 0, re[one] ?? 0];
    [im[one], im[other]] = [im[other] ?? 0, im[one] ?? 0];
  };
  for (let at = 1, reversed = 0; at < size; at += 1) {
    let bit = size >> 1;
    for (; (reversed & bit) !== 0; bit >>= 1) reversed ^= bit;
    reversed ^= bit;
    if (at < reversed) swap(at, reversed);
  }
  for (let span = 2; span <= size; span *= 2) {
    const half = span / 2;
    const cos = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / span));
    const sin = Float64Array.from({ length: half }, (_, k) => -Math.sin((2 * Math.PI * k) / span));
    for (let from = 0; from < size; from += span) {
      for (let k = 0; k < half; k += 1) {
        const even = from + k;
        const odd = even + half;
        const [or = 0, oi = 0, er = 0, ei = 0] = [re[odd], im[odd], re[even], im[even]];
        const [c = 0, s = 0] = [cos[k], sin[k]];
        const tr = or * c - oi * s;
        const ti = or * s + oi * c;
        re[even] = er + tr;
        im[even] = ei + ti;
        re[odd] = er - tr;
        im[odd] = ei - ti;
      }
    }
  }
}
