import type { World } from "./call";

/** Moves what is in a container to another one, which is made when absent; the container itself goes. */
export function moveContainer({ store }: World, from: string, to: string): void {
  const source = store.containers.get(from);
  if (source === undefined) return;
  for (const slot of source.documents.all()) {
    store.change(slot, { containerTags: store.tagsOf(slot).map((tag) => (tag === from ? to : tag)) });
  }
  store.container(to).memories.push(...source.memories);
  store.containers.delete(from);
}
