import type { RecoveryView, SecondFactorView } from '@pokers/protocol/accounts';
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { Secret, TOTP } from 'otpauth';
import { PokersError } from '../errors.ts';
import type { User } from '../store/store.ts';
import { type AccountParts, now } from './account-parts.ts';
import { entryOf } from './audit-log.ts';
import type { Caller } from './caller.ts';
import { readableText } from './readable-text.ts';
import { tokenHash } from './token-text.ts';

/** Seconds for which the app shows a code; the one before and the one after are taken too, for clocks that differ. */
const PERIOD = 30;
const WINDOW = 1;

/** Recovery codes, of 12 characters each. */
const RECOVERY_CODES = 10;

export interface SecondFactorsOptions extends AccountParts {
  /** What the apps' secrets are sealed with. */
  readonly secret: string;
  /** Counts wrong codes of a user. @throws too_many */
  readonly tryCode: (user: number, isRight: () => Promise<boolean>) => Promise<boolean>;
  /** By what name the app lists it. */
  readonly issuer: () => Promise<string>;
}

/**
 * Codes of an authenticator app (TOTP, RFC 6238) beside the password, and recovery codes for when it is lost. Each code
 * is good once.
 */
export class SecondFactors {
  readonly #options: SecondFactorsOptions;

  constructor(options: SecondFactorsOptions) {
    this.#options = options;
  }

  /** It is in force when a code has confirmed it. @throws second_factor_on */
  async begin(user: User & { email: string }): Promise<SecondFactorView> {
    const { store, secret: key, issuer } = this.#options;
    const secret = new Secret({ size: 20 });
    const recovery = recoveryCodes();
    await store.change('beginSecondFactor', {
      user: user.id,
      secret: await symmetricEncrypt({ key, data: secret.base32 }),
      recovery: recovery.map(hashOf),
    });
    const uri = new TOTP({ issuer: await issuer(), label: user.email, period: PERIOD, secret }).toString();
    return { uri, secret: secret.base32, recovery };
  }

  /** @throws wrong_code, too_many, second_factor_off (nothing was begun, or it is in force already) */
  async confirm(user: User, code: string, caller: Caller): Promise<void> {
    const { store, tryCode } = this.#options;
    const entry = entryOf({ actor: user, action: 'second_factor.on' }, caller);
    const begun = await store.secondFactorOf(user.id);
    if (!begun || begun.confirmed) throw new PokersError('second_factor_off');
    const isRight = await tryCode(user.id, async () => {
      const step = await this.#stepOf(begun.secret, code);
      return (
        step !== undefined && (await store.change('confirmSecondFactor', { user: user.id, step }, entry))
      );
    });
    if (!isRight) throw new PokersError('wrong_code');
  }

  /** Uses up a code of the app, or a recovery code. @throws wrong_code, too_many */
  async use(user: User, code: string, caller: Caller): Promise<void> {
    const { store, audit, tryCode } = this.#options;
    const isRight = await tryCode(user.id, async () => {
      const factor = await store.secondFactorOf(user.id);
      if (!factor?.confirmed) return true; // it was switched off a moment ago
      const step = await this.#stepOf(factor.secret, code);
      if (step !== undefined) return store.change('useStep', { user: user.id, step });
      const detail = { left: factor.recoveryLeft - 1 };
      const entry = entryOf({ actor: user, action: 'second_factor.recovery', detail }, caller);
      return store.change('useRecovery', { user: user.id, hash: hashOf(code) }, entry);
    });
    if (isRight) return;
    audit.failed(user, caller);
    throw new PokersError('wrong_code');
  }

  /** New recovery codes in the place of the former. @throws second_factor_off */
  async renewRecovery(user: User, caller: Caller): Promise<RecoveryView> {
    const recovery = recoveryCodes();
    const change = { user: user.id, recovery: recovery.map(hashOf) };
    const entry = entryOf({ actor: user, action: 'second_factor.renew' }, caller);
    if (!(await this.#options.store.change('setRecovery', change, entry)))
      throw new PokersError('second_factor_off');
    return { recovery };
  }

  /** @throws second_factor_off */
  async end(user: User, caller: Caller): Promise<void> {
    const entry = entryOf({ actor: user, action: 'second_factor.off' }, caller);
    if (!(await this.#options.store.change('removeSecondFactor', { user: user.id }, entry)))
      throw new PokersError('second_factor_off');
  }

  /** The number of the 30 s to which a code belongs, if it is one of now. */
  async #stepOf(sealed: string, code: string): Promise<number | undefined> {
    const digits = code.replace(/\s/g, '');
    if (!/^\d{6}$/.test(digits)) return undefined;
    const base32 = await symmetricDecrypt({ key: this.#options.secret, data: sealed }).catch(() => undefined);
    // The folder was given another secret: recovery codes are good yet.
    if (base32 === undefined) return undefined;
    const totp = new TOTP({ period: PERIOD, secret: Secret.fromBase32(base32) });
    const time = now();
    const delta = totp.validate({ token: digits, window: WINDOW, timestamp: time * 1000 });
    return delta === null ? undefined : Math.floor(time / PERIOD) + delta;
  }
}

function recoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => readableText(3, 4));
}

/** However it is typed. */
function hashOf(code: string): string {
  return tokenHash(code.replace(/[\s-]/g, '').toLowerCase());
}
