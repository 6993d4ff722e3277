/** The protocol as it is, or spoilt in one way, to see that the check can see. */
export interface Rules {
  /** `issue-first`: a code is valid as soon as it is asked for, the slip is printed in one piece, and doubt voids. */
  readonly order: 'sandwich' | 'issue-first';
  /** The centre refuses to activate when the person's codes changed since reserve. */
  readonly fencing: boolean;
  /** A void gives the earlier code back. */
  readonly restore: boolean;
  /** A void of an operation that the centre does not know keeps a later reservation out. */
  readonly tombstone: boolean;
  /** The journal knows of the operation before the centre does. */
  readonly intent: boolean;
  /** After a start the centre is asked what it holds open; `without-suspended`: and codes that gave way to a later one are overlooked. */
  readonly bootScan: 'whole' | 'without-suspended' | 'none';
  /** After a lost database 作废 is printed behind whatever hangs in the printer, also where the centre holds nothing open. */
  readonly marksUnknownPaper: boolean;
  /** A body whose print is in doubt is printed again with the same token. */
  readonly reprint: boolean;
  /** Doubt about the footer voids, as doubt before it does. */
  readonly voidUncertainFooter: boolean;
  /** What is committed survives a crash; off: the last commit may be lost (`synchronous=NORMAL`). */
  readonly durable: boolean;
}

export const PROTOCOL: Rules = {
  order: 'sandwich',
  fencing: true,
  restore: true,
  tombstone: true,
  intent: true,
  bootScan: 'whole',
  marksUnknownPaper: true,
  reprint: false,
  voidUncertainFooter: false,
  durable: true,
};
