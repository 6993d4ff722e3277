function attributeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/**
 * A page that brings the shell's one-time code to the agent and then becomes the kiosk's page. The launcher writes it to a
 * file that only the shell's user can read and gives Chromium its path: the code is in no command line and no address.
 * `agentUrl` is the agent's origin, e.g. `http://127.0.0.1:8710`.
 */
export function attachPageHtml(agentUrl: string, code: string): string {
  const action = attributeText(new URL('/attach', agentUrl).href);
  return `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>随申码离线码</title>
<style>html{background:#f4f6f8}</style></head>
<body><form id="attach" method="post" action="${action}"><input type="hidden" name="code" value="${attributeText(code.trim())}"></form>
<script>document.getElementById('attach').submit()</script></body>
</html>
`;
}
