import type { Readable } from 'node:stream';
import { GraphQLError, GraphQLScalarType } from 'graphql';

/**
 * A file that comes with a request. It has not arrived when the operation starts: what of it is on
 * the way stays there until somebody reads, and nobody does before a caller's right is proven.
 */
export interface IncomingFile {
  /** Once; denied as `BAD_USER_INPUT` when the request has no such file. */
  read(): Promise<Readable>;
}

const incoming = new WeakSet<IncomingFile>();

/** Marks what the reader of multipart requests made: a client's JSON must not pass for a file. */
export function asUpload<File extends IncomingFile>(file: File): File {
  incoming.add(file);
  return file;
}

export const Upload = new GraphQLScalarType<IncomingFile, never>({
  name: 'Upload',
  description: 'A file, which comes beside the operation in a multipart request.',
  specifiedByURL: 'https://github.com/jaydenseric/graphql-multipart-request-spec',
  parseValue(value) {
    if (typeof value === 'object' && value !== null && incoming.has(value as IncomingFile)) {
      return value as IncomingFile;
    }
    throw new GraphQLError('must be a file, in a multipart request');
  },
  parseLiteral(node) {
    throw new GraphQLError('must be a variable, for a file has no text', { nodes: node });
  },
  serialize() {
    throw new GraphQLError('A file is only ever taken.');
  },
});
