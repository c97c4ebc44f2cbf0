/** `*` stands for any characters, `?` for one. Not a regular expression, which is slow with many stars. */
export function matches(glob: string, tag: string): boolean {
  let [star, resume] = [-1, 0];
  let at = 0;
  for (let i = 0; i < tag.length;) {
    if (glob[at] === "*") {
      [star, resume] = [at, i];
      at += 1;
    } else if (at < glob.length && (glob[at] === "?" || glob[at] === tag[i])) {
      at += 1;
      i += 1;
    } else if (star >= 0) {
      // Let the last star match one more character.
      resume += 1;
      [at, i] = [star + 1, resume];
    } else {
      return false;
    }
  }
  return /^\**$/.test(glob.slice(at));
}
