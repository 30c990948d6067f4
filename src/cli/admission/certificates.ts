/** Certificate and key of the server, read again when they change. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { UsageError } from '../io.ts';

export interface CertificateFiles {
  readonly tlsCert: string;
  readonly tlsKey: string;
  /** Certificates that those of clients are checked by. */
  readonly clientCa?: string | undefined;
}

export interface Certificates {
  /** What the files hold. */
  readonly texts: Texts;
  readonly context: SecureContextOptions;
  /** What of them everybody may know. */
  readonly facts: { readonly fingerprint: string; readonly validTo: string; readonly isValid: boolean };
}

/** Bytes of a file: there are a few certificates in it. */
const MAX_BYTES = 1024 * 1024;

export interface Texts {
  readonly cert: string;
  readonly key: string;
  readonly ca: string | undefined;
}

/** Throws UsageError. */
function textOf(option: string, path: string): string {
  const fail = (message: string) => new UsageError(`${option} ${path}: ${message}`);
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw fail('this is no file');
    if (stat.size > MAX_BYTES) throw fail('this is too large for certificates');
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw fail(`cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
}

const textsOf = ({ tlsCert, tlsKey, clientCa }: CertificateFiles): Texts => ({
  cert: textOf('--tls-cert', tlsCert),
  key: textOf('--tls-key', tlsKey),
  ca: clientCa === undefined ? undefined : textOf('--client-ca', clientCa),
});

/** Errors of OpenSSL name what is wrong with a file and nothing of what it holds; they are replaced all the same. */
function understood<T>(message: string, act: () => T): T {
  try {
    return act();
  } catch {
    throw new UsageError(message);
  }
}

/** Throws UsageError for files that cannot be served with. */
function checked(texts: Texts, { tlsCert, tlsKey, clientCa }: CertificateFiles): Certificates {
  const { cert, key, ca } = texts;
  const first = understood(`--tls-cert ${tlsCert}: no certificate in PEM`, () => new X509Certificate(cert));
  const secret = understood(`--tls-key ${tlsKey}: no private key in PEM without a passphrase`, () =>
    createPrivateKey(key),
  );
  if (!first.checkPrivateKey(secret)) throw new UsageError(`--tls-key ${tlsKey}: not the key of ${tlsCert}`);
  if (ca !== undefined)
    understood(`--client-ca ${clientCa}: no certificate in PEM`, () => new X509Certificate(ca));
  const context: SecureContextOptions = { cert, key, ...(ca !== undefined && { ca }) };
  understood(`--tls-cert ${tlsCert}: TLS does not take it`, () => createSecureContext(context));
  const now = Date.now();
  const isValid = Date.parse(first.validFrom) <= now && now <= Date.parse(first.validTo);
  return { texts, context, facts: { fingerprint: first.fingerprint256, validTo: first.validTo, isValid } };
}

/** Reads and checks the files. Throws UsageError. */
export const readCertificates = (files: CertificateFiles): Certificates => checked(textsOf(files), files);

export interface Heard {
  renewed(certificates: Certificates): void;
  /** The files cannot be served with; those before are. */
  kept(problem: string): void;
}

/**
 * Looks at the files: by what they hold, for Kubernetes replaces the folder that they are in. What cannot be served with is
 * complained of once and left, until it is whole. `first`: what is served with.
 */
export function watchCertificates(files: CertificateFiles, first: Certificates, heard: Heard): () => void {
  const keyOf = (texts: Texts): string => JSON.stringify(texts);
  let served = keyOf(first.texts);
  let complaint = '';
  return () => {
    try {
      const texts = textsOf(files);
      if (keyOf(texts) !== served) {
        const certificates = checked(texts, files);
        served = keyOf(texts);
        heard.renewed(certificates);
      }
      complaint = '';
    } catch (error) {
      const { message } = error as Error;
      if (message !== complaint) heard.kept(message);
      complaint = message;
    }
  };
}
