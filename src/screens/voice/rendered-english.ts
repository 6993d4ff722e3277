/** Where the page gets each recording that was rendered in English, by file. */
export const files = import.meta.glob<string>('../../../assets/voice/en/*/*.opus', {
  query: '?url',
  import: 'default',
  eager: true,
});
