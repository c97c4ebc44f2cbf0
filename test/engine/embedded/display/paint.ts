import { type StepOp } from "../../types";

/** Terminal colors, or none. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  op(text: string, op: StepOp | undefined): string;
}

export function paint(color: boolean): Paint {
  const sgr = (code: number) => (text: string) =>
    color && text.trim() !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
  const [red, green, yellow, magenta] = [sgr(31), sgr(32), sgr(33), sgr(35)];
  const same = (text: string) => text;
  return {
    bold: sgr(1),
    dim: sgr(2),
    bad: red,
    warn: yellow,
    op: (text, op) => {
      switch (op) {
        case "create":
        case "create-replacement":
          return green(text);
        case "update":
        case "refresh":
          return yellow(text);
        case "delete":
        case "delete-replaced":
        case "remove-pending-replace":
          return red(text);
        case "replace":
          return magenta(text);
        case "same":
        case undefined:
          return same(text);
      }
    },
  };
}
