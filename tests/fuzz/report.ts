/** One thing that is wrong with a decoder. */
export interface Finding {
  /**
   * `thrown` it threw · `split` the result depends on how the stream was cut · `rule` what it says cannot be · `memory` it holds
   * more the more it gets · `ended` the process died · `hang` more than 50 ms of CPU for one input, alone in a fresh process.
   */
  readonly kind: 'thrown' | 'split' | 'rule' | 'memory' | 'ended' | 'hang';
  readonly detail: string;
  /** The smallest input that was found to do it, kept in the corpus. */
  readonly file?: string;
}

/** What the report says of one decoder. */
export interface DecoderReport {
  readonly cases: number;
  /** Different faults, hangs not among them. */
  readonly crashes: number;
  readonly hangs: number;
  /** Of its process, whose Node takes some 60 MB by itself. */
  readonly maxRssMb: number;
  readonly casesPerSecond: number;
  /** Inputs kept in the tree, all of them tried first. */
  readonly corpus: number;
  /** Inputs of this run that reached something new. */
  readonly novel: number;
  /** What it kept of `fedKb` of input without end; null: it keeps nothing between two calls. */
  readonly heldKb: number | null;
  readonly fedKb: number | null;
  readonly findings: readonly Finding[];
}

/** A whole run. */
export interface FuzzReport {
  readonly seed: number;
  readonly seconds: number;
  readonly decoders: Readonly<Record<string, DecoderReport>>;
  readonly totals: Pick<
    DecoderReport,
    'cases' | 'crashes' | 'hangs' | 'maxRssMb' | 'casesPerSecond' | 'corpus'
  >;
}

/** Sums, and the largest process. */
export function totalsOf(decoders: FuzzReport['decoders'], seconds: number): FuzzReport['totals'] {
  const all = Object.values(decoders);
  const sum = (of: (decoder: DecoderReport) => number) =>
    all.reduce((total, decoder) => total + of(decoder), 0);
  const cases = sum((decoder) => decoder.cases);
  return {
    cases,
    crashes: sum((decoder) => decoder.crashes),
    hangs: sum((decoder) => decoder.hangs),
    maxRssMb: Math.max(0, ...all.map((decoder) => decoder.maxRssMb)),
    casesPerSecond: Math.round(cases / Math.max(seconds, 0.001)),
    corpus: sum((decoder) => decoder.corpus),
  };
}

/** The report as people read it. */
export function tableOf({ decoders, totals, seconds, seed }: FuzzReport): string {
  const head = [
    'decoder',
    'cases',
    'per second',
    'crashes',
    'hangs',
    'RSS MB',
    'held KB',
    'fed KB',
    'corpus',
    'novel',
  ];
  const rows = Object.entries(decoders).map(([name, one]) => [
    name,
    one.cases,
    one.casesPerSecond,
    one.crashes,
    one.hangs,
    one.maxRssMb,
    one.heldKb ?? '–',
    one.fedKb ?? '–',
    one.corpus,
    one.novel,
  ]);
  const total = [
    'all',
    totals.cases,
    totals.casesPerSecond,
    totals.crashes,
    totals.hangs,
    totals.maxRssMb,
    '',
    '',
    totals.corpus,
  ];
  const lines = [head, ...rows, total].map(([name, ...figures]) =>
    [String(name).padEnd(30), ...figures.map((figure) => String(figure).padStart(9))].join(' '),
  );
  const findings = Object.entries(decoders).flatMap(([name, { findings: found }]) =>
    found.map(
      ({ kind, detail, file = '' }) =>
        `✗ ${name}: ${kind} ${file}\n  ${detail.split('\n').slice(0, 4).join('\n  ')}`,
    ),
  );
  return [...lines, ...findings, `${seconds.toFixed(1)} s, seed ${seed}`].join('\n');
}
