import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalFiles } from '@pokers/server/files/local-files';
import { filesContract } from './files-contract.ts';

filesContract('a folder', async (folder) => {
  const root = join(folder, 'kept');
  const away = join(folder, 'away');
  return {
    files: new LocalFiles(root),
    fail(on) {
      // A file stands where the folder was: nothing can be made in it, not even by root.
      if (on) {
        renameSync(root, away);
        writeFileSync(root, '');
      } else {
        rmSync(root);
        renameSync(away, root);
      }
    },
    end: async () => {},
  };
});
