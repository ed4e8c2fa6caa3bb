import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openDir } from '../../src/node.js'
import { useAttacks } from '../attacks/host.js'

const { run } = useAttacks()
const place = mkdtempSync(join(tmpdir(), 'glovebox-later-'))
const project = join(place, 'project')
mkdirSync(join(project, '.git', 'hooks'), { recursive: true })
mkdirSync(join(project, 'node_modules', 'p'), { recursive: true })
writeFileSync(join(project, '.git', 'config'), '[core]\n')
writeFileSync(join(project, 'node_modules', 'p', 'index.js'), '1')
writeFileSync(join(place, 'outside.txt'), 'untouched')
symlinkSync(place, join(project, 'out'))
afterAll(() => rmSync(place, { recursive: true, force: true }))

const tree = (folder: string): string[] => readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => join(entry.parentPath, entry.name)).sort()

describe('files that host tools run later, written by a guest with the whole project', () => {
  it.each([
    ['a hook', 'fs.writeFileSync("/p/.git/hooks/pre-commit", "x")'], ['a hook in other letters', 'fs.writeFileSync("/p/.GIT/hooks/pre-commit", "x")'], ['a hook by a dot', 'fs.writeFileSync("/p/./.git//hooks/pre-commit", "x")'],
    ['the settings of the repository', 'fs.appendFileSync("/p/.git/config", "hooksPath=x")'], ['a moved repository', 'fs.renameSync("/p/.git", "/p/git")'], ['a repository moved in', '(fs.mkdirSync("/p/g/hooks", { recursive: true }), fs.renameSync("/p/g", "/p/.git2"), fs.renameSync("/p/.git2", "/p/.git"))'],
    ['a link to the hooks', '(fs.symlinkSync("/p/.git/hooks", "/p/h"), fs.writeFileSync("/p/h/pre-commit", "x"))'], ['a hard link', 'fs.linkSync("/p/.git/config", "/p/c")'], ['a copy', '(fs.writeFileSync("/p/a", "x"), fs.copyFileSync("/p/a", "/p/.git/hooks/pre-commit"))'],
    ['a link that leads out', 'fs.writeFileSync("/p/out/outside.txt", "x")'], ['a link that leads out, removed with what it holds', 'fs.rmSync("/p/out/outside.txt", { recursive: true, force: true })'], ['a descriptor that truncates', 'fs.openSync("/p/.git/config", "w")'],
    ['a stream', 'await new Promise((ok, no) => fs.createWriteStream("/p/.git/hooks/post-merge").on("error", no).on("finish", ok).end("x"))'], ['editor settings', '(fs.mkdirSync("/p/.vscode"), fs.writeFileSync("/p/.vscode/tasks.json", "{}"))'], ['a workflow', 'fs.mkdirSync("/p/.github/workflows", { recursive: true })'],
  ])('%s: refused, and the tree is as it was', async (_name, act) => {
    const before = tree(place)
    await using dir = await openDir(project, { mode: 'read-write', symlinks: 'descending' })
    const result = await run(`const fs = require('fs'); try { ${act}; return 'done' } catch (error) { return error.code ?? error.name }`, { grants: { fs: { '/p': dir } } })
    expect(result).toMatchObject({ outcome: 'returned' })
    expect((result as { value: unknown }).value).not.toBe('done')
    expect(existsSync(join(project, '.git', 'hooks', 'pre-commit'))).toBe(false)
    expect(readFileSync(join(project, '.git', 'config'), 'utf8')).toBe('[core]\n')
    expect(readFileSync(join(place, 'outside.txt'), 'utf8')).toBe('untouched')
    for (const path of tree(place)) if (!before.includes(path)) expect(path).toMatch(/\/project\/(?:a|g|h|\.git2)(?:\/hooks)?$/)
  })
})
