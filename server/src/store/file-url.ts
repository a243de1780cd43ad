/** Where a file is found, without the server's own name: that may change. Its name is for people alone. */
export function fileUrl({ id, name }: { id: number; name: string }): string {
  return `/files/${id}/${encodeURIComponent(name)}`;
}
