/**
 * Where Monaco's workers are. Their names hold a hash of the same build as this file, so that only
 * the page can know them. They are files of their own because the page's policy allows no others.
 */
window.MonacoEnvironment = {
  getWorker: (_moduleId, label) => new Worker(findWorker(label), { type: 'module' }),
};

function findWorker(label: string): string {
  const element =
    document.querySelector<HTMLMetaElement>(`meta[name="worker:${label}"]`) ??
    document.querySelector<HTMLMetaElement>('meta[name="worker:editor"]');
  if (!element) throw new Error('index.html names no workers');
  return element.content;
}
