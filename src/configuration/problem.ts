/** A sentence for technicians, in both languages they may read. */
export interface BilingualText {
  readonly 'zh-CN': string;
  readonly en: string;
}

/** One thing that is wrong with a configuration file. */
export interface ConfigurationProblem {
  /** Dotted, e.g. `limits.idleSeconds`; empty when the file as a whole is meant. */
  readonly key: string;
  /** 1-based; 0 when the file could not be read. Of a missing key: the line of its section, or 1. */
  readonly line: number;
  /** What is allowed there. The written value is never repeated: it may be a secret in the wrong place. */
  readonly message: BilingualText;
}
