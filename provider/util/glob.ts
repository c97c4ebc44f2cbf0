/** `*` stands for any characters, `?` for one. Without a regular expression, which many stars would keep busy. */
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
      // The last star takes one character more.
      resume += 1;
      [at, i] = [star + 1, resume];
    } else {
      return false;
    }
  }
  return /^\**$/.test(glob.slice(at));
}
