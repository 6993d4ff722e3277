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
    for (const { raster, serial } of Object.values(report.wire)) {
      expect(raster).toEqual({
        slipBytes: expect.any(Number),
        rasterBytes: expect.any(Number),
        ratio: expect.any(Number),
      });
      if (serial) expect(serial.slipBytes).toBeLessThan(raster.slipBytes);
    }
    expect(report.cardRead).toMatchObject({
      serialMs: spread,
      bareMs: spread,
      tcpMs: spread,
      driverOverhead: expect.any(Number),
    });
    expect(report.statusWhilePrinting['115200']).toMatchObject({
      questionMs: spread,
      roundMs: spread,
      toldMs: spread,
    });
    expect(report.statusWhilePrinting['115200']?.questionMs.count).toBeGreaterThan(0);
    expect(report.journal).toEqual({ insertMs: spread, moveMs: spread, closeMs: spread });
  }, 120_000);
});
