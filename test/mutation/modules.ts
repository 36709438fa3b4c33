import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import { transformSync } from '@swc/core';

type Wrapper = (exports: unknown, require: unknown, module: unknown, file: string, folder: string) => void;

/** Compiled once each; what is executed anew for every mutant is only their bodies. */
const wrappers = new Map<string, Wrapper>();

/**
 * The project's own modules, each executed once per `Modules`, so that no state of a module outlives it; packages are
 * Node's own and stay.
 */
export class Modules {
  readonly #loaded = new Map<string, { exports: unknown }>();

  load(file: string): unknown {
    const known = this.#loaded.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} as unknown };
    this.#loaded.set(file, module);
    wrapperOf(file)(module.exports, this.#requireOf(file), module, file, dirname(file));
    return module.exports;
  }

  #requireOf(file: string) {
    const native = createRequire(file);
    const load = (request: string): unknown => {
      const own = request.startsWith('.') ? ownFile(resolve(dirname(file), request)) : undefined;
      return own === undefined ? native(request) : this.load(own);
    };
    return Object.assign(load, { resolve: native.resolve });
  }
}

const ownFiles = new Map<string, string | undefined>();

/** The TypeScript file that is meant by a path without its extension; undefined for any other file. */
function ownFile(path: string): string | undefined {
  if (!ownFiles.has(path)) {
    const found = [path, `${path}.ts`, resolve(path, 'index.ts')].find(
      (file) => file.endsWith('.ts') && existsSync(file),
    );
    ownFiles.set(path, found);
  }
  return ownFiles.get(path);
}

function wrapperOf(file: string): Wrapper {
  const known = wrappers.get(file);
  if (known !== undefined) return known;
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    filename: file,
    sourceMaps: false,
    // As in jest.config.cjs.
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  const wrapper = compileFunction(code, ['exports', 'require', 'module', '__filename', '__dirname'], {
    filename: file,
  }) as Wrapper;
  wrappers.set(file, wrapper);
  return wrapper;
}
