/** Bytes or text naming a file: text is UTF-8, bytes are taken as they are. */
export type PathLike = string | Uint8Array
