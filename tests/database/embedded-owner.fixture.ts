import { pino } from 'pino';
import { startEmbeddedDatabase } from '../../src/database/embedded.ts';

/**
 * A server of its own process, for tests that kill it: starts the embedded database of the folder
 * it is given, prints the address, and stays until its input ends.
 */
const log = pino({ level: process.env.FIXTURE_LOG ?? 'silent' }, pino.destination(2));
const database = await startEmbeddedDatabase({ dataDir: process.argv[2] ?? '', log });
process.stdout.write(`${database.url}\n`);
process.stdin.resume();
process.stdin.once('end', () => void database.stop());
