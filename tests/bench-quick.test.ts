import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { BenchReport } from './bench/run-bench.ts';

const run = promisify(execFile);

describe('the measurements', () => {
  it('end, and give every figure they promise', async () => {
    const { stdout } = await run(process.execPath, ['scripts/bench.ts', '--quick', '--json'], {
      maxBuffer: 1024 * 1024,
      timeout: 110_000,
    });
    const report = JSON.parse(stdout) as BenchReport;
    const spread = { median: expect.any(Number), p95: expect.any(Number), count: expect.any(Number) };
    const composed = { bytes: expect.any(Number), ms: spread };
    expect(Object.keys(report.compose.ours)).toEqual([
      '80mm-raster',
      '80mm-native',
      '58mm-raster',
      '58mm-native',
    ]);
    for (const one of Object.values({ ...report.compose.ours, ...report.compose.peers })) {
      expect(one).toEqual(composed);
      expect(one.bytes).toBeGreaterThan(1000);
    }
    expect(Object.keys(report.compose.peers)).toHaveLength(5);
    expect(Object.keys(report.compose.ratios['80mm-native'] ?? {})).toEqual(
      Object.keys(report.compose.peers),
    );
    const onWire = {
      slipBytes: expect.any(Number),
      rasterBytes: expect.any(Number),
      ratio: expect.any(Number),
    };
    for (const { native, ...drawn } of Object.values(report.wire)) {
      expect(drawn).toEqual({ serial: onWire, tcp: onWire, usb: onWire });
      // The target for each model with a Chinese font, in the bands that 115200 baud really get.
      if (native) expect(native.ratio).toBeLessThanOrEqual(0.1);
    }
    expect(report.cardRead).toMatchObject({
      serialMs: spread,
      bareMs: spread,
      tcpMs: spread,
      driverOverhead: expect.any(Number),
    });
    for (const line of ['115200', 'tcp']) {
      const figures = report.statusWhilePrinting[line];
      expect(figures).toMatchObject({ questionMs: spread, roundMs: spread, toldMs: spread });
      expect(figures?.questionMs.count).toBeGreaterThan(0);
    }
    expect(report.journal).toEqual({ insertMs: spread, moveMs: spread, closeMs: spread });
    expect(report.touch).toEqual({
      throttle: 6,
      pressedMs: spread,
      unseen: expect.any(Number),
      nextScreenMs: spread,
      firstPaintMs: spread,
      firstScreenMs: spread,
    });
  }, 120_000);
});
