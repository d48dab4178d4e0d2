// Sound as a telephone plays it: WAV, mono, 8 kHz, 16 bits, out of whatever the browser can play.

const RATE_HZ = 8_000;
const HEADER_BYTES = 44;

/** `blob`: a sound file of any kind. Gives { seconds, base64 }; raises where it is no sound. */
export async function forTelephone(blob) {
  const context = new OfflineAudioContext(1, 1, RATE_HZ);
  const sound = await context.decodeAudioData(await blob.arrayBuffer()); // at the rate of the context
  const channels = Array.from({ length: sound.numberOfChannels }, (_, index) => sound.getChannelData(index));
  const wav = new Uint8Array(HEADER_BYTES + sound.length * 2);
  const view = new DataView(wav.buffer);
  header(view, sound.length * 2);
  for (let at = 0; at < sound.length; at += 1) {
    const level = channels.reduce((sum, channel) => sum + channel[at], 0) / channels.length;
    view.setInt16(HEADER_BYTES + at * 2, Math.round(Math.max(-1, Math.min(1, level)) * 32_767), true);
  }
  return { seconds: sound.duration, base64: base64(wav) };
}

/** RIFF: the sizes in bytes, then PCM, one channel, the rate, bytes a second, bytes a sample, bits. */
function header(view, bytes) {
  const text = (at, letters) => [...letters].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + bytes, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE_HZ, true);
  view.setUint32(28, RATE_HZ * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, bytes, true);
}

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
}
