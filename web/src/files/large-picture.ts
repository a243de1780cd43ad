/** A picture of a thread, and the message that it came with. */
export interface LargePicture {
  readonly message: number;
  readonly src: string;
}
