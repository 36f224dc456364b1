import { createDataSource } from './src/database/data-source.ts';

// For TypeORM's command line: `npm run typeorm -- migration:show`. It needs a server of its own.
const url = process.env.DATABASE_URL;
if (url === undefined) throw new Error('Set DATABASE_URL to the database the command is for.');

export default createDataSource(url, 2);
