/** Where the page gets each recording that was rendered in Mandarin, by file. */
export const files = import.meta.glob<string>('../../../assets/voice/zh-CN/*/*.opus', {
  query: '?url',
  import: 'default',
  eager: true,
});
