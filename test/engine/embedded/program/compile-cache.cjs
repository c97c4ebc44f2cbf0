"use strict";

/**
 * Loaded before a program or a provider. It caches V8's compiled code of installed packages, which halves the start of
 * the SDK: each phase of each command loads hundreds of files. The code that runs is the same. Node 22 and later have
 * such a cache built in.
 */
const Module = require("node:module");
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { basename, dirname, join, resolve, sep } = require("node:path");
const { deserialize, serialize } = require("node:v8");
const { constants, Script } = require("node:vm");

const packages = resolve(__dirname, "../../../../node_modules");
const folder = join(packages, ".cache", "pulumi-supermemory");

if (typeof Module.enableCompileCache === "function") Module.enableCompileCache(folder);
else keepCompiledCode(join(folder, `${process.version}-${basename(dirname(process.argv[1] ?? ""))}`));

/** The same for Node 20, and only for installed packages. */
function keepCompiledCode(path) {
  const known = read(path);
  const used = new Map();
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (content, filename, ...rest) {
    if (!filename.includes(`${sep}node_modules${sep}`)) return compile.call(this, content, filename, ...rest);
    const key = createHash("sha1").update(filename).update(content).digest("hex");
    const script = new Script(Module.wrap(content.replace(/^#!.*/, "")), {
      filename,
      cachedData: known.get(key),
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    used.set(key, script);
    return script
      .runInThisContext()
      .call(this.exports, this.exports, requireOf(this), this, filename, dirname(filename));
  };
  const save = () => {
    const stale = [...used].filter(([key, script]) => !known.has(key) || script.cachedDataRejected === true);
    if (stale.length === 0) return;
    for (const [key, script] of stale) known.set(key, script.createCachedData());
    write(path, known);
  };
  // A provider may be killed at its end, so the code of its start is saved early.
  setImmediate(save);
  process.on("exit", save);
}

function requireOf(module) {
  return Object.assign((id) => module.require(id), {
    resolve: (id, options) => Module._resolveFilename(id, module, false, options),
    main: process.mainModule,
    extensions: Module._extensions,
    cache: Module._cache,
  });
}

function read(path) {
  try {
    return deserialize(readFileSync(path));
  } catch {
    return new Map();
  }
}

/** Other processes may write at the same time, so each replaces the whole file. */
function write(path, known) {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, serialize(known));
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    // The cache only saves time.
  }
}
