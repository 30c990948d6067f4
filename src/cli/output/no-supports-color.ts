/**
 * What the build gives chalk instead of its own look at the terminal, which takes some milliseconds: `colourLevel` says
 * what a report may show.
 */
export default { stdout: false, stderr: false };
