/** A file that another names: in its folder, or where an absolute path says. */
export function beside(path: string, name: string): string {
  const isAddress = /^[a-z][a-z0-9+.-]+:\/\//i.test(path);
  if (name.startsWith("/") && !isAddress) return name;
  return path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1) + name;
}
