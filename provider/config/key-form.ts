import { isTextOfOutput } from "../util/text-of-object";

/** Why a text cannot be an API key, and what to do. Neither contains the text. */
export interface KeyProblem {
  /** Completes "the API key (SUPERMEMORY_API_KEY) ...". */
  readonly problem: string;
  readonly hint: string;
}

/** Undefined for a text that may be a key. The keys of a self-hosted server may have any form. */
export function keyProblem(text: string): KeyProblem | undefined {
  return forms.find(({ matches }) => matches.some((pattern) => pattern.test(text))) ?? ofOutput(text) ?? invalid(text);
}

const forms: readonly (KeyProblem & { readonly matches: readonly RegExp[] })[] = [
  {
    matches: [/^(authorization: *)?bearer(\s|:|$)/i],
    problem: 'begins with "Bearer"',
    hint: 'set only the key after "Bearer"',
  },
  {
    matches: [/^(export +)?supermemory\w*=/i],
    problem: "begins with the name of a variable",
    hint: 'set only the key after "="',
  },
  {
    // Also escaped ones, and those of a word processor.
    matches: [/^\\?["'`\u2018\u2019\u201c\u201d]/, /["'`\u2018\u2019\u201c\u201d]$/],
    problem: "is in quotes",
    hint: "set it without the quotes",
  },
  {
    matches: [
      // <key>, [key], {key}, $KEY, ${KEY}, %KEY%
      /^<.*>$|^\[.*\]$|^\{.*\}$|^\$|^%\w+%$/,
      // sm_..., sm_xxx, ***
      /\.\.\.|\u2026|^(sm[-_])?[x*\u2022]{3,}$/i,
      /^(sm[-_])?(your|insert|replace|enter|change)[-_]?(me|my|this|with|here|your|own|key|api|supermemory|secret)([-_].*)?$/i,
      /^(undefined|null|nan|todo|tbd)$/i,
    ],
    problem: "is a placeholder",
    hint: "set it to the key itself",
  },
];

function ofOutput(text: string): KeyProblem | undefined {
  if (!isTextOfOutput(text)) return undefined;
  return { problem: "is the text of a Pulumi Output", hint: "pass the Output itself, or use pulumi.interpolate" };
}

function invalid(text: string): KeyProblem | undefined {
  if (/^[\x21-\x7e]+$/.test(text)) return undefined;
  return { problem: "contains a space, a line break or another invalid character", hint: "set the key again" };
}
