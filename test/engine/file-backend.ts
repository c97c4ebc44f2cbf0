import { pathToFileURL } from "node:url";

/** PULUMI_BACKEND_URL of a folder. Versions before September 2026 fail on a drive letter after three slashes. */
export function fileBackend(folder: string): string {
  const { href } = pathToFileURL(folder);
  return process.platform === "win32" ? href.replace("file:///", "file://") : href;
}
