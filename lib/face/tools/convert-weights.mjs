// Turns the quantised TensorFlow.js weights of three networks into one file of floats in the layout that lib/face reads
// (weights.h): node convert-weights.mjs <folder of the models> <result>. What goes in is pinned by SHA-256.
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PANEL = 16;
const ALIGNMENT = 64;
const ENTRY_BYTES = 64;
const NAME_BYTES = 48;
const HEADER_BYTES = 24;
const CHECKED_FROM = 16;

const PINNED = {
  'tiny_face_detector_model-weights_manifest.json': '5d1af4849ac48d5b985f4a9b16010c512353ddd6fcc63d50fd0bc9e9e64296e5',
  'tiny_face_detector_model.bin': 'b7503ce7df31039b1c43316a9b865cab6a70dd748cc602d3fa28b551503c3871',
  'face_landmark_68_model-weights_manifest.json': 'ca4886639f86e99b39fed0c155f81b63317225773bd9616716e887b0153389c9',
  'face_landmark_68_model.bin': '4611ef65c87d836d03d684b30eec4d195d8b219fa1dd58fc58945831c6b9299b',
  'face_recognition_model-weights_manifest.json': 'cbaffa501b0b9275a12b63357a6843e7e30c054e1c9151e1a5f879b26e32986b',
  'face_recognition_model.bin': 'b413e420d6840b2775fba32008db6f3cddb07d485967fb42cfcf379c16a8c589',
};

const [folder, result] = process.argv.slice(2);
if (!result) throw new Error('usage: convert-weights.mjs <folder of the models> <result>');

function pinned(name) {
  const bytes = readFileSync(join(folder, name));
  const sum = createHash('sha256').update(bytes).digest('hex');
  if (sum !== PINNED[name]) throw new Error(`${name} is not the file that was pinned: its SHA-256 is ${sum}`);
  return bytes;
}

// Name → {shape, values} of every tensor of a model, as floats.
function model(name) {
  const manifest = JSON.parse(pinned(`${name}-weights_manifest.json`));
  const raw = pinned(`${name}.bin`);
  const tensors = new Map();
  let at = 0;
  for (const { name, shape, quantization } of manifest.flatMap((group) => group.weights)) {
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
    for (let i = 0; i < values.length; i++)
      values[i] = quantization ? raw[at + i] * quantization.scale + quantization.min : raw.readFloatLE(at + 4 * i);
    at += values.length * (quantization ? 1 : 4);
    tensors.set(name, { shape, values });
  }
  if (at !== raw.length) throw new Error(`${name}: the manifest does not describe all bytes`);
  return tensors;
}

const blocks = [];
const put = (name, depth, columns, values) => blocks.push({ name, depth, columns, values });

// Filters [.., in, out] become panels of 16 columns; the last panel is filled up with zeros.
function putConvolution(name, filters, bias) {
  const outputs = filters.shape.at(-1);
  const depth = filters.values.length / outputs;
  const columns = Math.ceil(outputs / PANEL) * PANEL;
  const panels = new Float32Array(depth * columns);
  for (let row = 0; row < depth; row++)
    for (let column = 0; column < outputs; column++) {
      const panel = Math.floor(column / PANEL);
      panels[(panel * depth + row) * PANEL + (column % PANEL)] = filters.values[row * outputs + column];
    }
  const padded = new Float32Array(columns);
  if (bias) padded.set(bias.values);
  put(`${name}/filters`, depth, columns, panels);
  put(`${name}/bias`, 1, columns, padded);
}

function putSeparable(name, weights, prefix) {
  const depthwise = weights.get(`${prefix}/depthwise_filter`);
  put(`${name}/depthwise`, 9, depthwise.shape[2], depthwise.values);
  putConvolution(name, weights.get(`${prefix}/pointwise_filter`), weights.get(`${prefix}/bias`));
}

function putDetector() {
  const weights = model('tiny_face_detector_model');
  for (const layer of ['conv0', 'conv8'])
    putConvolution(`detector/${layer}`, weights.get(`${layer}/filters`), weights.get(`${layer}/bias`));
  for (let i = 1; i <= 5; i++) putSeparable(`detector/conv${i}`, weights, `conv${i}`);
}

function putLandmarks() {
  const weights = model('face_landmark_68_model');
  for (let block = 0; block < 4; block++)
    for (let i = 0; i < 4; i++) {
      const layer = `dense${block}/conv${i}`;
      if (weights.has(`${layer}/filters`))
        putConvolution(`landmarks/${layer}`, weights.get(`${layer}/filters`), weights.get(`${layer}/bias`));
      else putSeparable(`landmarks/${layer}`, weights, layer);
    }
  putConvolution('landmarks/fc', weights.get('fc/weights'), weights.get('fc/bias'));
}

// A convolution is followed by a scale and a shift for each channel: (Wx + b)s + t = (Ws)x + (bs + t).
function putScaled(name, weights, prefix) {
  const { shape, values } = weights.get(`${prefix}/conv/filters`);
  const bias = weights.get(`${prefix}/conv/bias`).values;
  const scale = weights.get(`${prefix}/scale/weights`).values;
  const shift = weights.get(`${prefix}/scale/biases`).values;
  const scaled = values.map((value, i) => value * scale[i % scale.length]);
  putConvolution(name, { shape, values: scaled }, { values: bias.map((value, i) => value * scale[i] + shift[i]) });
}

function putTemplate() {
  const weights = model('face_recognition_model');
  for (const name of weights.keys()) {
    const prefix = name.match(/^(.*)\/conv\/filters$/)?.[1];
    if (prefix) putScaled(`template/${prefix}`, weights, prefix);
  }
  putConvolution('template/fc', weights.get('fc'), null);
}

// FNV-1a of 64 bits over 64-bit words.
function checksum(bytes) {
  let sum = 0xcbf29ce484222325n;
  for (const word of new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8))
    sum = BigInt.asUintN(64, (sum ^ word) * 0x100000001b3n);
  return sum;
}

function file() {
  const aligned = (n) => Math.ceil(n / ALIGNMENT) * ALIGNMENT;
  let size = aligned(HEADER_BYTES + blocks.length * ENTRY_BYTES);
  for (const block of blocks) {
    block.offset = size;
    size = aligned(size + block.values.length * 4);
  }
  const bytes = Buffer.from(new ArrayBuffer(size));
  bytes.write('SPFACEW1', 0, 'latin1');
  bytes.writeUInt32LE(blocks.length, 16);
  blocks.forEach(({ name, depth, columns, offset, values }, i) => {
    const entry = HEADER_BYTES + i * ENTRY_BYTES;
    if (name.length >= NAME_BYTES) throw new Error(`${name}: the name is too long`);
    bytes.write(name, entry, 'latin1');
    bytes.writeUInt32LE(depth, entry + NAME_BYTES);
    bytes.writeUInt32LE(columns, entry + NAME_BYTES + 4);
    bytes.writeBigUInt64LE(BigInt(offset), entry + NAME_BYTES + 8);
    Buffer.from(values.buffer).copy(bytes, offset);
  });
  bytes.writeBigUInt64LE(checksum(bytes.subarray(CHECKED_FROM)), 8);
  return bytes;
}

putDetector();
putLandmarks();
putTemplate();
// Renamed into place: a program that has the old file mapped keeps it whole.
writeFileSync(`${result}.part`, file());
renameSync(`${result}.part`, result);
