import { common, createLowlight } from 'lowlight';

/** A piece of code: what it is, in the names of highlight.js, and its text. */
export interface CodePiece {
  readonly kind: string;
  readonly text: string;
}

type Piece = ReturnType<typeof known.highlight>['children'][number];

const known = createLowlight(common);

/** The code in pieces, nothing lost; undefined where nobody here knows the language. */
export function highlight(code: string, language: string): CodePiece[] | undefined {
  if (!known.registered(language)) return undefined;
  return known.highlight(language, code).children.flatMap((piece) => piecesOf(piece, ''));
}

/** The innermost name decides. */
function piecesOf(piece: Piece, kind: string): CodePiece[] {
  if (piece.type === 'text') return [{ kind, text: piece.value }];
  if (piece.type !== 'element') return [];
  const names = piece.properties.className;
  const own = Array.isArray(names) ? names.join(' ') : kind;
  return piece.children.flatMap((child) => piecesOf(child, own));
}
