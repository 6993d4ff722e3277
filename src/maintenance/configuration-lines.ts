/** A section of `kiosk.toml` with these keys, to be pasted as it is. */
export function configurationLines(
  section: string,
  settings: Readonly<Record<string, string | number | boolean>>,
): readonly string[] {
  // A JSON string is a basic string of TOML: both escape alike.
  return [
    `[${section}]`,
    ...Object.entries(settings).map(([key, value]) => `${key} = ${JSON.stringify(value)}`),
  ];
}
