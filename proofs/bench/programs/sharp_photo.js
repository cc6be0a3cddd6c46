// One line in, one check: sharp makes of the photo what Veil's check makes of it, and tells its seconds; at the end,
// the peak of its process's memory.
const { readFileSync } = require('fs')
const { createInterface } = require('readline')
const sharp = require('sharp')

const photo = readFileSync(process.argv[2])

async function check () {
  return await sharp(photo)
    .rotate() // as its EXIF says
    .toColourspace('srgb')
    .resize(1024, 1024, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 85 })
    .toBuffer()
}

async function main () {
  for await (const _ of createInterface({ input: process.stdin })) {
    const began = process.hrtime.bigint()
    const made = await check()
    const seconds = Number(process.hrtime.bigint() - began) / 1e9
    console.log(JSON.stringify({ seconds, bytes: made.length }))
  }
  console.log(JSON.stringify({ peak: process.resourceUsage().maxRSS * 1024 })) // kB, on every system
}

main()
