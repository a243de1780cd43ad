/** Made by web/build/emoji-data.ts. */
declare module 'virtual:emoji/*' {
  const groups: readonly string[];
  export default groups;
}
