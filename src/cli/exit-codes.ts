/** What `kioskctl` ends with. `usage` as in sysexits EX_USAGE. */
export const EXIT = { well: 0, trouble: 1, unreachable: 2, usage: 64 } as const;
