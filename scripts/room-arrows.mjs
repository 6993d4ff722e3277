/**
 * A rule of the linter: which room may know which. The table stands in `.oxlintrc.json`; this file only resolves what is imported,
 * because the way to a room (`../`, `../../`) depends on where a file lies, and a pattern over that text cannot know it.
 *
 * JavaScript without types, so that oxlint can load it in whatever Node it is started with.
 */
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Options: `knows` gives each room the rooms, folders and files it may import besides its own; `packages` gives some rooms all the
 * packages and Node modules they may import. A file of no room is an error, so a new room begins with its line in the table.
 */
const arrows = {
  meta: { type: 'problem', schema: false },
  create(context) {
    const [{ knows, packages }] = context.options;
    const file = pathInProject(context.filename);
    const room = Object.keys(knows).find((name) => isWithin(file, name));
    if (room === undefined) {
      const message = `${file} is in no room: give its folder a line in .oxlintrc.json (see docs/architecture.md)`;
      return { Program: (node) => context.report({ node, message }) };
    }
    const mayKnow = [room, ...knows[room]];
    const check = (source) => {
      const refused = refusal(source, room, mayKnow, packages[room], dirname(context.filename));
      if (refused !== undefined) context.report({ node: source, message: refused });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => node.source && check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source),
    };
  },
};

/** Why this import is not allowed, if it is not. */
function refusal(source, room, mayKnow, packages, folder) {
  if (typeof source.value !== 'string') return `${room} may import only what is named: nobody can check this`;
  if (!source.value.startsWith('.')) {
    if (packages === undefined || packages.includes(packageOf(source.value))) return undefined;
    return `${room} may not import ${source.value}: effects go through its ports (see docs/architecture.md)`;
  }
  const target = pathInProject(resolve(folder, source.value.replace(/\?.*$/, '')));
  if (mayKnow.some((known) => isWithin(target, known))) return undefined;
  return `${room} may not know ${target} (see docs/architecture.md)`;
}

function pathInProject(path) {
  return relative(PROJECT, path).split(sep).join('/');
}

function isWithin(path, place) {
  return path === place || path.startsWith(`${place}/`);
}

/** `react-dom/client` is of `react-dom`, `@scope/name/file` of `@scope/name`; a module of Node stands for itself. */
function packageOf(specifier) {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

export default { meta: { name: 'rooms' }, rules: { arrows } };
