/** Reads single pixels of an image, as they were uploaded: before window and level. */
export class PixelReader {
  // Kept in main memory: reading back from a canvas on the GPU is slow.
  private readonly context = document
    .createElement("canvas")
    .getContext("2d", { willReadFrequently: true });

  read(image: CanvasImageSource, x: number, y: number): [number, number, number] | null {
    if (!this.context) {
      return null;
    }
    this.context.clearRect(0, 0, 1, 1);
    this.context.drawImage(image, x, y, 1, 1, 0, 0, 1, 1);
    const [r = 0, g = 0, b = 0] = this.context.getImageData(0, 0, 1, 1).data;
    return [r, g, b];
  }
}
