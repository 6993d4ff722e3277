/**
 * What failed in a run, as the arguments with which its runner tries just that again. A layer in which devices, browsers or an
 * emulated machine must be in time can fail because other layers took the processor; a fault of ours fails alone as well
 * (decision 0016). Layers that judge invariants are never tried again.
 */
import path from 'node:path';
import { z } from 'zod';

const vitestReport = z.object({
  testResults: z.array(z.object({ name: z.string(), status: z.string() })),
});

/** Files, relative to `root`, in which a test failed or that could not be loaded. */
export function failedFiles(report: unknown, root: string): readonly string[] {
  const { data } = vitestReport.safeParse(report);
  const failed = (data?.testResults ?? []).filter(({ status }) => status === 'failed');
  return failed.map(({ name }) => path.relative(root, name));
}

const faultsReport = z.object({
  faults: z.array(z.object({ fault: z.string(), wrong: z.array(z.string()) })),
});

/** Kinds of faults after which something was wrong. */
export function faultsWithWrong(report: unknown): readonly string[] {
  const { data } = faultsReport.safeParse(report);
  return (data?.faults ?? []).filter(({ wrong }) => wrong.length > 0).map(({ fault }) => fault);
}
