/** What a probe found out about one reader, kept by its SAM number over restarts. */
export interface ReaderFindings {
  /** Find answers 9F again for a card that was read and not lifted, and 80 only when it has gone. */
  readonly seesCardThatWasRead: boolean;
  /** When that was found out, ms since 1970 by the kiosk's clock; for people. */
  readonly probedAtMs: number;
}
