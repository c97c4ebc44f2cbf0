import { pathToFileURL } from "node:url";

/** PULUMI_BACKEND_URL of a folder. With a drive's letter after three slashes versions before September 2026 go wrong. */
export function fileBackend(folder: string): string {
  const { href } = pathToFileURL(folder);
  return process.platform === "win32" ? href.replace("file:///", "file://") : href;
}
