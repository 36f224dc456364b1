import sharp, { type Sharp } from 'sharp';

/**
 * A picture like a photograph: nothing of it repeats, and each quarter has a colour of its own (red,
 * green, blue, yellow; clockwise from the upper left), so that one sees how it was turned and cut.
 */
export function photo(width: number, height: number): Sharp {
  const channels = 3;
  const pixels = Buffer.alloc(width * height * channels);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [red, green, blue] = quarterColour(x < width / 2, y < height / 2);
      const grain = (x * 7 + y * 13 + ((x * y) % 11)) % 24;
      pixels.set([red - grain, green - grain, blue - grain], (y * width + x) * channels);
    }
  }
  return sharp(pixels, { raw: { width, height, channels } });
}

type Colour = readonly [red: number, green: number, blue: number];

function quarterColour(isLeft: boolean, isUpper: boolean): Colour {
  if (isUpper) return isLeft ? [230, 40, 40] : [40, 200, 40];
  return isLeft ? [230, 220, 40] : [40, 40, 230];
}

/** The quarters of a picture by their colours, clockwise from the upper left. */
export async function quartersOf(picture: Buffer): Promise<string[]> {
  const { data, info } = await sharp(picture)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.75, 0.75],
    [0.25, 0.75],
  ].map(([right = 0, down = 0]) => {
    const at = (Math.floor(info.height * down) * info.width + Math.floor(info.width * right)) * 3;
    const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
    // By what there is clearly less of: print colours are duller than those of a screen.
    const [isRed, isGreen, isBlue] = [red > 120, green > 120, blue > 120];
    if (isRed && isGreen && !isBlue) return 'yellow';
    if (isRed && !isGreen && !isBlue) return 'red';
    if (isGreen && !isRed && !isBlue) return 'green';
    return isBlue && !isRed && !isGreen ? 'blue' : `rgb(${red}, ${green}, ${blue})`;
  });
}

export function asFile(bytes: Buffer, name = 'photo.jpg', type = 'image/jpeg'): File {
  return new File([new Uint8Array(bytes)], name, { type });
}

/** A JPEG of the given size. */
export async function jpeg(width = 1200, height = 900): Promise<File> {
  return asFile(await photo(width, height).jpeg().toBuffer());
}
