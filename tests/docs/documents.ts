import { readFile } from 'node:fs/promises';

/** The code blocks of one language in a document. */
export async function blocks(file: string, language: string): Promise<string[]> {
  const text = await readFile(file, 'utf8');
  const pattern = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm');
  return [...text.matchAll(pattern)].map(([, block]) => block ?? '');
}
