import { FILE_LIMITS } from '@pokers/protocol/limits';

/** Control characters, and those that make a name look like another one. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** What Windows does not take in names. */
const FORBIDDEN = /[<>:"|?*]/g;

/** Names that are devices to Windows, with whatever ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?=\.|$)/i;

/** A name that every system can save a file under; it is never a name on the server's own disk. */
export function fileName(said: string): string {
  const last = said.toWellFormed().normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .replace(UNSEEN, '')
    .replace(FORBIDDEN, '_')
    .trim()
    .replace(/[. ]+$/, '');
  const name = cut(clean.replace(DEVICE, '_$1'));
  return name.replace(/^\.+/, '') === '' ? 'file' : name;
}

/** To so many bytes, with its ending where that is not the longer part. */
function cut(name: string): string {
  if (Buffer.byteLength(name) <= FILE_LIMITS.fileNameBytes) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : '';
  let room = FILE_LIMITS.fileNameBytes - Buffer.byteLength(ending);
  let start = '';
  for (const character of name.slice(0, name.length - ending.length)) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    start += character;
  }
  return start.trimEnd() + ending;
}
