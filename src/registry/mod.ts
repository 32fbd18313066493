/**
 * The registry: implementations by (kind, format, version).
 *
 * @module
 */
export { createRegistry, type Registry, type RegistryEntry } from "./registry.ts";
