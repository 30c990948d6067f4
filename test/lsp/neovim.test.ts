/**
 * A real client: a finding fixed from inside Neovim, set up by the lines of docs/editors.md. It is Debian's Neovim, found as
 * `nvim`; where there is none, this is not tested.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtProgram, ROOT } from '../built.ts';
import { irqsim } from '../cli/irqsim.ts';

function hasNeovim(): boolean {
  try {
    return execFileSync('nvim', ['--version'], { encoding: 'utf8' }).startsWith('NVIM');
  } catch {
    return false;
  }
}

const isThere = hasNeovim();
if (!isThere) console.warn('the language server is not tested in Neovim: there is no nvim');

/** What a user does: opens the file, sees the diagnostic, takes the first action on its line, writes. */
const SESSION = `
local said = { offers = {} }
local function seen(what, list) said[what] = vim.tbl_map(function(d) return { d.lnum, d.col, d.code, d.message } end, list) end
local ok, problem = pcall(function()
  vim.cmd('filetype on')
  dofile('setup.lua')
  vim.cmd('edit guest.yaml')
  local errors = function() return vim.diagnostic.get(0, { severity = vim.diagnostic.severity.ERROR }) end
  vim.wait(20000, function() return #errors() > 0 end, 10)
  seen('before', errors())
  vim.api.nvim_win_set_cursor(0, { errors()[1].lnum + 1, 0 })
  vim.ui.select = function(items, options, choose)
    for _, item in ipairs(items) do table.insert(said.offers, (options.format_item(item))) end
    choose(items[1], 1)
  end
  local tick = vim.api.nvim_buf_get_changedtick(0)
  vim.lsp.buf.code_action()
  vim.wait(20000, function() return vim.api.nvim_buf_get_changedtick(0) ~= tick end, 10)
  vim.wait(20000, function() return #errors() == 0 end, 10)
  seen('after', errors())
  vim.cmd('write')
end)
if not ok then said.problem = problem end
local file = io.open('said.json', 'w')
file:write(vim.fn.json_encode(said))
file:close()
vim.cmd('qall!')
`;

const setup = () => /```lua\n(.*?)```/s.exec(readFileSync(join(ROOT, 'docs/editors.md'), 'utf8'))?.[1] ?? '';

test.skipIf(!isThere)('a finding is fixed from inside Neovim', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'irqsim-nvim-'));
  const guest = readFileSync(join(ROOT, 'scenarios/384-of-512-vcpus.yaml'), 'utf8').replace(
    /^expect:.*/ms,
    '',
  );
  for (const [name, text] of [
    ['guest.yaml', guest],
    ['fixed.yaml', guest],
    ['setup.lua', setup()],
    ['session.lua', SESSION],
  ])
    writeFileSync(join(folder, name), text);
  mkdirSync(join(folder, 'bin'));
  symlinkSync(builtProgram(), join(folder, 'bin/irqsim'));
  const env = {
    ...process.env,
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
    XDG_CACHE_HOME: folder,
    XDG_STATE_HOME: folder,
  };
  spawnSync('nvim', ['--headless', '--clean', '-c', 'luafile session.lua'], {
    cwd: folder,
    env,
    timeout: 80_000,
  });
  const said = JSON.parse(readFileSync(join(folder, 'said.json'), 'utf8'));
  expect(said).toEqual({
    before: [
      [
        6,
        11,
        'apic-id-above-limit',
        expect.stringContaining('128 CPUs above APIC ID 255 (256-383) stay offline'),
      ],
    ],
    offers: [
      'let the hypervisor offer the extended destination ID: 128 CPUs and 5 queues gained; 4 findings gone',
      'remap interrupts by a virtual IOMMU with 32-bit destinations (EIM): 128 CPUs and 5 queues gained; 4 findings gone',
    ],
    after: [],
  });
  await irqsim(['advise', '--fix', 'fixed.yaml'], { cwd: folder });
  expect(readFileSync(join(folder, 'guest.yaml'), 'utf8')).toBe(
    readFileSync(join(folder, 'fixed.yaml'), 'utf8'),
  );
});
