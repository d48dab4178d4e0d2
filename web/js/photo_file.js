// A file as it will be sent: as it is where that can be, and drawn anew where it is too large or of another kind.

const MOST_BYTES = 8 * 1024 * 1024;
const KINDS = ["image/jpeg", "image/png", "image/webp"];
const LONGEST = 4096; // pixels; more than most telephones make
const QUALITY = 0.88;
const SMALL = 160;

/** `{ blob, small }`, of which `small` is a canvas; or undefined where this browser sees no photo in it. */
export async function fit(file) {
  const drawn = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => undefined);
  if (!drawn) return undefined;
  const small = canvas(drawn, SMALL);
  const asItIs = KINDS.includes(file.type) && file.size <= MOST_BYTES;
  const blob = asItIs ? file : await jpeg(canvas(drawn, LONGEST));
  drawn.close();
  return blob && blob.size <= MOST_BYTES ? { blob, small } : undefined;
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
