import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** Files of a certificate for localhost that nobody signed but itself, and its key. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** @param days until it runs out; less than 0: it has */
export async function makeCertificate(folder: string, name: string, days = 10): Promise<CertificateFiles> {
  const day = 24 * 60 * 60 * 1000;
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    notBeforeDate: new Date(Date.now() - 20 * day),
    notAfterDate: new Date(Date.now() + days * day),
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  const files = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  writeFileSync(files.cert, made.cert);
  writeFileSync(files.key, made.private);
  return files;
}
