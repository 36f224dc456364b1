import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Mounts a small file system in memory, or throws. */
export function mountSmallDisk(megabytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-full-'));
  const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder];
  const { status, stderr } = spawnSync('mount', options, { encoding: 'utf8' });
  if (status === 0) return folder;
  rmSync(folder, { recursive: true });
  throw new Error(`No file system could be mounted: ${stderr ?? 'there is no mount'}`);
}

export function unmountSmallDisk(folder: string): void {
  spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
}

/** Whether this machine lets us mount one: only root may, and not in every container. */
export function canMountSmallDisk(): boolean {
  try {
    unmountSmallDisk(mountSmallDisk(1));
    return true;
  } catch {
    return false;
  }
}
