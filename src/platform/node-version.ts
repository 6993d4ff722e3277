/** better-sqlite3 13 crashes without a word below this version, so programs ask before they load it. */
const NEEDED_MAJOR = 24;

/** Ends the process with a plain sentence when it runs on a Node too old for the native modules. */
export function requireNodeVersion(): void {
  const major = Number.parseInt(process.versions.node, 10);
  if (major >= NEEDED_MAJOR) return;
  process.stderr.write(
    `需要 Node ${NEEDED_MAJOR} 或更新版本，现在是 ${process.versions.node}。请用 npm run 启动，它会自动使用项目自带的 Node。\n` +
      `Node ${NEEDED_MAJOR} or newer is needed, this is ${process.versions.node}. Start through npm run: it uses the project's own Node.\n`,
  );
  process.exit(78);
}
