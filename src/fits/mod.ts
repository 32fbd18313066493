/**
 * FITS 4.0: reading and writing of headers, images, binary and ASCII tables, with checksums, from
 * files, web addresses, streams and memory, gzip or not.
 *
 * @module
 */
export * from "./byte_source.ts";
export * from "./stream_source.ts";
export * from "./gunzip_source_io.ts";
export * from "./file_source_io.ts";
export * from "./http_source_io.ts";
export * from "./open_byte_source_io.ts";
export * from "./open_fits_file_io.ts";
export * from "./write_file_atomic_io.ts";
export * from "./fits_format_error.ts";
export {
  type Card,
  type Header,
  headerError,
  headerFromCards,
  type HeaderPlace,
  type HeaderValue,
  parseHeader,
} from "./header.ts";
export * from "./header_values.ts";
export * from "./card.ts";
export {
  type AsciiColumn,
  type AsciiType,
  type BinaryColumn,
  type BinaryType,
  type ColumnBase,
  type FitsColumn,
} from "./columns.ts";
export * from "./hdu.ts";
export * from "./as_image.ts";
export { tiledImage } from "./tiled_image.ts";
export * from "./open_fits.ts";
export { wholeRows } from "./_rows.ts";
export * from "./column_data.ts";
export * from "./read_row_block.ts";
export * from "./read_column.ts";
export * from "./read_image.ts";
export * from "./checksum.ts";
export * from "./hdu_input.ts";
export { type AddedColumn, type AddedColumns, withAddedColumns } from "./add_columns.ts";
export { encodeFits, writeFits, type WriteFitsOptions } from "./write_fits.ts";
