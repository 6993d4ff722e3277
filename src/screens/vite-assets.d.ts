/// <reference types="vite/types/importMeta.d.ts" />
declare module '*.css';
declare module '@fontsource-variable/noto-sans-sc/wght.css';
declare module '*.svg?no-inline' {
  const url: string;
  // oxlint-disable-next-line import/no-default-export -- Vite hands assets over this way
  export default url;
}
