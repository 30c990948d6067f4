export { runsOf, runsProgram, splitCommands, wordsIn } from '../../src/formats/text/shell.ts';
export { runScript, runSource } from '../../src/formats/text/shell-run.ts';
