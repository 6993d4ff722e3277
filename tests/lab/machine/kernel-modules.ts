import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * The files of some modules and of all they need, in the order in which they can be inserted. A package that was only unpacked
 * has no modules.dep, so the `depends=` of each module's .modinfo section is followed.
 */
export function moduleFiles(modules: string, wanted: readonly string[]): readonly string[] {
  const byName = new Map<string, string>();
  for (const entry of readdirSync(modules, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && entry.name.endsWith('.ko'))
      byName.set(nameOf(entry.name), path.join(entry.parentPath, entry.name));
  }
  const ordered: string[] = [];
  const seen = new Set<string>();
  const add = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    const file = byName.get(name);
    // Built into the kernel, or unknown to this version; the guest notices what is really missing.
    if (file === undefined) return;
    for (const needed of dependsOf(file)) add(needed);
    ordered.push(file);
  };
  for (const name of wanted) add(nameOf(name));
  return ordered;
}

/** `usbip-core.ko` and `usbip_core` are the same module. */
function nameOf(file: string): string {
  return file.replace(/\.ko$/, '').replaceAll('-', '_');
}

function dependsOf(file: string): readonly string[] {
  const list = /\0depends=([^\0]*)\0/.exec(readFileSync(file, 'latin1'))?.[1] ?? '';
  return list
    .split(',')
    .filter((name) => name !== '')
    .map(nameOf);
}
