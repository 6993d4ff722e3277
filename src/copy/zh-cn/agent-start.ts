/** Why the agent does not start, or is not as safe as it should be, for whoever reads its error output. */
export const agentStart = {
  usage: '用法：agent --config kiosk.toml [--verbose]',
  fileUnreadable: (file: string) => `读不到 ${file}：没有这个文件，或者没有读取权限`,
  notAKey: (file: string) => `${file} 里不是 Ed25519 私钥（PEM，PKCS#8）`,
  notACertificate: (file: string) => `${file} 里没有可用的证书（PEM）`,
  keyId: '密钥编号要用可打印的 ASCII 字符，不带空格',
  inUse: (directory: string) => `另一个 agent 正在使用 ${directory}。请先停掉它，或者给这一个另设数据目录`,
  newer: (found: number, known: number) =>
    `数据库是更新版本的程序写的（第 ${found} 版，这个程序只认识到第 ${known} 版）。请装回新程序`,
  unsafe: (pragmas: string) => `这里的 SQLite 不能保证数据安全（${pragmas}），不能使用`,
  unavailable: (directory: string, code: string) =>
    `数据目录 ${directory} 不能使用（${code}）。请检查磁盘空间和权限`,
  portTaken: (port: number) => `127.0.0.1:${port} 已被别的程序占用。请停掉它，或者改 bridge.port`,
  socketTaken: (file: string) => `${file} 已有别的 agent 在应答。请停掉它，或者改 bridge.socketPath`,
  cannotListen: (code: string) => `打不开给屏幕用的本机服务（${code}）`,
  coreFiles: '禁止不了核心转储（没有 prlimit 命令）。请在服务里设 LimitCORE=0，或者安装 util-linux',
};
