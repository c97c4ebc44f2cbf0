/**
 * Which documents have a customId. One of them, nearly always; two namespaces of v5, which know nothing of each other, may each have a
 * document of the same.
 */
export class CustomIds {
  private readonly first = new Map<string, number>();
  private readonly further = new Map<string, readonly number[]>();

  add(customId: string, slot: number): void {
    if (this.first.has(customId)) this.further.set(customId, [...(this.further.get(customId) ?? []), slot]);
    else this.first.set(customId, slot);
  }

  remove(customId: string, slot: number): void {
    const left = this.slots(customId).filter((other) => other !== slot);
    this.first.delete(customId);
    this.further.delete(customId);
    for (const other of left) this.add(customId, other);
  }

  /** The first document with the customId that is accepted. */
  find(customId: string, accepts: (slot: number) => boolean): number | undefined {
    return this.slots(customId).find(accepts);
  }

  private slots(customId: string): readonly number[] {
    const first = this.first.get(customId);
    return first === undefined ? [] : [first, ...(this.further.get(customId) ?? [])];
  }
}
