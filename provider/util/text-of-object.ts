/** What JavaScript writes for a value that was put into a text in place of one of its parts. */

/** The text of a Pulumi Output: `pr-${output}` in place of pulumi.interpolate. */
export function isTextOfOutput(text: string): boolean {
  return /Calling \[to\w+\] on an \[Output/.test(text);
}

/** "[object Object]", "[object Promise]" */
export function isTextOfObject(text: string): boolean {
  return /\[object \w+\]/.test(text);
}

/** Either of them, after invalid characters were replaced or removed: "pr--object-Object-", "pr-calling-tostring-on". */
export function wasTextOfObject(tag: string): boolean {
  return /calling[-_:]*to(string|json)[-_:]*on|object[-_:]*(object|promise|map|set|array|undefined|null)\b/i.test(
    tag.replaceAll("_", "-"),
  );
}
