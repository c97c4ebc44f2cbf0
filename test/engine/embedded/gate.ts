/** A promise that is opened once from outside. */
export class Gate {
  isOpen = false;
  open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => {
    this.open = () => {
      this.isOpen = true;
      resolve();
    };
  });
}
