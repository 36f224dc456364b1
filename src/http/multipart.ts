import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { Denial } from '../errors.ts';
import { asUpload, type IncomingFile } from '../graphql/upload.ts';
import { MultipartError, place, readMap, readOperations } from './multipart-fields.ts';

/**
 * Reads the operation of a GraphQL multipart request, with its file in the place of a variable.
 * The answer comes as soon as the fields before the file are there. Of the file no more arrives
 * than fits into the buffers on its way, until somebody reads it: who may not upload is refused
 * before. Rejects with a `MultipartError` what does not have the form of such a request.
 */
export function readMultipart(request: IncomingMessage, maxFieldBytes: number): Promise<object> {
  const parser = createParser(request, maxFieldBytes);
  const operation = createPending<object>();
  const file = createPending<Readable>();
  const fields = createFields(asUpload(readOnce(file.promise)));
  const fail = (error: unknown) => {
    operation.reject(error);
    file.reject(error);
    void file.promise.then((stream) => stream.destroy(asError(error)), ignore);
  };
  const orFail = (work: () => void) => {
    try {
      work();
    } catch (error) {
      fail(error);
    }
  };
  parser.on('field', (name, text, _, isCut) =>
    orFail(() => {
      if (isCut) throw new MultipartError(`The field ${name} is too long.`, 413);
      fields.take(name, text);
      if (fields.operations !== undefined) operation.resolve(fields.operations);
    }),
  );
  parser.on('file', (name, stream) =>
    orFail(() => {
      stream.on('error', ignore); // whoever reads it is told by the stream itself
      fields.requireFile(name);
      file.resolve(stream);
    }),
  );
  parser.on('finish', () => fail(new MultipartError('The request ends before its file.')));
  parser.on('error', (error) => fail(new MultipartError(`${asError(error).message}.`)));
  request.once('close', () => {
    if (!request.complete) fail(new Denial('BAD_USER_INPUT', 'The upload broke off.'));
  });
  request.pipe(parser);
  return operation.promise;
}

function createParser(request: IncomingMessage, maxFieldBytes: number): BusboyInstance {
  try {
    return new Busboy({
      headers: request.headers as BusboyHeaders,
      // By their names, for some clients send JSON as a file.
      isPartAFile: (name) => name !== 'operations' && name !== 'map',
      limits: { fieldSize: maxFieldBytes, fields: 2, files: 1, parts: 3, headerPairs: 20 },
    });
  } catch {
    throw new MultipartError('The content type must name the boundary of the parts.');
  }
}

/** The fields in the order they must come: the operations, and the map that puts the file there. */
function createFields(file: IncomingFile) {
  let given: object | undefined;
  let fileName: string | undefined;
  return {
    /** Once both are there. */
    get operations() {
      return fileName === undefined ? undefined : given;
    },
    take(name: string, text: string): void {
      if (name === 'operations') given = readOperations(text);
      else if (given === undefined) throw new MultipartError('The field operations comes first.');
      else {
        const map = readMap(text);
        for (const path of map.paths) place(given, path, file);
        fileName = map.name;
      }
    },
    requireFile(name: string): void {
      if (fileName === undefined) throw new MultipartError('The field map comes before the file.');
      if (name !== fileName) throw new MultipartError(`The field map does not name ${name}.`);
    },
  };
}

function readOnce(arrived: Promise<Readable>): IncomingFile {
  let isRead = false;
  return {
    async read() {
      if (isRead) throw new Denial('BAD_USER_INPUT', 'A file can be used once in a request.');
      isRead = true;
      return arrived.catch((error: unknown) => {
        if (!(error instanceof MultipartError)) throw error;
        throw new Denial('BAD_USER_INPUT', error.message, {}, error);
      });
    },
  };
}

interface Pending<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** A promise that is settled from outside, and may be rejected while nobody waits for it. */
function createPending<T>(): Pending<T> {
  let settle: Omit<Pending<T>, 'promise'> = { resolve: ignore, reject: ignore };
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(ignore);
  return { promise, ...settle };
}

const ignore = () => undefined;

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));
