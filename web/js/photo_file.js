// A file as it will be sent: as it is where that can be, and drawn anew where it is too large or of another kind.

const KINDS = ["image/jpeg", "image/png", "image/webp"];
// Bytes, and the longest sides to try, in pixels. 4096 are more than most telephones make.
const OF_A_TIP = { most: 8 * 1024 * 1024, sides: [4096], small: 160 };
const QUALITY = 0.88;

/** `{ blob, small }`, of which `small` is a canvas; or undefined where this browser sees no photo in it. */
export async function fit(file, { most, sides, small } = OF_A_TIP) {
  const drawn = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => undefined);
  if (!drawn) return undefined;
  try {
    const blob = KINDS.includes(file.type) && file.size <= most ? file : await smaller(drawn, most, sides);
    return blob && { blob, small: canvas(drawn, small) };
  } finally {
    drawn.close();
  }
}

async function smaller(drawn, most, sides) {
  for (const longest of sides) {
    const blob = await jpeg(canvas(drawn, longest));
    if (blob && blob.size <= most) return blob;
  }
  return undefined;
}

function canvas(drawn, longest) {
  const scale = Math.min(1, longest / Math.max(drawn.width, drawn.height));
  const made = document.createElement("canvas");
  made.width = Math.max(1, Math.round(drawn.width * scale));
  made.height = Math.max(1, Math.round(drawn.height * scale));
  made.getContext("2d").drawImage(drawn, 0, 0, made.width, made.height);
  return made;
}

function jpeg(picture) {
  return new Promise((done) => picture.toBlob(done, "image/jpeg", QUALITY));
}
