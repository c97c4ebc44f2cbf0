import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { run } from "./command";

const repository = resolve(__dirname, "..", "..");

/**
 * Packs the package as a release does, and checks the tarball with publint and attw.
 *
 * @throws Error when packing fails or one of them finds a problem
 */
export async function packTarball(folder: string, stop: AbortSignal): Promise<string> {
  const options = { cwd: repository, env: repositoryEnvironment(), stop };
  await run(["npm", "pack", "--pack-destination", folder], options);
  const [name] = readdirSync(folder).filter((file) => file.endsWith(".tgz"));
  if (name === undefined) throw new Error("npm pack made no tarball");
  const tarball = join(folder, name);
  await run(["npx", "--no-install", "publint", "--strict", tarball], options);
  await run(["npx", "--no-install", "attw", tarball, "--profile", "node16"], options);
  return tarball;
}

function repositoryEnvironment(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
  return env;
}
