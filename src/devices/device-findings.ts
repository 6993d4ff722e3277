/** Who a device says it is. For people and as a key; never believed: clones answer with other makers' names. */
export interface DeviceIdentity {
  readonly maker?: string;
  readonly model?: string;
  readonly serialNumber?: string;
  readonly firmware?: string;
}

/** What a probe found out about one unit, kept over restarts. Values are JSON and hold no personal data. */
export interface DeviceFindings<T> {
  /** Undefined: this unit was never probed. */
  get(unit: string): T | undefined;
  put(unit: string, findings: T): void;
}

/** The key of a unit: model, serial number and firmware, as it tells them. Undefined when it tells nothing. */
export function unitKey({ maker, model, serialNumber, firmware }: DeviceIdentity): string | undefined {
  const parts = [maker, model, serialNumber, firmware].map((part) => part?.trim() ?? '');
  return parts.every((part) => part === '') ? undefined : parts.join(' / ');
}
