/** What JavaScript writes for a value that was put into a text in place of one of its parts. */

/** The text of a Pulumi Output: `pr-${output}` in place of pulumi.interpolate. */
export function isTextOfOutput(text: string): boolean {
  return /Calling \[to\w+\] on an \[Output/.test(text);
}

/** What is wrong with a text that contains such a value: that of an Output, "[object Object]" or "[object Promise]". */
export function textOfObject(text: string): string | undefined {
  if (isTextOfOutput(text)) {
    return "an Output was put into a string. Use pulumi.interpolate, or apply of the Output";
  }
  return /\[object \w+\]/.test(text) ? "an object or a Promise was put into a string. Use its value" : undefined;
}

/** Either of them, after invalid characters were replaced or removed: "pr--object-Object-", "pr-calling-tostring-on". */
export function wasTextOfObject(tag: string): boolean {
  return /calling[-_:]*to(string|json)[-_:]*on|object[-_:]*(object|promise|map|set|array|undefined|null)\b/i.test(
    tag.replaceAll("_", "-"),
  );
}
