import { citizen } from '../copy/zh-cn/citizen.ts';

/** What a shell shows by itself while there is no page of the agent: calm words, nobody's data. A `data:` address. */
export function coverPageUrl(): string {
  const { title, body } = citizen.screen.preparing;
  const html = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>${title}</title>
<style>html{height:100%;background:#f4f6f8;color:#1a1a1a;font:600 48px/1.5 "Noto Sans CJK SC",sans-serif}
body{height:100%;margin:0;display:flex;flex-direction:column;align-items:center;justify-content:center;user-select:none}
h1{font-size:80px;line-height:1.3;margin:0 0 24px}</style><h1>${title}</h1>${body}</html>`;
  return `data:text/html;charset=utf-8,${encodeURIComponent(html)}`;
}
